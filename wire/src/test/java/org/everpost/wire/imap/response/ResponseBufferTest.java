package org.everpost.wire.imap.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.everpost.wire.imap.ImapDateTime;
import org.everpost.wire.imap.NumberSet;
import org.junit.jupiter.api.Test;

class ResponseBufferTest {
  private final ResponseBuffer out = new ResponseBuffer(0);

  @Test
  void numbers() {
    out.number(0).space().number(9).space().number(10).space().number(Long.MAX_VALUE);
    assertThat(out).hasToString("0 9 10 9223372036854775807");
    assertThatThrownBy(() -> out.number(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void sets() {
    out.set(NumberSet.of(1, 2, 3, 5, NumberSet.MAX));
    assertThat(out).hasToString("1:3,5,4294967295");
    assertThatThrownBy(() -> out.set(NumberSet.EMPTY)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void stringsWithoutUtf8() {
    assertThat(string("")).isEqualTo("\"\"");
    assertThat(string("a b")).isEqualTo("\"a b\"");
    assertThat(string("a\"b\\c")).isEqualTo("\"a\\\"b\\\\c\"");
    assertThat(string("a\tb")).isEqualTo("\"a\tb\"");
    assertThat(string("a\r\nb")).isEqualTo("{4}\r\na\r\nb");
    assertThat(string("a\nb")).isEqualTo("{3}\r\na\nb");
    assertThat(string("a\0b")).isEqualTo("\"a b\"");
    assertThat(string("ü")).isEqualTo("{2}\r\nü");
    assertThat(string("x".repeat(4096))).startsWith("\"x");
    assertThat(string("x".repeat(4097))).startsWith("{4097}\r\nx");
  }

  @Test
  void stringsWithUtf8() {
    out.utf8(true);
    assertThat(string("ü\"")).isEqualTo("\"ü\\\"\"");
    assertThat(string("ü\r")).isEqualTo("{3}\r\nü\r");
    assertThat(string("\uD83D")).isEqualTo("\"?\"");
  }

  @Test
  void headerText() {
    assertThat(headerText("plain")).isEqualTo("\"plain\"");
    assertThat(headerText("\"q\"")).isEqualTo("\"\\\"q\\\"\"");
    assertThat(headerText("Grüße aus Köln, wo sonst"))
        .isEqualTo("\"=?UTF-8?B?R3LDvMOfZQ==?= aus =?UTF-8?B?S8O2bG4s?= wo sonst\"");
    assertThat(headerText("ä ö =?x?q?y?=")).isEqualTo("\"=?UTF-8?B?w6Qgw7Y=?= =?x?q?y?=\"");
    assertThat(headerText(" ü ")).isEqualTo("\" =?UTF-8?B?w7w=?= \"");
    assertThat(headerText("ü\r\nBcc: x")).isEqualTo("\"=?UTF-8?B?w7wNCkJjYzo=?= x\"");
    out.utf8(true);
    assertThat(headerText("Grüße")).isEqualTo("\"Grüße\"");
    out.clear();
    assertThat(out.headerText(null)).hasToString("NIL");
  }

  @Test
  void longHeaderTextIsManyWords() {
    String encoded = EncodedWords.encode("日本語".repeat(50));
    String[] words = encoded.split(" ", -1);
    assertThat(words).allMatch(word -> word.length() <= 75).hasSizeGreaterThan(9);
    StringBuilder decoded = new StringBuilder();
    for (String word : words) {
      byte[] octets = Base64.getDecoder().decode(word.substring(10, word.length() - 2));
      decoded.append(new String(octets, StandardCharsets.UTF_8));
    }
    assertThat(decoded).hasToString("日本語".repeat(50));
    assertThat(EncodedWords.encode("\uD83D")).isEqualTo("=?UTF-8?B?Pw==?=");
  }

  @Test
  void mailboxes() {
    out.mailbox("INBOX").space().mailbox("a b").space().mailbox("Entwürfe");
    out.space().mailbox("nil").space().mailbox("").space().mailbox("R&D").space().mailbox("a]");
    assertThat(out).hasToString("INBOX \"a b\" \"Entw&APw-rfe\" \"nil\" \"\" \"R&-D\" \"a]\"");
    out.clear();
    out.utf8(true);
    out.mailbox("Entwürfe").space().mailbox("R&D");
    assertThat(text()).isEqualTo("\"Entwürfe\" \"R&D\"");
  }

  @Test
  void atomsCannotBreakOut() {
    out.flags(List.of("\\Seen", "own", "\\*", "a b)\r\n* BYE", "*", "ü", "a\\b"));
    assertThat(out).hasToString("(\\Seen own \\* a_b_____BYE _ _ a_b)");
  }

  @Test
  void humanTextStaysOnItsLine() {
    out.humanText("a\r\n* BYE ü");
    assertThat(out).hasToString("a  * BYE ?");
  }

  @Test
  void dates() {
    for (String text : new String[] {"1996-07-07T09:44:25Z", "1969-12-31T23:59:59Z"}) {
      Instant instant = Instant.parse(text);
      out.clear();
      assertThat(out.dateTime(instant)).hasToString('"' + ImapDateTime.format(instant) + '"');
    }
    out.clear();
    assertThat(out.dateTime(Instant.MAX).dateTime(Instant.MIN).length()).isEqualTo(56);
  }

  @Test
  void truncate() {
    out.ascii("abc").truncate(1);
    assertThat(out).hasToString("a");
    assertThatThrownBy(() -> out.truncate(2)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void growsAndShrinks() {
    byte[] much = new byte[1_000_000];
    Arrays.fill(much, (byte) 'x');
    out.octets(much).octet('y');
    assertThat(out.length()).isEqualTo(1_000_001);
    out.clear();
    assertThat(out.array().length).isLessThan(much.length);
    assertThat(out.length()).isZero();
  }

  private String string(String text) {
    out.clear();
    out.string(text);
    return text();
  }

  private String headerText(String text) {
    out.clear();
    out.headerText(text);
    return text();
  }

  private String text() {
    return new String(out.array(), 0, out.length(), StandardCharsets.UTF_8);
  }
}
