package org.everpost.server.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.server.relay.RelayHouse.message;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.everpost.server.relay.RecipientResult.Deferred;
import org.everpost.testkit.smtp.PeerAction;
import org.everpost.testkit.smtp.ScriptedPeer;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a peer does, it costs a bounded time: each test would else not end. */
@Timeout(60)
class HostilePeerTest {

  private static final Duration SHORT = Duration.ofMillis(400);

  /** So long that nothing dripped so slowly would be over before the test is. */
  private static final Duration SLOWLY = Duration.ofMillis(50);

  private static final String ENDLESS_REPLY = "250-" + "x".repeat(5_000) + "\r\n";

  /** All replies have to be there within a moment, if only it is shorter than the rest. */
  private static RelayLimits impatient() {
    RelayLimits usual = RelayHouse.LIMITS;
    return new RelayLimits(
        usual.connect(),
        usual.race(),
        SHORT,
        SHORT,
        SHORT,
        SHORT,
        SHORT,
        usual.attempt(),
        usual.message(),
        usual.octetsPerSecond(),
        usual.dead(),
        usual.addresses(),
        usual.messages());
  }

  private static RelayLimits withMessage(Duration message, Duration attempt) {
    RelayLimits usual = RelayHouse.LIMITS;
    return new RelayLimits(
        usual.connect(),
        usual.race(),
        usual.greeting(),
        usual.command(),
        usual.data(),
        usual.accept(),
        usual.quit(),
        attempt,
        message,
        1L << 40,
        usual.dead(),
        usual.addresses(),
        usual.messages());
  }

