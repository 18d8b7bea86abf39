package org.everpost.wire.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code JAZZER_FUZZ=1} these look for new inputs; otherwise they repeat the known ones. */
@Tag("slow")
class SaslFuzzTest {

  private static final ScramCredentials CREDENTIALS =
      ScramCredentials.derive("secret", new byte[16], ScramCredentials.MIN_ITERATIONS);

  /**
   * Any messages, divided by line feeds: each exchange ends, nobody proves what they do not know,
   * and no name or password has a NUL in it.
   */
  @ValueSource(
      strings = {
        "\0alice\0secret",
        "alice\nsecret",
        "n,,n=alice,r=abc\nc=biws,r=abc,p=AAAA\n",
        "p=tls-exporter,a=b=2C,n=x=3D,r=a\nc=,r=,p="
      })
  @FuzzTest
  void anyExchange(@NotNull String text) {
    String[] messages = text.split("\n", -1);
    exchange(new PlainServer(), messages);
    exchange(new LoginServer(), messages);
    for (boolean plus : new boolean[] {false, true}) {
      ChannelBindings bindings = type -> plus ? new byte[32] : null;
      exchange(
          new ScramServer(plus, bindings, _ -> CREDENTIALS, new SplittableRandom(1)), messages);
    }
  }

  /** Any answers of a server, the last of them believed only if it knows the password. */
  @ValueSource(
      strings = {
        "r=AAAAAAAAAAAAAAAAAAAAAAAAx,s=c2FsdA==,i=4096\nv=AAAA",
        "r=AAAAAAAAAAAAAAAAAAAAAAAAx,s=,i=4096,x=y\ne=other-error",
        "r=,s=,i=\n"
      })
  @FuzzTest
  void anyServer(@NotNull String text) {
    ScramClient client = new ScramClient("alice", "secret", () -> 0);
    for (String message : text.split("\n", -1)) {
      String answer = client.answer(message);
      assertThat(answer == null || answer.startsWith("c=biws,r=")).isTrue();
      assertThat(client.isProven(message)).isFalse();
    }
  }

  private static void exchange(SaslServer server, String[] messages) {
    for (String message : messages) {
      switch (server.step(message.getBytes(StandardCharsets.UTF_8))) {
        case SaslStep.Challenge c -> assertThat(c.octets().length).isLessThan(10_000);
        case SaslStep.Password p -> {
          assertThat(p.login() + p.password() + p.authorizationIdentity()).doesNotContain("\0");
          return;
        }
        case SaslStep.Failed f -> {
          assertThat(f.reason()).matches("[ -~]+");
          return;
        }
        case SaslStep.Proven _ -> throw new AssertionError("proven without the password");
      }
    }
  }
}
