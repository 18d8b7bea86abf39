package org.everpost.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.server.outbound.OutboundHouse.await;
import static org.everpost.server.outbound.OutboundHouse.list;
import static org.everpost.server.outbound.OutboundHouse.untilInterrupted;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.everpost.core.event.RelayEvent;
import org.everpost.core.event.SpoolEvent;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.RetryRules;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.spool.SpooledRecipient.LastAttempt;
import org.everpost.server.outbound.OutboundHouse.Told;
import org.everpost.server.outbound.QueueAction.Outcome;
import org.everpost.server.relay.OutgoingMessage;
import org.everpost.server.relay.RecipientResult;
import org.everpost.server.relay.Relay;
import org.everpost.server.relay.RelayConnection;
import org.everpost.store.BlobMissingException;
import org.everpost.store.PartitionKind;
import org.everpost.store.StoreUnavailableException;
import org.everpost.wire.smtp.SmtpCommand.Notify;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever goes wrong on the way out, no message gets lost and nobody is told twice. */
final class TroubleTest {

  private final OutboundHouse house = new OutboundHouse();
  private final FakeRelay relay = new FakeRelay();

  @AfterEach
  void close() {
    house.close();
  }

  private static RetryRules rules(Duration warning, Duration expire) {
    return new RetryRules(Duration.ofMillis(50), Duration.ofMillis(200), warning, expire);
  }

  private List<RelayEvent.Broken> broken() {
    return house.events.stream()
        .filter(RelayEvent.Broken.class::isInstance)
        .map(RelayEvent.Broken.class::cast)
        .toList();
  }

  @Test
  void afterAFailureNobodyExpectedAMessageComesBack() {
    AtomicInteger calls = new AtomicInteger();
    Outbound outbound =
        house.outbound(
            OutboundHouse.QUICK,
            relay,
            (_, _) -> {
              if (calls.getAndIncrement() < 2) {
                throw new IllegalStateException("as a test wants it");
              }
              return OutgoingMessage.UNSIGNED;
            });
    outbound.start();
    SpoolId id = house.send(outbound, "b@peer.test");
    house.await(() -> outbound.size() == 0);
    assertThat(relay.arrived()).hasSize(1);
    assertThat(broken()).hasSize(2).allSatisfy(e -> assertThat(e.id()).isEqualTo(id.toString()));
    house.await(() -> outbound.queue().size().destinations() == 0);
  }

  /** It may be there again: from a backup, or another replica. */
  @Test
  void aMessageThatCannotBeReadWaitsLikeAnyOther() {
    AtomicInteger calls = new AtomicInteger();
    Outbound outbound =
        house.outbound(
            OutboundHouse.QUICK,
            relay,
            (message, _) -> {
              if (calls.getAndIncrement() < 2) {
                throw new BlobMissingException(message.blob());
              }
              return OutgoingMessage.UNSIGNED;
            });
    outbound.start();
    house.send(outbound, "b@peer.test");
    house.await(() -> outbound.size() == 0);
    assertThat(relay.arrived()).hasSize(1);
    assertThat(house.events)
        .filteredOn(RelayEvent.Deferred.class::isInstance)
        .hasSize(2)
        .allSatisfy(e -> assertThat(e.toString()).contains("could not be read"));
  }

  @Test
  void aMessageThatCannotBeReadDoesNotMakeItsDestinationWait() {
    Reason ours = Reason.ours("4.3.0", "as a test wants it");
    relay.usable = false;
    relay.answer(
        "peer.test",
        to ->
            to.to().toString().contains("bad")
                ? new RecipientResult.Abandoned(ours)
                : new RecipientResult.Relayed(FakeRelay.TAKEN, false));
    Outbound outbound = house.started(OutboundHouse.SLOW, relay);
    SpoolId bad = house.send(outbound, "bad@peer.test");
    house.await(() -> relay.arrived().size() == 1);
    house.send(outbound, "good@peer.test");
    house.await(() -> outbound.size() == 1);
    house.await(() -> last(outbound, bad) != null);
    assertThat(last(outbound, bad)).returns(ours, LastAttempt::reason);
    assertThat(outbound.queue().size().blocked()).isZero();
  }