  private static List<PeerAction> hostile() {
    return List.of(
        PeerAction.silence(),
        PeerAction.deaf(),
        new PeerAction.Drip("2" + "2".repeat(1000), SLOWLY),
        new PeerAction.Drip("250-x\r\n".repeat(1000), SLOWLY),
        new PeerAction.Endless(ENDLESS_REPLY),
        new PeerAction.Endless("250-x\r\n"),
        new PeerAction.Endless("x".repeat(1000)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GREETING", "EHLO"})
  void beforeASession(String stage) {
    for (PeerAction action : hostile()) {
      ScriptedPeer peer = new ScriptedPeer("PIPELINING").at(stage, action);
      try (RelayHouse house = RelayHouse.with(peer, impatient())) {
        Relay.Attempt.Failed failed = house.failure("there.test");
        assertThat(failed.permanent()).isFalse();
        assertThat(failed.reason().status().toString()).isIn("4.4.2", "4.5.0");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"MAIL", "RCPT", "DATA", "BODY", "END"})
  void inASession(String stage) {
    for (PeerAction action : hostile()) {
      ScriptedPeer peer = new ScriptedPeer("PIPELINING").at(stage, action);
      try (RelayHouse house = RelayHouse.with(peer, impatient());
          RelayConnection connection = house.session("there.test")) {
        RecipientResult result = connection.send(message("x\r\n", "a@there.test")).getFirst();
        assertThat(result).isInstanceOf(Deferred.class);
        assertThat(result.reason().status().toString()).isIn("4.4.2", "4.5.0");
        assertThat(connection.isUsable()).isFalse();
      }
    }
  }

  /** It has not got the message yet, so it cannot have taken it. */
  @ParameterizedTest
  @CsvSource({
    "MAIL, PIPELINING, '250 Ok|250 Ok|354 Go|250 2.0.0 Taken'",
    "RCPT, 8BITMIME, '250 Ok|354 Go|250 2.0.0 Taken'",
    "RCPT, CHUNKING, '250 Ok|250 2.0.0 Taken'",
    "DATA, PIPELINING, '354 Go|250 2.0.0 Taken'",
    "DATA, 8BITMIME, '354 Go|25'",
  })
  void whoRepliesBeforeTheEndIsNotBelieved(String stage, String extension, String replies) {
    ScriptedPeer peer =
        new ScriptedPeer(extension, "BINARYMIME")
            .at(stage, new PeerAction.Say(replies.replace("|", "\r\n") + "\r\n"));
    try (RelayHouse house = RelayHouse.with(peer, impatient());
        RelayConnection connection = house.session("there.test")) {
      Body body = extension.equals("CHUNKING") ? Body.BINARY_MIME : Body.SEVEN_BIT;
      RecipientResult result = connection.send(message("x\r\n", body, "a@there.test")).getFirst();
      assertThat(result).isInstanceOf(Deferred.class);
      assertThat(result.reason().status()).hasToString("4.5.0");
      assertThat(result.reason().text()).contains("before its end");
      assertThat(connection.isUsable()).isFalse();
      assertThat(peer.messages()).isEmpty();
    }
  }

  @Test
  void silenceAfterTheWholeMessageLeavesItUncertain() {
    ScriptedPeer peer = new ScriptedPeer().at("END", PeerAction.silence());
    try (RelayHouse house = RelayHouse.with(peer, impatient())) {
      RecipientResult result = house.send("a@there.test").getFirst();
      assertThat(result).isInstanceOf(Deferred.class);
      assertThat(result.reason().text())
          .contains("did not answer in time", "may have been delivered");
      assertThat(peer.messages()).hasSize(1);
    }
  }

  @Test
  void whoDoesNotTakeAMessageIsCutOff() {
    ScriptedPeer peer = new ScriptedPeer().at("BODY", PeerAction.deaf());
    RelayLimits limits = withMessage(SHORT, RelayHouse.LIMITS.attempt());
    try (RelayHouse house = RelayHouse.with(peer, limits)) {
      RecipientResult result = house.send(message("x".repeat(16 << 20), "a@there.test")).getFirst();
      assertThat(result).isInstanceOf(Deferred.class);
      assertThat(result.reason().status()).hasToString("4.4.2");
    }
  }

  @Test
  void whoAnswersEveryCommandJustInTimeIsCutOffAsWell() {
    ScriptedPeer peer =
        new ScriptedPeer().at("RCPT", new PeerAction.Drip("250 Ok\r\n", Duration.ofMillis(100)));
    RelayLimits limits = withMessage(Duration.ofSeconds(1), RelayHouse.LIMITS.attempt());
    try (RelayHouse house = RelayHouse.with(peer, limits)) {
      List<String> many = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        many.add("u" + i + "@there.test");
      }
      List<RecipientResult> results = house.send(many.toArray(String[]::new));
      assertThat(results).hasSize(100).allMatch(Deferred.class::isInstance);
      assertThat(peer.messages()).isEmpty();
    }
  }

  /** Name servers that say nothing cost one lookup's time for some hosts, not for each of them. */
  @Test
  void hostsAreLookedUpAtTheSameTime() {
    ScriptedPeer peer = new ScriptedPeer();
    CyclicBarrier all = new CyclicBarrier(8); // IPv6 and IPv4 of four hosts
    try (RelayHouse house = RelayHouse.with(peer)) {
      for (int i = 0; i < 4; i++) {
        house.dns.mx("many.test", 10, "mx" + i + ".many.test");
        house.dns.address("mx" + i + ".many.test", "127.0.0.1");
      }
      house.dns.before(name -> {
        if (name.ascii().startsWith("mx")) {
          await(all);
        }
      });
      house.session("many.test").close();
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void lookingUpHostsHasAnEndHoweverManyThereAre() {
    ScriptedPeer peer = new ScriptedPeer();
    CountDownLatch never = new CountDownLatch(1);
    try (RelayHouse house =
        RelayHouse.with(peer, withMessage(RelayHouse.LIMITS.message(), SHORT))) {
      for (int i = 0; i < 32; i++) {
        house.dns.mx("silent.test", i / 16, "mx" + i + ".silent.test");
      }
      house.dns.before(name -> {
        if (name.ascii().startsWith("mx")) {
          awaitOrGiveUp(never);
        }
      });
      Relay.Attempt.Failed failed = house.failure("silent.test");
      assertThat(failed.permanent()).isFalse();
      assertThat(house.dns.asked()).hasSizeBetween(17, 33); // MX, and one lot of hosts or two
    }
  }

  /** As a resolver does, after its time. */
  private static void awaitOrGiveUp(CountDownLatch never) {
    try {
      assertThat(never.await(SHORT.toMillis() * 2 / 3, TimeUnit.MILLISECONDS)).isFalse();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anAttemptHasAnEndHoweverManyServersThereAre() {
    ScriptedPeer peer = new ScriptedPeer().at("GREETING", PeerAction.silence());
    RelayLimits limits = withMessage(RelayHouse.LIMITS.message(), SHORT);
    try (RelayHouse house = RelayHouse.with(peer, limits)) {
      for (int i = 0; i < 7; i++) {
        house.dns.mx("there.test", 20, "mx" + i + ".there.test");
        house.dns.address("mx" + i + ".there.test", "127.0.0.1");
      }
      assertThat(house.failure("there.test").permanent()).isFalse();
      assertThat(peer.connections()).isEqualTo(1);
    }
  }

  @Test
  void whoNeverClosesIsNotWaitedFor() {
    for (PeerAction action : hostile()) {
      ScriptedPeer peer = new ScriptedPeer().at("QUIT", action);
      try (RelayHouse house = RelayHouse.with(peer, impatient())) {
        assertThat(house.send("a@there.test")).allMatch(RecipientResult.Relayed.class::isInstance);
        assertThat(peer.commands()).endsWith("QUIT");
      }
    }
  }

  @Test
  void aFloodOfRepliesNobodyAskedForChangesNothing() {
    ScriptedPeer peer =
        new ScriptedPeer("PIPELINING").at("MAIL", PeerAction.say("250 Ok", "550 No", "250 Ok"));
    try (RelayHouse house = RelayHouse.with(peer)) {
      assertThat(house.send("a@there.test").getFirst()).isInstanceOf(RecipientResult.Refused.class);
    }
  }
}
