package org.everpost.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.everpost.core.cluster.NodeId;
import org.everpost.core.event.Event;
import org.everpost.core.event.RelayEvent;
import org.everpost.core.event.SpoolEvent;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.RetryRules;
import org.everpost.core.spool.Scheduler;
import org.everpost.core.spool.Spool;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledMessage.Envelope;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.spool.SpooledRecipient.LastAttempt;
import org.everpost.core.spool.TlsDemand;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.OutgoingMessage;
import org.everpost.server.relay.RecipientResult;
import org.everpost.store.BlobId;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.everpost.wire.smtp.SmtpCommand.Notify;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The queue at work, with a world that does what the test says. */
final class OutboundTest {

  private static final String TEXT = "Return-Path: <a@example.test>\r\nSubject: x\r\n\r\nHello\r\n";
  private static final int SKIP = TEXT.indexOf('\n') + 1;
  private static final NodeId NODE = new NodeId("0123456789abcdef");

  private final Clock clock = Clock.system();
  private final RandomSource random = RandomSource.seeded(3);
  private final MemoryStore store = new MemoryStore(clock, random);
  private final FakeRelay relay = new FakeRelay();
  private final List<Event> events = new CopyOnWriteArrayList<>();

  private record Told(SpooledMessage message, List<SpooledRecipient> about, boolean delay) {}

  private final List<Told> notices = new CopyOnWriteArrayList<>();
  private final List<Outbound> opened = new ArrayList<>();
  private int perDestination = 5;

  private Outbound outbound(RetryRules rules) {
    Spool spool = Spool.open(NODE, "mx.example.test", store, clock, random, events::add);
    Outbound outbound =
        new Outbound(
            spool,
            new Scheduler.Settings(
                20, perDestination, Duration.ofMillis(200), Duration.ofSeconds(1)),
            rules,
            relay,
            store.blobs(),
            (_, _) -> OutgoingMessage.UNSIGNED,
            (message, about, delay) -> {
              notices.add(new Told(message, about, delay));
              return Notice.NONE;
            },
            clock,
            random,
            events::add);
    opened.add(outbound);
    return outbound;
  }

  private Outbound started() {
    return started(
        new RetryRules(
            Duration.ofMillis(100),
            Duration.ofMillis(400),
            Duration.ofHours(4),
            Duration.ofDays(5)));
  }

  private Outbound started(RetryRules rules) {
    Outbound outbound = outbound(rules);
    outbound.start();
    return outbound;
  }

  @AfterEach
  void stop() {
    opened.forEach(Outbound::close);
    store.close();
  }

  private void send(Outbound outbound, String... recipients) {
    send(outbound, Set.of(), recipients);
  }

  private void send(Outbound outbound, Set<Notify> notifyOn, String... recipients) {
    send(outbound, "a@example.test", notifyOn, recipients);
  }

  private void send(Outbound outbound, String sender, Set<Notify> notifyOn, String... recipients) {
    BlobId blob = blob();
    Instant now = clock.instant();
    outbound.accept(
        List.of(
            new Departure(
                sender,
                new Envelope(path(sender), Body.SEVEN_BIT, false, TlsDemand.USUAL, null, null),
                "X-Prefix: y\r\n",
                blob,
                SKIP,
                TEXT.length(),
                Arrays.stream(recipients)
                    .map(r -> SpooledRecipient.fresh(path(r), notifyOn, null, now))
                    .toList())));
  }

