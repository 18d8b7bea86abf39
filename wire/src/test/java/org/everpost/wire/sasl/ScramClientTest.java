package org.everpost.wire.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The client's side of SCRAM, against the server's. */
class ScramClientTest {

  private static final ScramCredentials PENCIL =
      ScramCredentials.derive("pencil", "saltsalt".getBytes(StandardCharsets.US_ASCII), 4096);

  private static String text(SaslStep step) {
    assertThat(step).isInstanceOf(SaslStep.Challenge.class);
    return new String(((SaslStep.Challenge) step).octets(), StandardCharsets.UTF_8);
  }

  private static SaslStep say(ScramServer server, String text) {
    return server.step(text.getBytes(StandardCharsets.UTF_8));
  }

  private static ScramServer server(String login) {
    return new ScramServer(
        false,
        ChannelBindings.NONE,
        name -> name.equals(login) ? PENCIL : null,
        new SplittableRandom(3));
  }

  @Test
  void clientAndServerProveToEachOther() {
    for (String user : List.of("user", "a=b,c", "ü@example.test")) {
      ScramClient client = new ScramClient(user, "pencil", new SplittableRandom(1));
      ScramServer server = server(user);
      String serverFinal =
          text(say(server, String.valueOf(client.answer(text(say(server, client.first()))))));
      assertThat(client.isProven(serverFinal)).isTrue();
      assertThat(say(server, "")).isEqualTo(new SaslStep.Proven("", user));
    }
  }

  @Test
  void anotherPasswordIsNone() {
    ScramClient client = new ScramClient("user", "pen", new SplittableRandom(1));
    ScramServer server = server("user");
    String answer = String.valueOf(client.answer(text(say(server, client.first()))));
    assertThat(say(server, answer)).isInstanceOf(SaslStep.Failed.class);
  }

  @Test
  void aServerThatSaysSomethingElseLearnsNothing() {
    ScramClient client = new ScramClient("user", "pencil", new SplittableRandom(1));
    String nonce = client.first().substring(client.first().indexOf("r=") + 2);
    assertThat(client.answer("r=" + nonce + "x,s=c2FsdA==,i=4096")).isNotNull();
    for (String bad :
        List.of(
            "",
            "r=other,s=c2FsdA==,i=4096",
            "r=" + nonce + ",s=c2FsdA==,i=4096", // adds nothing of its own
            "r=" + nonce + "x,s=c2FsdA==,i=4095",
            "r=" + nonce + "x,s=c2FsdA==,i=99999999",
            "r=" + nonce + "x,s=c2FsdA==,i=-4096",
            "r=" + nonce + "x,s=!,i=4096",
            "r=" + nonce + "x,i=4096",
            "m=x,r=" + nonce + "x,s=c2FsdA==,i=4096")) {
      assertThat(new ScramClient("user", "pencil", new SplittableRandom(1)).answer(bad))
          .as(bad)
          .isNull();
    }
  }

  @Test
  void aServerThatDoesNotKnowThePasswordIsNotBelieved() {
    ScramClient client = new ScramClient("user", "pencil", new SplittableRandom(1));
    assertThat(client.isProven("v=")).isFalse();
    String nonce = client.first().substring(client.first().indexOf("r=") + 2);
    client.answer("r=" + nonce + "x,s=c2FsdA==,i=4096");
    for (String bad : List.of("", "v=", "v=AAAA", "e=other-error", "v=!")) {
      assertThat(client.isProven(bad)).as(bad).isFalse();
    }
  }
}