  private static @Nullable LastAttempt last(Outbound outbound, SpoolId id) {
    return outbound.queue().find(id).orElseThrow().message().recipients().getFirst().last();
  }

  @Test
  void whatASmartHostRefusesAsAWholeWaitsAndTheOperatorHearsOfIt() {
    Reason reason = Reason.ours("5.7.1", "554 5.7.1 as a test wants it");
    Outbound outbound =
        house.started(OutboundHouse.SLOW, (_, _, _) -> new Relay.Attempt.Unwelcome(reason));
    house.send(outbound, "b@peer.test");
    house.await(() -> outbound.queue().size().blocked() == 1);
    house.await(() -> list(outbound.queue()).stream().noneMatch(Queued::underWay));
    assertThat(house.events).contains(new RelayEvent.Unwelcome("peer.test", reason.toString()));
    assertThat(list(outbound.queue()).getFirst().message().recipients().getFirst())
        .returns(SpooledRecipient.State.WAITING, SpooledRecipient::state);
    assertThat(house.notices).isEmpty();
  }

  /** Before MAIL nothing can have gone out: the message waits like any other, and says why. */
  @Test
  void afterAFailureNobodyExpectedBeforeASessionAMessageWaitsForAReason() {
    Relay hostile =
        (_, _, _) -> {
          throw new IllegalStateException("as a test wants it");
        };
    Outbound outbound = house.started(OutboundHouse.SLOW, hostile);
    SpoolId id = house.send(outbound, "b@peer.test");
    house.await(() -> outbound.queue().size().blocked() == 1);
    house.await(() -> list(outbound.queue()).stream().noneMatch(Queued::underWay));
    assertThat(broken()).singleElement().returns(id.toString(), RelayEvent.Broken::id);
    assertThat(outbound.queue().find(id))
        .hasValueSatisfying(queued -> {
          SpooledRecipient recipient = queued.message().recipients().getFirst();
          assertThat(recipient.attempts()).isEqualTo(1);
          assertThat(queued.reason(recipient)).hasToString("4.3.5 A fault of this server");
        });
  }

  /** Else what was deferred, and all that is for whom could not be reached, waits for days. */
  @Test
  void whatWaitsIsTriedWhenTheClockIsSetBack() {
    try (OutboundHouse quick = new OutboundHouse(50)) {
      relay.answer("peer.test", _ -> FakeRelay.deferred());
      relay.unreachable("dead.test", false);
      Outbound outbound = quick.started(OutboundHouse.SLOW, relay);
      SpoolId deferred = quick.send(outbound, "b@peer.test");
      quick.send(outbound, "c@dead.test");
      quick.await(() -> outbound.queue().size().blocked() == 1);
      quick.await(() -> list(outbound.queue()).stream().noneMatch(Queued::underWay));
      relay.answer("peer.test", _ -> new RecipientResult.Relayed(FakeRelay.TAKEN, false));
      relay.reachable("dead.test");
      quick.clock.setBack(Duration.ofDays(3));
      quick.await(() -> outbound.size() == 0);
      assertThat(relay.arrived()).hasSizeGreaterThanOrEqualTo(2);
      assertThat(outbound.queue().find(deferred)).isEmpty();
    }
  }

