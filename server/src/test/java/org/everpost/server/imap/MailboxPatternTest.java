package org.everpost.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import org.everpost.core.mailbox.MailboxNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9051 §6.3.9. */
class MailboxPatternTest {

  @ParameterizedTest
  @CsvSource({
    "*, a/b, true",
    "%, a/b, false",
    "%, a, true",
    "a/%, a/b, true",
    "a/%, a/b/c, false",
    "a/*, a/b/c, true",
    "a*c, a/b/c, true",
    "a%c, a/b/c, false",
    "%/%, a/b, true",
    "inbox, INBOX, true",
    "InBox/*, INBOX/a, true",
    "in%, INBOX, true",
    "*box, INBOX, true",
    "in%, Inner, false",
    "sent, Sent, false",
    "'', a, false",
    "**%%**, a/b, true",
    "%%%, a/b, false",
    "%*%, a/b, true",
    "e\u0301%, \u00e9x, true",
    "e%, \u00e9x, false"
  })
  void matches(String pattern, String name, boolean expected) {
    assertThat(MailboxPattern.of("", pattern).matches(name)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "a/, %, a/b, true",
    "a, /%, a/b, true",
    "'', a/b, a/b, true",
    "b/, %, a/b, false",
    "e, \u0301/%, \u00e9/b, true"
  })
  void reference(String reference, String pattern, String name, boolean expected) {
    assertThat(MailboxPattern.of(reference, pattern).matches(name)).isEqualTo(expected);
  }

  @Test
  void isPossible() {
    assertThat(MailboxPattern.of("", "%*".repeat(10_000)).matches("a/b")).isTrue();
    String longest = "%a".repeat(MailboxNames.MAX_OCTETS) + "%";
    assertThat(MailboxPattern.of("", longest).isPossible()).isTrue();
    assertThat(MailboxPattern.of("a", longest).isPossible()).isFalse();
  }
}
