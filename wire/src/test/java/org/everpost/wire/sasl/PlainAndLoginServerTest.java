package org.everpost.wire.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainAndLoginServerTest {

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** RFC 4616 §4. */
  @Test
  void plainSaysItAllAtOnce() {
    assertThat(new PlainServer().step(utf8("\0tim\0tanstaaftanstaaf")))
        .isEqualTo(new SaslStep.Password("", "tim", "tanstaaftanstaaf"));
    assertThat(new PlainServer().step(utf8("Ursel\0Kurt\0xipj3plmq")))
        .isEqualTo(new SaslStep.Password("Ursel", "Kurt", "xipj3plmq"));
    assertThat(new PlainServer().step(utf8("\0jörg\0pässwörd")))
        .isEqualTo(new SaslStep.Password("", "jörg", "pässwörd"));
  }

  @Test
  void plainWaitsForTheClient() {
    assertThat(new PlainServer().begin())
        .isInstanceOfSatisfying(SaslStep.Challenge.class, c -> assertThat(c.octets()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "tim", "tim\0pass", "\0\0pass", "\0tim\0", "a\0b\0c\0d", "\0\0"})
  void plainOfAnotherShapeFails(String message) {
    assertThat(new PlainServer().step(utf8(message))).isInstanceOf(SaslStep.Failed.class);
  }

  @Test
  void plainThatIsNotUtf8OrTooLongFails() {
    assertThat(new PlainServer().step(new byte[] {0, 'a', 0, (byte) 0xff}))
        .isInstanceOf(SaslStep.Failed.class);
    assertThat(new PlainServer().step(utf8("\0a\0" + "x".repeat(9_000))))
        .isInstanceOf(SaslStep.Failed.class);
  }

  @Test
  void loginAsksTwice() {
    LoginServer server = new LoginServer();
    assertThat(server.begin())
        .isInstanceOfSatisfying(
            SaslStep.Challenge.class, c -> assertThat(c.octets()).isEqualTo(utf8("Username:")));
    assertThat(server.step(utf8("tim")))
        .isInstanceOfSatisfying(
            SaslStep.Challenge.class, c -> assertThat(c.octets()).isEqualTo(utf8("Password:")));
    assertThat(server.step(utf8("secret"))).isEqualTo(new SaslStep.Password("", "tim", "secret"));
  }

  @Test
  void loginWithNothingFails() {
    assertThat(new LoginServer().step(utf8(""))).isInstanceOf(SaslStep.Failed.class);
    LoginServer server = new LoginServer();
    server.step(utf8("tim"));
    assertThat(server.step(utf8(""))).isInstanceOf(SaslStep.Failed.class);
  }

  @Test
  void noPasswordIsPrinted() {
    assertThat(new SaslStep.Password("", "tim", "secret").toString()).doesNotContain("secret");
  }

  @Test
  void namesAreFoundInAnyCase() {
    assertThat(SaslMechanism.of("scram-sha-256-plus")).contains(SaslMechanism.SCRAM_SHA_256_PLUS);
    assertThat(SaslMechanism.of("Plain")).contains(SaslMechanism.PLAIN);
    assertThat(SaslMechanism.of("CRAM-MD5")).isEmpty();
  }
}