  /** However slowly the store is read, and though what waits cannot be sent. */
  @Test
  void aClockThatIsSetBackKeepsNobodyFromTheQueue() {
    try (OutboundHouse quick = new OutboundHouse(50)) {
      relay.answer("peer.test", _ -> FakeRelay.deferred());
      try (Outbound before = quick.started(OutboundHouse.SLOW, relay)) {
        quick.send(before, "b@peer.test");
        quick.await(() ->
            list(before.queue()).getFirst().message().recipients().getFirst().attempts() == 1);
      }
      relay.unreachable("peer.test", false);
      AwayStore store = new AwayStore(quick.store);
      AtomicInteger rounds = new AtomicInteger();
      Outbound outbound =
          quick.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED, store);
      outbound.start();
      quick.await(() -> outbound.size() == 1);
      store.watch =
          partition -> {
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
            if (Thread.currentThread().getName().equals("spool-tending")
                && partition.kind() == PartitionKind.CLUSTER) {
              rounds.incrementAndGet();
            }
          };
      quick.clock.setBack(Duration.ofDays(3));
      quick.await(() -> outbound.queue().size().blocked() == 1);
      int then = rounds.get();
      quick.await(() -> rounds.get() > then + 10);
    }
  }

  /** Also by a process that began when it was right again. */
  @Test
  void whatAClockThatWasAheadHasPlannedIsTriedAfterAStart() {
    relay.answer("peer.test", _ -> FakeRelay.deferred());
    Outbound before = house.started(OutboundHouse.SLOW, relay);
    house.send(before, "b@peer.test");
    house.await(
        () -> list(before.queue()).getFirst().message().recipients().getFirst().attempts() == 1);
    before.close();
    house.clock.setBack(Duration.ofDays(3));
    relay.answer("peer.test", _ -> new RecipientResult.Relayed(FakeRelay.TAKEN, false));
    Outbound after = house.started(OutboundHouse.SLOW, relay);
    house.await(() -> relay.arrived().size() > 1 && after.size() == 0);
  }

  @Test
  void afterAFailureToTellTheSenderIsToldLater() {
    Notices good = house.telling;
    AtomicInteger calls = new AtomicInteger();
    house.telling =
        (message, about, delay) -> {
          if (calls.getAndIncrement() < 2) {
            throw new IllegalStateException("as a test wants it");
          }
          return good.write(message, about, delay);
        };
    relay.answer("peer.test", _ -> FakeRelay.refused());
    Outbound outbound = house.started(OutboundHouse.QUICK, relay);
    house.send(outbound, "b@peer.test");
    house.await(() -> outbound.size() == 0);
    assertThat(house.notices).hasSize(1);
    assertThat(broken()).hasSize(2);
    assertThat(list(outbound.queue())).isEmpty();
  }

  /** A notification that is for several: who has it does not get it again because of another. */
  @Test
  void eachIsToldOnceHoweverOftenTheStoreFails() {
    AwayStore store = new AwayStore(house.store);
    List<String> told = new CopyOnWriteArrayList<>();
    AtomicInteger failing = new AtomicInteger(2);
    house.telling =
        (message, about, _) -> {
          told.add("written");
          return new Notice(
              List.of(
                  () -> told.add("the first"),
                  () -> {
                    if (failing.getAndDecrement() > 0) {
                      throw new StoreUnavailableException("as a test wants it");
                    }
                    told.add("the second");
                    store.away = true; // as the queue finds
                  }),
              List.of(
                  new Departure(
                      "",
                      message.envelope(),
                      "",
                      message.blob(),
                      0,
                      message.size(),
                      List.of(
                          SpooledRecipient.fresh(
                              OutboundHouse.path("c@other.test"),
                              Set.of(Notify.NEVER),
                              null,
                              house.clock.instant())))));
        };
    relay.answer("peer.test", _ -> FakeRelay.refused());
    Outbound outbound =
        house.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED, store);
    outbound.start();
    house.send(outbound, "b@peer.test");
    house.await(() ->
        store.away && house.events.stream().filter(SpoolEvent.Stuck.class::isInstance).count() > 1);
    store.away = false;
    house.await(() -> outbound.size() == 0 && relay.arrived().size() == 2);
    assertThat(told).containsExactly("written", "the first", "the second");
  }

  @Test
  void anAlarmTheStoreDoesNotAnswerToIsNotTheLast() {
    RetryRules rules = rules(Duration.ofHours(1), Duration.ofSeconds(2));
    SpoolId id =
        house.send(house.outbound(rules, relay, (_, _) -> OutgoingMessage.UNSIGNED), "b@peer.test");
    QueueAction hold = new QueueAction.Hold("so that only its alarm is left");
    assertThat(new Queue(house.spool(), house.clock, house.events::add).change(id, hold))
        .isEqualTo(Outcome.DONE);
    AwayStore store = new AwayStore(house.store);
    Outbound outbound = house.outbound(rules, relay, (_, _) -> OutgoingMessage.UNSIGNED, store);
    outbound.start();
    house.await(() -> outbound.size() == 1);
    store.away = true;
    house.await(() ->
        house.events.stream()
            .anyMatch(e ->
                e instanceof SpoolEvent.Stuck(String its, String _) && its.equals(id.toString())));
    store.away = false;
    Queue queue = outbound.queue();
    house.await(() -> list(queue).stream().noneMatch(Queued::underWay));
    relay.unreachable("peer.test", false);
    assertThat(queue.change(id, new QueueAction.Release())).isEqualTo(Outcome.DONE);
    house.await(() -> outbound.size() == 0);
    assertThat(house.notices).hasSize(1);
    assertThat(relay.arrived()).isEmpty();
  }

  @Test
  void aConnectionThatCannotBeClosedIsCountedAsClosed() {
    Relay hostile =
        (_, _, _) ->
            new Relay.Attempt.Connected(
                new RelayConnection() {
                  @Override
                  public String peer() {
                    return "mx.peer.test";
                  }

                  @Override
                  public List<RecipientResult> send(OutgoingMessage message) {
                    return List.of(new RecipientResult.Relayed(FakeRelay.TAKEN, false));
                  }

                  @Override
                  public boolean isUsable() {
                    return false;
                  }

                  @Override
                  public void close() {
                    throw new IllegalStateException("as a test wants it");
                  }
                });
    Outbound outbound = house.started(OutboundHouse.SLOW, hostile);
    for (int i = 0; i < 50; i++) {
      house.send(outbound, "b" + i + "@peer.test"); // more than there may be connections
    }
    house.await(() -> outbound.size() == 0);
    house.await(() -> outbound.queue().size().destinations() == 0);
    assertThat(broken()).isNotEmpty().allSatisfy(e -> assertThat(e.id()).isEmpty());
  }

  @Test
  void aDelayIsToldOnceHoweverManyDestinationsAreLate() {
    List<String> destinations = List.of("a.test", "b.test", "c.test", "d.test");
    destinations.forEach(d -> relay.unreachable(d, false));
    Outbound outbound = house.started(rules(Duration.ofMillis(500), Duration.ofDays(5)), relay);
    for (int i = 0; i < 30; i++) {
      house.send(outbound, destinations.stream().map("b@"::concat).toArray(String[]::new));
    }
    Queue queue = outbound.queue();
    house.await(() -> list(queue).stream().allMatch(q -> q.message().delayTold()));
    house.await(() -> list(queue).stream().noneMatch(Queued::underWay));
    assertThat(house.notices).hasSize(30).allSatisfy(n -> assertThat(n.about()).hasSize(4));
  }

  /** Of hours in which nobody was there to send it the sender need not hear if it then arrives. */
  @Test
  void afterTheServerWasDownADelayIsToldOnlyOfWhatWasTriedFirst() {
    relay.answer("peer.test", _ -> FakeRelay.deferred());
    relay.answer("grey.test", _ -> FakeRelay.deferred());
    relay.unreachable("dead.test", false);
    Outbound before = house.started(OutboundHouse.SLOW, relay);
    for (String destination : List.of("peer.test", "grey.test", "dead.test")) {
      house.send(before, "b@" + destination);
    }
    house.await(() -> relay.arrived().size() == 2 && before.queue().size().blocked() == 1);
    before.close();
    house.clock.leap(Duration.ofHours(5));
    relay.answer("peer.test", _ -> new RecipientResult.Relayed(FakeRelay.TAKEN, false));
    Outbound after = house.started(OutboundHouse.SLOW, relay);
    house.await(() -> house.notices.size() == 2 && after.size() == 2);
    assertThat(relay.arrived()).hasSize(4);
    assertThat(house.notices)
        .allMatch(Told::delay)
        .extracting(told -> told.about().getFirst().destination())
        .containsExactlyInAnyOrder("grey.test", "dead.test");
  }

  @Test
  void aFailureIsToldOnceHoweverManyDestinationsFail() {
    List<String> destinations = List.of("a.test", "b.test", "c.test", "d.test");
    destinations.forEach(d -> relay.answer(d, _ -> FakeRelay.refused()));
    Outbound outbound = house.started(OutboundHouse.SLOW, relay);
    for (int i = 0; i < 200; i++) {
      house.send(outbound, destinations.stream().map("b@"::concat).toArray(String[]::new));
    }
    house.await(() -> outbound.size() == 0);
    assertThat(house.notices).hasSize(200).allSatisfy(n -> assertThat(n.about()).hasSize(4));
  }

  @Test
  void aFailureIsToldNoLaterThanADelay() {
    relay.unreachable("dead.test", false);
    relay.answer("peer.test", _ -> FakeRelay.refused());
    Outbound outbound = house.started(rules(Duration.ofMillis(800), Duration.ofDays(5)), relay);
    house.send(outbound, "z@dead.test");
    house.await(() -> outbound.queue().size().blocked() == 1);
    house.send(outbound, "b@dead.test", "c@peer.test");
    house.await(() -> house.notices.stream().anyMatch(n -> !n.delay()));
    Told failure = house.notices.stream().filter(n -> !n.delay()).findFirst().orElseThrow();
    assertThat(failure.about())
        .singleElement()
        .returns(OutboundHouse.path("c@peer.test"), SpooledRecipient::to);
    assertThat(house.notices.stream().filter(Told::delay)).hasSizeBetween(1, 2);
  }

  /** After a long time without a server all of a queue may be over at the same moment. */
  @Test
  void fewAreToldAtTheSameTimeHoweverManyAreOver() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch several = new CountDownLatch(20);
    Notices good = house.telling;
    house.telling =
        (message, about, delay) -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          several.countDown();
          await(several);
          try {
            return good.write(message, about, delay);
          } finally {
            now.decrementAndGet();
          }
        };
    Outbound before = house.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED);
    for (int i = 0; i < 500; i++) {
      house.send(before, "b" + i + "@peer.test");
    }
    Queue queue = new Queue(house.spool(), house.clock, house.events::add);
    queue.change(QueueFilter.ALL, new QueueAction.Expire(), _ -> {});
    Outbound after = house.started(OutboundHouse.SLOW, relay);
    house.await(() -> house.notices.size() == 500);
    house.await(() -> after.size() == 0);
    assertThat(most.get()).isEqualTo(20);
    assertThat(relay.arrived()).isEmpty();
  }

  @Test
  void whoConnectsForEverDoesNotHoldUpTheEnd() {
    CountDownLatch connecting = new CountDownLatch(1);
    Relay silent =
        (_, _, _) -> {
          connecting.countDown();
          untilInterrupted();
          return new Relay.Attempt.Failed(Reason.ours("4.4.2", "cut off"), false);
        };
    Outbound outbound = house.started(OutboundHouse.SLOW, silent);
    SpoolId id = house.send(outbound, "b@peer.test");
    await(connecting);
    long began = house.clock.nanoTime();
    long soon = began + Duration.ofMillis(200).toNanos();
    outbound.close(soon, soon);
    assertThat(Duration.ofNanos(house.clock.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
    // It was not the peer who ended it: the message is as it was.
    assertThat(new Queue(house.spool(), house.clock, house.events::add).find(id))
        .hasValueSatisfying(
            queued -> assertThat(queued.message().recipients().getFirst().attempts()).isZero());
  }

  /** Who waits for the reply to the end of a message must not be cut off: it would go out twice. */
  @Test
  void whatAPeerTakesWhileTheServerStopsIsNotSentAgain() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    CountDownLatch cut = new CountDownLatch(1);
    CountDownLatch reply = new CountDownLatch(1);
    relay.answer(
        "slow.test",
        _ -> {
          ended.countDown();
          await(reply);
          return new RecipientResult.Relayed(FakeRelay.TAKEN, false);
        });
    relay.beforeTheEnd(
        "dripping.test",
        () -> {
          untilInterrupted();
          cut.countDown();
        });
    Outbound outbound = house.started(OutboundHouse.SLOW, relay);
    house.send(outbound, "b@slow.test");
    SpoolId rest = house.send(outbound, "c@dripping.test");
    await(ended);
    house.await(() -> relay.connections.get() == 2);
    long now = house.clock.nanoTime();
    long later = now + Duration.ofSeconds(20).toNanos();
    Thread closing = Thread.ofVirtual().start(() -> outbound.close(now, later));
    await(cut);
    reply.countDown();
    assertThat(closing.join(Duration.ofSeconds(20))).isTrue();
    List<Queued> left = list(new Queue(house.spool(), house.clock, house.events::add));
    assertThat(left).hasSize(1);
    assertThat(left.getFirst().message().id()).isEqualTo(rest);
    assertThat(left.getFirst().message().recipients().getFirst().attempts()).isZero();
  }

  @Test
  void whoDoesNotReplyToTheEndOfAMessageDoesNotHoldUpTheEndForEver() {
    CountDownLatch ended = new CountDownLatch(1);
    relay.answer(
        "slow.test",
        _ -> {
          ended.countDown();
          untilInterrupted();
          return FakeRelay.deferred();
        });
    Outbound outbound = house.started(OutboundHouse.SLOW, relay);
    house.send(outbound, "b@slow.test");
    await(ended);
    long began = house.clock.nanoTime();
    outbound.close(began, began + Duration.ofMillis(200).toNanos());
    assertThat(Duration.ofNanos(house.clock.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
  }

  /**
   * If the server died, the messages of a connection that ended meanwhile would all go out again.
   */
  @Test
  void noMessageEndsBeforeItIsWrittenDownWhatCameOfTheOneBefore() {
    AwayStore store = new AwayStore(house.store);
    AtomicInteger prepared = new AtomicInteger();
    AtomicInteger unwritten = new AtomicInteger();
    relay.beforeTheEnd("peer.test", prepared::incrementAndGet);
    relay.answer(
        "peer.test",
        _ -> {
          if (unwritten.getAndIncrement() == 0) {
            store.full = true;
          }
          return new RecipientResult.Relayed(FakeRelay.TAKEN, false);
        });
    Outbound outbound =
        house.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED, store);
    for (int i = 0; i < 10; i++) {
      house.send(outbound, "b" + i + "@peer.test");
    }
    outbound.start();
    house.await(() -> prepared.get() == 10); // the next of each connection is on its way already
    assertThat(relay.connections.get()).isEqualTo(5);
    assertThat(unwritten.get()).as("sent, but not written down").isEqualTo(5);
    store.full = false;
    house.await(() -> outbound.size() == 0);
    assertThat(relay.arrived()).hasSize(10);
  }

  /** Its blob would be too old for a mailbox, so it would wait for ever. */
  @Test
  void aNotificationThatCouldNotBeStoredForLongIsWrittenAnew() throws Exception {
    AtomicInteger written = new AtomicInteger();
    AtomicInteger stored = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    house.telling =
        (_, _, _) -> {
          int which = written.incrementAndGet();
          Runnable delivery =
              () -> {
                if (which == 1) {
                  failed.incrementAndGet();
                  throw new StoreUnavailableException("waited too long");
                }
                stored.incrementAndGet();
              };
          return new Notice(List.of(delivery), List.of());
        };
    relay.answer("peer.test", _ -> FakeRelay.refused());
    Outbound outbound = house.started(OutboundHouse.SLOW, relay);
    house.send(outbound, "b@peer.test");
    house.await(() -> failed.get() > 0);
    house.clock.leap(Duration.ofHours(13)); // of the five days that it may take
    house.await(() -> {
      house.clock.leap(Duration.ofSeconds(30));
      return outbound.size() == 0;
    });
    assertThat(stored).hasValue(1);
  }

  /** Otherwise each message that comes due later finds a place, and may go out twice. */
  @Test
  void aConnectionKeepsItsPlaceUntilItIsWrittenDownWhatCameOfItsMessages() throws Exception {
    AwayStore store = new AwayStore(house.store);
    CountDownLatch places = new CountDownLatch(5);
    relay.beforeTheEnd(
        "peer.test",
        () -> {
          if (places.getCount() > 0) {
            store.full = true;
          }
          places.countDown();
          OutboundHouse.await(places); // each connection has one message, none two
        });
    Outbound outbound =
        house.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED, store);
    for (int i = 0; i < 5; i++) {
      house.send(outbound, "b" + i + "@peer.test");
    }
    house.sendLater(outbound, Duration.ofSeconds(2), "c@peer.test");
    outbound.start();
    house.await(() -> relay.arrived().size() == 5);
    long later = house.clock.nanoTime() + Duration.ofSeconds(3).toNanos();
    house.await(() -> house.clock.nanoTime() - later > 0);
    assertThat(relay.arrived()).hasSize(5);
    store.full = false;
    house.await(() -> outbound.size() == 0);
    assertThat(relay.arrived()).hasSize(6);
  }

  @Test
  void whereItCannotBeWrittenDownWhatCameOfAMessageTheConnectionEnds() {
    Outbound _ = sendingWhileWritingFails(Integer.MAX_VALUE);
    house.await(() -> broken().size() >= 6);
    int arrived = relay.arrived().size();
    assertThat(relay.connections.get()).isGreaterThanOrEqualTo(arrived);
  }

  @Test
  void aMessageThatWasNotEndedForThatWasNotTried() {
    Outbound outbound = sendingWhileWritingFails(3);
    house.await(() -> !broken().isEmpty() && relay.connections.get() > 0);
    Queue queue = outbound.queue();
    house.await(() -> list(queue).stream().noneMatch(Queued::underWay));
    assertThat(list(queue))
        .isNotEmpty()
        .allSatisfy(its -> assertThat(its.message().recipients().getFirst().attempts()).isZero());
  }

  /** Twelve messages, more than there are connections; the first that arrives has writing fail. */
  private Outbound sendingWhileWritingFails(int times) {
    AwayStore store = new AwayStore(house.store);
    AtomicBoolean began = new AtomicBoolean();
    relay.answer(
        "peer.test",
        _ -> {
          if (began.compareAndSet(false, true)) {
            store.failures.set(times);
          }
          return new RecipientResult.Relayed(FakeRelay.TAKEN, false);
        });
    Outbound outbound =
        house.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED, store);
    for (int i = 0; i < 12; i++) {
      house.send(outbound, "b" + i + "@peer.test");
    }
    outbound.start();
    return outbound;
  }

  @Test
  void whatWaitsForTheStoreDoesNotHoldUpTheEnd() {
    AwayStore store = new AwayStore(house.store);
    relay.answer(
        "peer.test",
        _ -> {
          store.away = true;
          return new RecipientResult.Relayed(FakeRelay.TAKEN, false);
        });
    Outbound outbound =
        house.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED, store);
    outbound.start();
    house.send(outbound, "b@peer.test");
    house.await(() -> house.events.stream().anyMatch(SpoolEvent.Stuck.class::isInstance));
    long began = house.clock.nanoTime();
    outbound.close(began, began);
    assertThat(Duration.ofNanos(house.clock.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void whenItStopsItStillTakesMessagesButTriesNone() {
    Outbound outbound = house.started(OutboundHouse.SLOW, relay);
    house.send(outbound, "b@peer.test");
    house.await(() -> outbound.size() == 0);
    outbound.stop();
    SpoolId id = house.send(outbound, "c@peer.test");
    outbound.close();
    assertThat(relay.arrived()).hasSize(1);
    Outbound after = house.started(OutboundHouse.SLOW, relay);
    house.await(() -> relay.arrived().size() == 2);
    house.await(() -> after.size() == 0);
    assertThat(after.queue().find(id)).isEmpty();
  }
}
