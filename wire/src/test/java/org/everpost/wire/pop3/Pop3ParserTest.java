package org.everpost.wire.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Pop3ParserTest {

  private static Pop3Command parse(String line) {
    return Pop3Parser.parse(line.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void everyCommandIsUnderstood() {
    assertThat(parse("CAPA")).isEqualTo(new Pop3Command.Capa());
    assertThat(parse("user alice@example.test"))
        .isEqualTo(new Pop3Command.User("alice@example.test"));
    assertThat(parse("PASS two words ")).isEqualTo(new Pop3Command.Pass("two words "));
    assertThat(parse("AUTH")).isEqualTo(new Pop3Command.Auth(null, null));
    assertThat(parse("AUTH plain")).isEqualTo(new Pop3Command.Auth("PLAIN", null));
    assertThat(parse("AUTH PLAIN =")).isEqualTo(new Pop3Command.Auth("PLAIN", "="));
    assertThat(parse("STLS")).isEqualTo(new Pop3Command.Stls());
    assertThat(parse("UTF8")).isEqualTo(new Pop3Command.Utf8());
    assertThat(parse("stat")).isEqualTo(new Pop3Command.Stat());
    assertThat(parse("LIST")).isEqualTo(new Pop3Command.ListSizes(null));
    assertThat(parse("LIST 2")).isEqualTo(new Pop3Command.ListSizes(2));
    assertThat(parse("UIDL 3")).isEqualTo(new Pop3Command.Uidl(3));
    assertThat(parse("RETR 1")).isEqualTo(new Pop3Command.Retr(1));
    assertThat(parse("TOP 1 0")).isEqualTo(new Pop3Command.Top(1, 0));
    assertThat(parse("DELE 999999999")).isEqualTo(new Pop3Command.Dele(999_999_999));
    assertThat(parse("NOOP")).isEqualTo(new Pop3Command.Noop());
    assertThat(parse("RSET")).isEqualTo(new Pop3Command.Rset());
    assertThat(parse("QUIT ")).isEqualTo(new Pop3Command.Quit());
    assertThat(parse("XTND")).isEqualTo(new Pop3Command.Unknown());
    assertThat(parse("")).isEqualTo(new Pop3Command.Unknown());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "USER",
        "USER a b",
        "PASS",
        "RETR",
        "RETR 0",
        "RETR x",
        "RETR 1 2",
        "RETR 9999999999",
        "TOP 1",
        "TOP 1 -1",
        "TOP 0 1",
        "LIST 1 2",
        "UIDL x",
        "STAT 1",
        "AUTH a b c"
      })
  void wrongArgumentsAreMalformed(String line) {
    assertThat(parse(line)).isInstanceOf(Pop3Command.Malformed.class);
  }

  @Test
  void octetsThatAreNotUtf8AreMalformed() {
    assertThat(Pop3Parser.parse(new byte[] {'U', (byte) 0xc3, '('}))
        .isInstanceOf(Pop3Command.Malformed.class);
  }

  @Test
  void noPasswordIsShown() {
    assertThat(parse("PASS secret").toString()).doesNotContain("secret");
    assertThat(parse("AUTH PLAIN c2VjcmV0").toString()).doesNotContain("c2VjcmV0");
  }

  @Test
  void anyOctetsAreSomeCommand() {
    SplittableRandom random = new SplittableRandom(11);
    String[] words = {
      "USER", "PASS", "TOP", "RETR", " ", "1", "-", "99999999999", "AUTH", "\0", "é"
    };
    for (int i = 0; i < 20_000; i++) {
      StringBuilder line = new StringBuilder();
      for (int j = random.nextInt(6); j >= 0; j--) {
        line.append(words[random.nextInt(words.length)]);
      }
      byte[] octets = line.toString().getBytes(StandardCharsets.UTF_8);
      octets[random.nextInt(octets.length)] ^=
          (byte) (random.nextInt(4) == 0 ? random.nextInt() : 0);
      assertThat(Pop3Parser.parse(octets)).isNotNull();
    }
  }
}