  private BlobId blob() {
    try {
      return store.blobs().put(new ByteArrayInputStream(TEXT.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Path path(String address) {
    return new Path.Address(EmailAddress.of(address));
  }

  private void await(BooleanSupplier condition) {
    long until = clock.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(clock.nanoTime()).as("in time").isLessThan(until);
      Thread.onSpinWait();
    }
  }

  private int stored() {
    return messages().size();
  }

  private List<SpooledMessage> messages() {
    Spool spool = Spool.open(NODE, "mx.example.test", store, clock, random, events::add);
    List<SpooledMessage> all = new ArrayList<>();
    spool.forEach((_, message) -> all.add(message));
    return all;
  }

  @Test
  void aMessageLeavesAndIsForgotten() {
    Outbound outbound = started();
    send(outbound, "b@peer.test", "c@peer.test");
    await(() -> outbound.size() == 0 && !relay.arrived().isEmpty());
    assertThat(relay.arrived()).hasSize(1);
    FakeRelay.Arrived arrived = relay.arrived().getFirst();
    assertThat(arrived.content()).isEqualTo("X-Prefix: y\r\nSubject: x\r\n\r\nHello\r\n");
    assertThat(arrived.message().size()).isEqualTo(arrived.content().length());
    assertThat(arrived.message().recipients()).hasSize(2);
    outbound.close();
    assertThat(stored()).isZero();
    assertThat(notices).isEmpty();
  }

  @Test
  void manyMessagesShareConnections() {
    Outbound outbound = started();
    for (int i = 0; i < 200; i++) {
      send(outbound, "b" + i + "@peer.test", "c@other.test");
    }
    await(() -> outbound.size() == 0);
    assertThat(relay.arrived()).hasSize(400);
    assertThat(relay.connections.get()).isLessThan(60);
  }

  @Test
  void whatIsDeferredIsTriedAgainAndNobodyGetsItTwice() {
    relay.answer(
        "peer.test",
        to ->
            to.to().toString().contains("slow") && relay.arrived().size() < 3
                ? FakeRelay.deferred()
                : new RecipientResult.Relayed(FakeRelay.TAKEN, false));
    Outbound outbound = started();
    send(outbound, "slow@peer.test", "quick@peer.test");
    await(() -> outbound.size() == 0);
    assertThat(relay.arrived())
        .extracting(arrived -> arrived.message().recipients().size())
        .containsExactly(2, 1, 1);
    assertThat(notices).isEmpty();
  }

  /** A server that takes two recipients in a session (RFC 9422) is no reason to wait for hours. */
  @Test
  void whoWasNotAskedForGoesAtOnceOverAnotherConnection() {
    relay.usable = false;
    relay.answer(
        "peer.test",
        to ->
            relay.arrived().getLast().message().recipients().indexOf(to) < 2
                ? new RecipientResult.Relayed(FakeRelay.TAKEN, false)
                : FakeRelay.unasked());
    Outbound outbound = started(RetryRules.DEFAULT);
    send(outbound, "a@peer.test", "b@peer.test", "c@peer.test", "d@peer.test", "e@peer.test");
    await(() -> outbound.size() == 0);
    assertThat(relay.arrived())
        .extracting(arrived -> arrived.message().recipients().size())
        .containsExactly(5, 3, 1);
    assertThat(events).noneMatch(RelayEvent.Deferred.class::isInstance);
    assertThat(notices).isEmpty();
  }

  /** A connection that carried one message, and ends when the next is begun. */
  @Test
  void whatASessionNoLongerTakesGoesAtOnceOverANewOne() {
    perDestination = 1;
    Outbound outbound = outbound(RetryRules.DEFAULT);
    relay.answer(
        "peer.test",
        _ ->
            relay.connections.get() == 1 && relay.arrived().size() > 1
                ? FakeRelay.unasked()
                : new RecipientResult.Relayed(FakeRelay.TAKEN, false));
    send(outbound, "b@peer.test");
    send(outbound, "c@peer.test");
    outbound.start();
    await(() -> outbound.size() == 0);
    assertThat(relay.arrived()).hasSize(3);
    assertThat(relay.connections.get()).isEqualTo(2);
    assertThat(events).noneMatch(RelayEvent.Deferred.class::isInstance);
  }

  @Test
  void whatIsRefusedIsToldOnce() {
    relay.answer("peer.test", _ -> FakeRelay.refused());
    relay.unreachable("nowhere.test", true);
    Outbound outbound = started();
    send(outbound, "b@peer.test", "c@peer.test", "d@nowhere.test", "e@good.test");
    await(() -> outbound.size() == 0);
    assertThat(notices).hasSize(1);
    assertThat(notices.getFirst().about())
        .extracting(recipient -> recipient.to().toString())
        .containsExactlyInAnyOrder("<b@peer.test>", "<c@peer.test>", "<d@nowhere.test>");
    outbound.close();
    assertThat(stored()).isZero();
  }

  @Test
  void whoWantsToKnowOfSuccessIsTold() {
    Outbound outbound = started();
    send(outbound, Set.of(Notify.SUCCESS), "b@peer.test");
    send(outbound, Set.of(Notify.NEVER), "c@peer.test");
    await(() -> outbound.size() == 0);
    assertThat(notices).hasSize(1);
    assertThat(notices.getFirst().about().getFirst().state())
        .isEqualTo(SpooledRecipient.State.RELAYED);
  }

  @Test
  void whatTakesLongIsToldAndThenGivenUp() {
    relay.unreachable("dead.test", false);
    Outbound outbound =
        started(
            new RetryRules(
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofMillis(300),
                Duration.ofMillis(1_500)));
    send(outbound, "b@dead.test");
    send(outbound, Set.of(Notify.FAILURE), "c@dead.test");
    send(outbound, Set.of(Notify.NEVER), "d@dead.test");
    await(() -> outbound.size() == 0);
    assertThat(notices.stream().filter(Told::delay)).hasSize(1);
    assertThat(notices.stream().filter(notice -> !notice.delay()))
        .hasSize(2)
        .extracting(notice -> String.valueOf(notice.about().getFirst().last()))
        .allSatisfy(last -> assertThat(last).contains("4.4.7", "as a test wants it"));
    // One destination that is away costs an attempt now and then, not one for each message.
    assertThat(relay.connections.get()).isLessThan(12);
  }

  /** Also where nobody is told: the log and the counters are all there is then. */
  @Test
  void theLastAttemptIsAFailureInTheLogAsWell() {
    relay.answer("peer.test", _ -> FakeRelay.deferred());
    Outbound outbound =
        started(
            new RetryRules(
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofHours(1),
                Duration.ofMillis(300)));
    send(outbound, Set.of(Notify.NEVER), "b@peer.test");
    await(() -> outbound.size() == 0);
    assertThat(notices).isEmpty();
    assertThat(events).filteredOn(RelayEvent.Deferred.class::isInstance).isNotEmpty();
    assertThat(events)
        .filteredOn(RelayEvent.Failed.class::isInstance)
        .singleElement()
        .extracting(event -> ((RelayEvent.Failed) event).reason())
        .asString()
        .contains("4.4.7", "come again");
    assertThat(events.getLast()).isInstanceOf(RelayEvent.Failed.class);
  }

  /** Its sender is told what the server said, not what we would put into its mouth. */
  @Test
  void whatAServerSaidLastIsQuotedAsItWasSaid() {
    relay.answer("peer.test", _ -> FakeRelay.deferred());
    Outbound outbound =
        started(
            new RetryRules(
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofHours(1),
                Duration.ofMillis(300)));
    send(outbound, "b@peer.test");
    await(() -> outbound.size() == 0);
    Reason said = FakeRelay.deferred().reason();
    assertThat(notices.getFirst().about().getFirst().last())
        .isNotNull()
        .returns(
            new Reason(EnhancedStatusCode.of("4.4.7"), said.text(), said.peer()),
            LastAttempt::reason);
  }

  @Test
  void whatIsLeftOfAnEarlierRunGoesOn() {
    relay.unreachable("peer.test", false);
    Outbound before = started();
    send(before, "b@peer.test");
    await(() -> relay.connections.get() > 0);
    before.close();
    assertThat(relay.arrived()).isEmpty();
    relay.reachable("peer.test");
    Outbound after = started();
    await(() -> relay.arrived().size() == 1);
    await(() -> after.size() == 0);
  }

  @Test
  void aDeadDestinationDoesNotHoldUpTheOthers() {
    relay.unreachable("dead.test", false);
    Outbound outbound = started();
    for (int i = 0; i < 500; i++) {
      send(outbound, "b" + i + "@dead.test");
    }
    send(outbound, "c@peer.test");
    await(() -> relay.arrived().size() == 1);
    relay.reachable("dead.test");
    await(() -> outbound.size() == 0);
    assertThat(relay.arrived()).hasSize(501);
  }

  /** An account that runs over its limit: what is left of its mail stays, that of others goes. */
  @Test
  void whatIsLeftOfASenderIsHeldAlsoAfterARestart() {
    relay.unreachable("peer.test", false);
    Outbound outbound = started();
    for (int i = 0; i < 20; i++) {
      send(outbound, "thief@example.test", Set.of(), "b@peer.test", "c@other.test");
    }
    send(outbound, "d@peer.test");
    await(() -> relay.arrived().size() == 20 && outbound.size() == 21);
    outbound.holdAllOf("thief@example.test", "too much");
    SpoolEvent.SenderHeld held = new SpoolEvent.SenderHeld("thief@example.test", 20, "too much");
    await(() -> events.contains(held));
    relay.reachable("peer.test");
    await(() -> outbound.size() == 20);
    outbound.close();
    Outbound after = started();
    send(after, "e@peer.test");
    await(() -> relay.arrived().size() == 22);
    await(() -> after.size() == 20);
    after.close();
    assertThat(relay.arrived())
        .filteredOn(arrived -> arrived.message().from().toString().contains("thief"))
        .hasSize(20)
        .allSatisfy(arrived ->
            assertThat(arrived.message().recipients().getFirst().to())
                .hasToString("<c@other.test>"));
    assertThat(messages()).hasSize(20).extracting(SpooledMessage::held).containsOnly("too much");
  }

  /** What is in a mailbox here already is in the queue only to tell its sender so. */
  @Test
  void whoIsToKnowThatItArrivedIsToldOnceAndNothingIsSent() {
    Outbound outbound = started();
    Instant now = clock.instant();
    Set<Notify> success = Set.of(Notify.SUCCESS);
    outbound.accept(
        List.of(
            new Departure(
                "",
                new Envelope(
                    path("a@peer.test"), Body.SEVEN_BIT, false, TlsDemand.USUAL, null, null),
                "",
                blob(),
                SKIP,
                TEXT.length(),
                List.of(
                    SpooledRecipient.settled(
                        path("b@example.test"),
                        success,
                        null,
                        SpooledRecipient.State.DELIVERED,
                        now,
                        Reason.ours("2.1.5", "Delivered"))))));
    await(() -> notices.size() == 1 && outbound.size() == 0);
    outbound.close();
    assertThat(stored()).isZero();
    assertThat(notices).hasSize(1);
    assertThat(notices.getFirst().delay()).isFalse();
    assertThat(notices.getFirst().about().getFirst().state())
        .isEqualTo(SpooledRecipient.State.DELIVERED);
    assertThat(relay.arrived()).isEmpty();
  }
}
