package org.everpost.wire.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class ImapDateTimeTest {

  @Test
  void parse() {
    assertThat(ImapDateTime.parse("17-Jul-1996 02:44:25 -0700"))
        .isEqualTo(Instant.parse("1996-07-17T09:44:25Z"));
    assertThat(ImapDateTime.parse(" 1-jan-2000 00:00:00 +0130"))
        .isEqualTo(Instant.parse("1999-12-31T22:30:00Z"));
    // Without the space that RFC 9051 §9 (date-day-fixed) wants before a single digit.
    assertThat(ImapDateTime.parse("1-Jan-2000 00:00:00 +0000"))
        .isEqualTo(Instant.parse("2000-01-01T00:00:00Z"));
    assertThat(ImapDateTime.parse("31-Dec-2016 23:59:60 +0000"))
        .isEqualTo(Instant.parse("2016-12-31T23:59:59Z"));
  }

  @Test
  void notADateAndTime() {
    for (String text :
        new String[] {
          "",
          "17-Jul-1996",
          "31-Feb-1996 02:44:25 -0700",
          "17-Foo-1996 02:44:25 -0700",
          "17-Jul-1996 24:44:25 -0700",
          "17-Jul-1996 02:60:25 -0700",
          "17-Jul-1996 02:44:25 *0700",
          "17-Jul-1996 02:44:25 +9900",
          "17-Jul-1996 02:44:2x +0000",
          "1x-Jul-1996 02:44:25 +0000",
          "17-Jul-1996T02:44:25 +0000"
        }) {
      assertThat(ImapDateTime.parse(text)).as(text).isNull();
    }
  }

  @Test
  void format() {
    assertThat(ImapDateTime.format(Instant.parse("1996-07-07T09:04:05Z")))
        .isEqualTo(" 7-Jul-1996 09:04:05 +0000");
    for (long second : new long[] {0, 1_000_000_000, 253_402_300_799L}) {
      Instant instant = Instant.ofEpochSecond(second);
      assertThat(ImapDateTime.parse(ImapDateTime.format(instant))).isEqualTo(instant);
    }
    assertThat(ImapDateTime.format(Instant.MAX)).hasSize(26);
    assertThat(ImapDateTime.format(Instant.MIN)).hasSize(26);
  }

  @Test
  void dates() {
    assertThat(ImapDateTime.parseDate("1-Feb-1994")).isEqualTo(LocalDate.of(1994, 2, 1));
    assertThat(ImapDateTime.parseDate("01-FEB-1994")).isEqualTo(LocalDate.of(1994, 2, 1));
    assertThat(ImapDateTime.formatDate(LocalDate.of(1994, 2, 1))).isEqualTo("1-Feb-1994");
    assertThat(ImapDateTime.parseDate("001-Feb-1994")).isNull();
    assertThat(ImapDateTime.parseDate("1-Feb-94")).isNull();
    assertThat(ImapDateTime.parseDate("-Feb-1994")).isNull();
  }
}
