package org.everpost.server.imap.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 5322 §3.3 and §4.3. */
class SentDateTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "'Mon, 7 Feb 1994 21:52:25 -0800', 1994-02-07",
        "'7 Feb 1994 21:52:25 -0800', 1994-02-07",
        "'Thu,13 Feb 69 23:32 GMT', 1969-02-13",
        "'16 Jul 03 00:00 +0000', 2003-07-16",
        "'1-Jan-100 00:00 +0000', 2000-01-01",
        "'Sat, 31 February 2020 00:00:00 +0000', none",
        "'Sat, 29 FEB 2020', 2020-02-29",
        "'', none",
        "'rubbish', none",
        "'99999 Feb 2020', none",
        "'1 ebm 2020', none",
        "none, none"
      })
  void days(@Nullable String field, @Nullable LocalDate day) {
    assertThat(SentDate.parse(field)).isEqualTo(day);
  }
}
