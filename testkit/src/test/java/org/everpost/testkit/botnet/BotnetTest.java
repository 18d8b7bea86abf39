package org.everpost.testkit.botnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.everpost.testkit.botnet.StandInServer.Visit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bots do what their behaviour says, seen from a server that remembers everything. */
class BotnetTest {

  private final StandInServer server = new StandInServer();

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private Botnet unleash(Behaviour behaviour, int bots) {
    return Botnet.unleash(
        new Flood(
            server.target(),
            bots,
            Map.of(behaviour, 1),
            Networks.BOTS,
            2_000,
            Duration.ofMillis(20),
            1));
  }

  private Visit first() {
    StandInServer.await(() -> !server.visits().isEmpty(), "a visit");
    return server.visits().getFirst();
  }

  private static void awaitLine(Visit visit, String begin) {
    StandInServer.await(
        () -> visit.lines.stream().anyMatch(line -> line.startsWith(begin)), begin + visit.lines);
  }

  @Test
  void talksBeforeTheGreeting() {
    server.silent();
    try (Botnet _ = unleash(Behaviour.TALK_EARLY, 1)) {
      awaitLine(first(), "EHLO ");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PIPELINE_BLINDLY", "HANG_AFTER_DATA", "SPRAY", "SPAM", "PATIENT", "DRIP"})
  void saysNoWholeLineBeforeTheGreeting(Behaviour behaviour) {
    server.silent();
    try (Botnet botnet = unleash(behaviour, 20)) {
      StandInServer.await(() -> botnet.connected() == 20, "connections");
      assertThat(server.visits()).allMatch(visit -> visit.lines.isEmpty());
      assertThat(botnet.served()).isZero();
    }
  }

  @Test
  void saysEverythingAtOnce() {
    // Nothing it says is ever answered: a greeting of two lines, and silence.
    server.greeting("220-mx.example.test\r\n220 go on\r\n");
    server.rcpt("");
    try (Botnet _ = unleash(Behaviour.PIPELINE_BLINDLY, 1)) {
      awaitLine(first(), "QUIT");
      assertThat(first().lines).contains("DATA", ".", "RCPT TO:<user@example.test>");
    }
  }

  @Test
  void waitsForTheLastLineOfTheGreeting() {
    server.greeting("220-mx.example.test\r\n");
    try (Botnet botnet = unleash(Behaviour.PATIENT, 5)) {
      StandInServer.await(() -> botnet.served() == 5, "greetings");
      assertThat(server.visits()).allMatch(visit -> visit.lines.isEmpty());
    }
  }

  @Test
  void hangsAfterData() {
    try (Botnet botnet = unleash(Behaviour.HANG_AFTER_DATA, 1)) {
      awaitLine(first(), "DATA");
      assertThat(first().lines).hasSize(4).last().isEqualTo("DATA");
      assertThat(botnet.tally().of(Tally.Kind.ACCEPTED)).isZero();
    }
  }

  @Test
  void deliversSpamAndComesAgain() {
    try (Botnet botnet = unleash(Behaviour.SPAM, 2)) {
      StandInServer.await(() -> botnet.tally().of(Tally.Kind.ACCEPTED) >= 6, "spam");
      assertThat(first().lines).contains(".", "QUIT");
      assertThat(server.visits()).hasSizeGreaterThan(4);
    }
  }

  @Test
  void triesOneUnknownRecipientAfterTheOther() {
    server.rcpt("550 5.1.1 unknown");
    try (Botnet botnet = unleash(Behaviour.SPRAY, 1)) {
      StandInServer.await(
          () -> botnet.tally().of(Behaviour.SPRAY, Tally.Kind.REFUSED) >= 10, "refusals");
      List<String> recipients =
          first().lines.stream().filter(line -> line.startsWith("RCPT TO:<x")).toList();
      assertThat(recipients).hasSizeGreaterThan(8).doesNotHaveDuplicates();
    }
  }

  @Test
  void dripsAnEndlessLine() {
    try (Botnet _ = unleash(Behaviour.DRIP, 3)) {
      StandInServer.await(
          () -> server.visits().stream().anyMatch(visit -> visit.unfinished.equals("EHLO xx")),
          "three drops");
      assertThat(server.visits()).allMatch(visit -> visit.lines.isEmpty());
    }
  }

  @Test
  void whoIsThrownOutComesBack() throws IOException {
    try (Botnet botnet = unleash(Behaviour.PATIENT, 3)) {
      StandInServer.await(() -> botnet.served() == 3, "greetings");
      server.drop();
      StandInServer.await(() -> botnet.tally().of(Tally.Kind.DROPPED) == 3, "their end");
      StandInServer.await(() -> server.visits().size() >= 6, "they come back");
    }
  }

  @Test
  void sendsJunk() {
    try (Botnet _ = unleash(Behaviour.JUNK, 30)) {
      StandInServer.await(
          () -> server.visits().stream().anyMatch(visit -> visit.lines.contains("GET / HTTP/1.1")),
          "HTTP");
    }
  }

  @Test
  void comesAndGoesAtTheRateItMay() {
    long begin = System.nanoTime();
    try (Botnet botnet = Botnet.unleash(Flood.churn(server.target(), 500))) {
      StandInServer.await(() -> server.visits().size() >= 300, "churn");
      long begun = botnet.tally().of(Tally.Kind.BEGUN);
      double seconds = (System.nanoTime() - begin) / 1e9;
      // What was missed is made up for by a tenth of a second's worth at once.
      assertThat(begun).isLessThanOrEqualTo((long) (500 * (seconds + 0.2)));
    }
  }

  @Test
  void beginsTlsAndDoesNotGoOn() {
    server.silent();
    try (Botnet botnet = unleash(Behaviour.HALF_TLS_SUBMISSIONS, 3)) {
      StandInServer.await(() -> botnet.connected() == 3, "connections");
      assertThat(server.visits()).noneMatch(visit -> visit.ended);
    }
  }

  @Test
  void asksForTlsFirstWhereItHasTo() {
    try (Botnet _ = unleash(Behaviour.HALF_STARTTLS, 1)) {
      awaitLine(first(), "STARTTLS");
    }
  }

  @Test
  void everyBotHasAnAddressOfItsOwn() {
    try (Botnet botnet = unleash(Behaviour.PATIENT, 500)) {
      StandInServer.await(() -> botnet.connected() == 500, "connections");
      StandInServer.await(() -> server.visits().size() == 500, "visits");
      Set<String> addresses =
          server.visits().stream().map(visit -> visit.from).collect(Collectors.toSet());
      assertThat(addresses).hasSize(500);
    }
  }

  @Test
  void nothingIsLeftWhenItIsClosed() {
    Botnet botnet = unleash(Behaviour.PATIENT, 50);
    StandInServer.await(() -> botnet.served() == 50, "greetings");
    botnet.close();
    assertThat(botnet.connected()).isZero();
    assertThat(botnet.served()).isZero();
    StandInServer.await(() -> server.visits().stream().allMatch(visit -> visit.ended), "their end");
  }

  @Test
  void aServerThatIsNotThereIsCounted() throws IOException {
    server.close();
    try (Botnet botnet = unleash(Behaviour.PATIENT, 3)) {
      StandInServer.await(() -> botnet.tally().of(Tally.Kind.UNREACHABLE) >= 6, "failures");
      assertThat(botnet.connected()).isZero();
    }
  }

  @Test
  void theMixIsKeptExactly() {
    List<Behaviour> behaviours = Flood.of(server.target(), 1_000, Behaviour.MIXED).behaviours();
    Behaviour.MIXED.forEach((behaviour, share) ->
        assertThat(Collections.frequency(behaviours, behaviour)).isEqualTo(10 * share));
    assertThat(behaviours).hasSize(1_000);
  }

  @Test
  void floodsAreBounded() {
    Target target = server.target();
    assertThatThrownBy(() -> Flood.of(target, 20_001, Behaviour.MIXED))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Flood.churn(target, 10_001))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Flood.of(target, 1, Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Flood.of(target, 1, Map.of(Behaviour.HALF_TLS_IMAPS, 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
