package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.everpost.core.config.RelayConfig.Tls;
import org.everpost.server.relay.RecipientResult;
import org.everpost.server.relay.RecipientResult.Deferred;
import org.everpost.server.relay.RecipientResult.Refused;
import org.everpost.server.relay.RecipientResult.Relayed;
import org.everpost.server.relay.tls.Authorities;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Postfix's smtp-sink refuses or hangs up at every stage. */
@Tag("slow")
class RelayToSinkTest {

  private static RecipientResult send(String... options) {
    try (SmtpSink sink = SmtpSink.with(options);
        RelayBench bench = new RelayBench(sink.port(), Tls.OPPORTUNISTIC, Authorities.system())) {
      return bench.send("x", "a@there.test");
    }
  }

  @Test
  void takesMailByEveryDialect() {
    for (String option : List.of("-4", "-e", "-p", "-8", "-E", "-N", "-P")) {
      assertThat(send(option)).as(option).isInstanceOf(Relayed.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "."})
  void whatIsRefusedForNowIsTriedAgain(String stage) {
    assertThat(send("-r", stage)).isInstanceOf(Deferred.class);
    RecipientResult closing = send("-Q", stage);
    assertThat(closing).isInstanceOf(Deferred.class);
    assertThat(closing.reason().text()).as(stage).startsWith("421");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONNECT", "MAIL", "RCPT", "DATA", "."})
  void whatIsRefusedForGoodIsNot(String stage) {
    RecipientResult result = send("-f", stage);
    assertThat(result).isInstanceOf(Refused.class);
    assertThat(result.reason().text().toLowerCase(Locale.ROOT)).contains("5.3.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "."})
  void whoHangsUpIsTriedAgain(String stage) {
    RecipientResult result = send("-q", stage);
    assertThat(result).isInstanceOf(Deferred.class);
    assertThat(result.reason().status()).hasToString("4.4.2");
    assertThat(result.reason().text().contains("may have been delivered"))
        .isEqualTo(stage.equals("."));
  }

  @Test
  void aRefusalInTheMiddleOfAMessageIsHeard() {
    assertThat(send("-A", "0")).isInstanceOf(Refused.class);
  }
}
