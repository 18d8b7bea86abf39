package org.everpost.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.everpost.server.outbound.OutboundHouse.list;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.everpost.core.cluster.NodeId;
import org.everpost.core.event.RelayEvent;
import org.everpost.core.event.SpoolEvent;
import org.everpost.core.spool.HoldOrder;
import org.everpost.core.spool.Scheduler;
import org.everpost.core.spool.Spool;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.server.outbound.QueueAction.Outcome;
import org.everpost.server.relay.OutgoingMessage;
import org.everpost.server.relay.RecipientResult;
import org.everpost.store.StoreUnavailableException;
import org.everpost.wire.smtp.SmtpCommand.Notify;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an operator sees of the queue and does with it, while it works and while it does not. */
final class QueueTest {

  private static final QueueAction HOLD = new QueueAction.Hold("for a test");
  private static final QueueAction RELEASE = new QueueAction.Release();
  private static final QueueAction RETRY = new QueueAction.Retry();
  private static final QueueAction EXPIRE = new QueueAction.Expire();
  private static final QueueAction DELETE = new QueueAction.Delete();

  private final OutboundHouse house = new OutboundHouse();
  private final FakeRelay relay = new FakeRelay();

  @AfterEach
  void close() {
    house.close();
  }

  private static QueueFilter to(String pattern) {
    return new QueueFilter(null, null, pattern, false, null);
  }

  /** With messages to a destination that is away, one of which was tried. */
  private Outbound blocked(int messages) {
    relay.unreachable("dead.test", false);
    Outbound outbound = house.started(OutboundHouse.SLOW, relay);
    for (int i = 0; i < messages; i++) {
      house.send(outbound, "b" + i + "@dead.test");
    }
    house.await(() -> outbound.queue().size().blocked() == 1);
    house.await(() -> list(outbound.queue()).stream().noneMatch(Queued::underWay));
    return outbound;
  }

  @Test
  void whatWasNotTriedItselfWaitsForTheReasonOfItsDestination() {
    Outbound outbound = blocked(50);
    List<Queued> all = list(outbound.queue());
    assertThat(all).hasSize(50);
    long tried =
        all.stream().filter(q -> q.message().recipients().getFirst().attempts() > 0).count();
    assertThat(tried).isLessThan(10);
    assertThat(all)
        .allSatisfy(queued -> {
          SpooledRecipient recipient = queued.message().recipients().getFirst();
          assertThat(queued.reason(recipient)).hasToString("4.4.1 as a test wants it");
          assertThat(queued.next(recipient)).isAfter(house.clock.instant());
        });
    assertThat(outbound.queue().summary(QueueFilter.ALL, _ -> {}))
        .singleElement()
        .returns("dead.test", QueueGroup::destination)
        .returns(50, QueueGroup::messages)
        .returns("4.4.1", QueueGroup::status)
        .extracting(QueueGroup::state)
        .returns(0, Scheduler.Destination::connections)
        .returns(1, Scheduler.Destination::failures);
  }

  @Test
  void retryTriesNowWhateverTheDestinationDid() throws Exception {
    Outbound outbound = blocked(300);
    relay.reachable("dead.test");
    SpoolId one = list(outbound.queue()).get(7).message().id();
    assertThat(outbound.queue().change(one, RETRY)).isEqualTo(Outcome.DONE);
    house.await(() -> outbound.size() == 0);
    assertThat(relay.arrived()).hasSize(300);
    assertThat(outbound.queue().change(one, RETRY)).isEqualTo(Outcome.ABSENT);
    assertThat(outbound.queue().change(QueueFilter.ALL, RETRY, _ -> {})).isEmpty();
  }

  @Test
  void retryBringsForwardWhatWasDeferred() throws Exception {
    relay.answer("peer.test", _ -> FakeRelay.deferred());
    Outbound outbound = house.started(OutboundHouse.SLOW, relay);
    house.send(outbound, "b@peer.test");
    house.send(outbound, "c@peer.test");
    Queue queue = outbound.queue();
    house.await(() ->
        list(queue).stream().allMatch(q -> q.message().recipients().getFirst().attempts() == 1));
    house.await(() -> list(queue).stream().noneMatch(Queued::underWay));
    relay.answer("peer.test", _ -> new RecipientResult.Relayed(FakeRelay.TAKEN, false));
    assertThat(queue.change(to("C@PEER.test"), RETRY, _ -> {})).isEqualTo(Map.of(Outcome.DONE, 1));
    house.await(() -> outbound.size() == 1);
    assertThat(queue.change(to("peer.test"), RETRY, _ -> {})).isEqualTo(Map.of(Outcome.DONE, 1));
    house.await(() -> outbound.size() == 0);
    assertThat(house.notices).isEmpty();
  }

  /** Whoever tries again and again by hand does not make a young message wait like an old one. */
  @Test
  void retryByHandDoesNotMakeThePausesLonger() throws Exception {
    relay.answer("peer.test", _ -> FakeRelay.deferred());
    Outbound outbound = house.started(OutboundHouse.SLOW, relay);
    SpoolId id = house.send(outbound, "b@peer.test");
    Queue queue = outbound.queue();
    for (int i = 1; i <= 3; i++) {
      int attempts = i;
      house.await(() ->
          queue.find(id).orElseThrow().message().recipients().getFirst().attempts() == attempts);
      house.await(() -> !queue.find(id).orElseThrow().underWay());
      SpooledRecipient recipient = queue.find(id).orElseThrow().message().recipients().getFirst();
      assertThat(recipient.next()).isBefore(house.clock.instant().plus(Duration.ofMinutes(70)));
      assertThat(queue.change(id, RETRY)).isEqualTo(Outcome.DONE);
    }
  }

  /** As people type addresses, not only as the queue has them. */
  @Test
  void anAddressIsFoundHoweverItIsWritten() {
    relay.unreachable("xn--mnchen-3ya.test", false);
    Outbound outbound = house.started(OutboundHouse.SLOW, relay);
    house.send(outbound, "b@m\u00fcnchen.test");
    Queue queue = outbound.queue();
    for (String to :
        List.of(
            "m\u00fcnchen.test",
            "xn--mnchen-3ya.test",
            "B@M\u00dcNCHEN.test",
            "b@xn--mnchen-3ya.test",
            "\"b\"@m\u00fcnchen.test")) {
      assertThat(list(queue, to(to))).as(to).hasSize(1);
    }
    assertThat(list(queue, to("c@m\u00fcnchen.test"))).isEmpty();
    String sender = OutboundHouse.SENDER.toUpperCase(Locale.ROOT);
    assertThat(list(queue, new QueueFilter(sender, null, null, false, null))).hasSize(1);
    for (String no : List.of("@", "b@", "b@two words.test", "two words")) {
      assertThatThrownBy(() -> to(no)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** Of an account that floods one node, the others have something, too. */
  @Test
  void whatIsHeldOfASenderIsHeldByEveryNode() {
    try (OutboundHouse quick = new OutboundHouse(500)) {
      AwayStore store = new AwayStore(quick.store);
      store.shared = true;
      relay.unreachable("dead.test", false);
      List<Outbound> nodes = new ArrayList<>();
      for (NodeId node : List.of(OutboundHouse.NODE, new NodeId("fedcba9876543210"))) {
        Outbound its =
            quick.outbound(
                OutboundHouse.SLOW,
                relay,
                (_, _) -> OutgoingMessage.UNSIGNED,
                quick.spool(store, node));
        its.start();
        quick.send(its, "b@dead.test");
        nodes.add(its);
      }
      nodes.getFirst().holdAllOf(OutboundHouse.SENDER, "too much");
      for (Outbound its : nodes) {
        quick.await(() -> list(its.queue()).getFirst().message().held() != null);
      }
      // An order is carried out once: what is released stays so.
      Outbound other = nodes.getLast();
      SpoolId id = list(other.queue()).getFirst().message().id();
      assertThat(other.queue().change(id, new QueueAction.Release())).isEqualTo(Outcome.DONE);
      long later = quick.clock.nanoTime() + Duration.ofMinutes(1).toNanos();
      quick.await(() -> quick.clock.nanoTime() - later > 0);
      assertThat(other.queue().size().held()).isZero();
    }
  }

  /** Whoever restarts a server that is abused must not have the rest of it leave. */
  @Test
  void whatIsToBeHeldIsHeldByTheNextProcess() throws Exception {
    AwayStore store = new AwayStore(house.store);
    Spool spool = house.spool(store);
    try (Outbound before =
        house.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED, spool)) {
      before.start();
      house.sendLater(before, Duration.ofMinutes(10), "b@peer.test");
      store.stuck = spool.partitions().getFirst().id();
      before.holdAllOf(OutboundHouse.SENDER, "too much");
      house.await(() -> !spool.holdOrders().pending().isEmpty());
      assertThat(list(before.queue())).allMatch(q -> q.message().held() == null);
    }
    store.stuck = null;
    house.clock.leap(Duration.ofMinutes(11)); // it would leave at once
    Outbound after = house.started(OutboundHouse.SLOW, relay);
    house.await(
        () -> list(after.queue()).stream().allMatch(q -> "too much".equals(q.message().held())));
    assertThat(list(after.queue())).hasSize(1);
    house.await(() -> spool.holdOrders().pending().isEmpty());
    assertThat(relay.arrived()).isEmpty();
  }

  /** Its clock may be ahead of that of the node that gave the order. */
  @Test
  void whatWasAcceptedBeforeAnOrderIsHeldWhateverTheClockSays() throws Exception {
    Outbound outbound = blocked(3);
    Spool other = house.spool(house.store, new NodeId("fedcba9876543210"));
    Instant past = house.clock.instant().minusSeconds(8);
    other.holdOrders().give(new HoldOrder(past, 1, OutboundHouse.SENDER, "too much", List.of()));
    house.await(() -> outbound.queue().size().held() == 3);
  }

  /** As with two of its three copies away. */
  @Test
  void aPartitionThatCannotBeWrittenToKeepsNoOtherFromAnOrder() throws Exception {
    try (Outbound before = blocked(30)) {
      assertThat(before.size()).isEqualTo(30);
    }
    AwayStore store = new AwayStore(house.store);
    Spool spool = house.spool(store);
    Outbound outbound =
        house.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED, spool);
    outbound.start();
    house.await(() -> outbound.size() == 30);
    SpoolId id = house.send(outbound, "late@dead.test");
    house.await(() -> list(outbound.queue()).stream().noneMatch(Queued::underWay));
    store.stuck = spool.partitions().getFirst().id();
    outbound.holdAllOf(OutboundHouse.SENDER, "too much");
    assertThat(house.events)
        .contains(new SpoolEvent.SenderHeld(OutboundHouse.SENDER, 31, "too much"));
    assertThat(outbound.queue().size().held()).isEqualTo(31); // nothing leaves from here on
    house.await(
        () -> outbound.queue().find(id).filter(q -> q.message().held() != null).isPresent());
    house.await(() -> house.events.stream().anyMatch(SpoolEvent.Stuck.class::isInstance));
    assertThat(list(outbound.queue())).filteredOn(q -> q.message().held() != null).hasSize(1);
    store.stuck = null;
    house.await(() -> list(outbound.queue()).stream().allMatch(q -> q.message().held() != null));
    assertThat(outbound.queue().size().held()).isEqualTo(31);
    outbound.holdAllOf(OutboundHouse.SENDER, "too much");
    assertThat(house.events)
        .contains(new SpoolEvent.SenderHeld(OutboundHouse.SENDER, 0, "too much"));
  }

  @Test
  void whatIsHeldIsNotTriedUntilItIsReleased() throws Exception {
    Outbound outbound = blocked(20);
    Queue queue = outbound.queue();
    SpoolId held = list(queue).get(3).message().id();
    assertThat(queue.change(held, HOLD)).isEqualTo(Outcome.DONE);
    assertThat(queue.change(held, HOLD)).isEqualTo(Outcome.UNCHANGED);
    assertThat(queue.change(held, RETRY)).isEqualTo(Outcome.HELD);
    assertThat(queue.size()).isEqualTo(new Queue.Size(20, 1, 1, 1));
    assertThat(list(queue, new QueueFilter(null, null, null, true, null)))
        .singleElement()
        .returns("for a test", queued -> queued.message().held());
    assertThat(queue.summary(QueueFilter.ALL, _ -> {}))
        .extracting(QueueGroup::messages, QueueGroup::held)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(19, null),
            org.assertj.core.groups.Tuple.tuple(1, "for a test"));
    relay.reachable("dead.test");
    // The first one opens the way for the others: some leave before it is their turn.
    assertThat(queue.change(QueueFilter.ALL, RETRY, _ -> {})).containsEntry(Outcome.HELD, 1);
    house.await(() -> outbound.size() == 1);
    assertThat(relay.arrived()).hasSize(19);
    assertThat(queue.change(held, RELEASE)).isEqualTo(Outcome.DONE);
    house.await(() -> outbound.size() == 0);
    assertThat(relay.arrived()).hasSize(20);
    assertThat(house.events)
        .contains(
            new RelayEvent.Changed(held.toString(), "held"),
            new RelayEvent.Changed(held.toString(), "released"));
  }

  @Test
  void whatIsGivenUpIsToldOnceWithItsReason() throws Exception {
    relay.unreachable("away.test", false);
    relay.unreachable("dead.test", false);
    Outbound outbound = house.started(OutboundHouse.SLOW, relay);
    SpoolId id = house.send(outbound, "b@dead.test", "c@away.test");
    SpoolId silent = house.send(outbound, Set.of(Notify.NEVER), "d@dead.test");
    Queue queue = outbound.queue();
    house.await(() -> queue.size().blocked() == 2);
    house.await(() -> list(queue).stream().noneMatch(Queued::underWay));
    assertThat(queue.change(id, EXPIRE)).isEqualTo(Outcome.DONE);
    assertThat(queue.change(silent, EXPIRE)).isEqualTo(Outcome.DONE);
    house.await(() -> outbound.size() == 0);
    assertThat(house.notices)
        .singleElement()
        .satisfies(notice ->
            assertThat(notice.about())
                .hasSize(2)
                .allSatisfy(r ->
                    assertThat(String.valueOf(r.last()))
                        .contains("Given up by the postmaster", "as a test wants it"))
                .allSatisfy(r -> assertThat(r.attempts()).isLessThan(2)));
    assertThat(list(queue)).isEmpty();
  }

  @Test
  void onlyThoseRecipientsAreGivenUpOrDeletedThatAreMeant() throws Exception {
    relay.unreachable("away.test", false);
    relay.unreachable("dead.test", false);
    relay.unreachable("other.test", false);
    Outbound outbound = house.started(OutboundHouse.SLOW, relay);
    house.send(outbound, "b@dead.test", "c@away.test", "d@other.test");
    Queue queue = outbound.queue();
    house.await(() -> queue.size().blocked() == 3);
    house.await(() -> list(queue).stream().noneMatch(Queued::underWay));
    assertThat(queue.change(to("dead.test"), DELETE, _ -> {})).isEqualTo(Map.of(Outcome.DONE, 1));
    assertThat(queue.change(to("dead.test"), DELETE, _ -> {})).isEmpty();
    assertThat(queue.change(to("away.test"), EXPIRE, _ -> {})).isEqualTo(Map.of(Outcome.DONE, 1));
    house.await(() -> house.notices.size() == 1);
    assertThat(house.notices.getFirst().about())
        .singleElement()
        .returns(OutboundHouse.path("c@away.test"), SpooledRecipient::to);
    house.await(() -> outbound.size() == 1);
    relay.reachable("other.test");
    assertThat(queue.change(QueueFilter.ALL, RETRY, _ -> {})).isEqualTo(Map.of(Outcome.DONE, 1));
    house.await(() -> outbound.size() == 0);
    assertThat(relay.arrived())
        .singleElement()
        .satisfies(a -> assertThat(a.message().recipients()).hasSize(1));
    assertThat(house.notices).hasSize(1);
    assertThat(list(queue)).isEmpty();
  }

  /** What failed before the rest was deleted is still told. */
  @Test
  void aDeletionLeavesNothingUntold() throws Exception {
    relay.unreachable("dead.test", false);
    relay.answer("peer.test", _ -> FakeRelay.refused());
    Outbound outbound = house.started(OutboundHouse.SLOW, relay);
    house.send(outbound, "z@dead.test");
    house.await(() -> outbound.queue().size().blocked() == 1);
    house.send(outbound, "b@dead.test", "c@peer.test");
    Queue queue = outbound.queue();
    house.await(() ->
        list(queue).stream()
            .flatMap(q -> q.message().recipients().stream())
            .anyMatch(r -> r.state() == SpooledRecipient.State.FAILED));
    assertThat(house.notices).isEmpty();
    assertThat(queue.change(to("b@dead.test"), DELETE, _ -> {})).isEqualTo(Map.of(Outcome.DONE, 1));
    house.await(() -> house.notices.size() == 1);
    house.await(() -> outbound.size() == 1);
    assertThat(list(queue)).hasSize(1);
  }

  @Test
  void whatIsDeletedIsToldToNobody() throws Exception {
    Outbound outbound = blocked(500);
    Queue queue = outbound.queue();
    assertThat(queue.change(list(queue).getFirst().message().id(), DELETE)).isEqualTo(Outcome.DONE);
    assertThat(queue.change(QueueFilter.ALL, DELETE, _ -> {})).isEqualTo(Map.of(Outcome.DONE, 499));
    assertThat(outbound.size()).isZero();
    assertThat(list(queue)).isEmpty();
    assertThat(house.notices).isEmpty();
    assertThat(queue.summary(QueueFilter.ALL, _ -> {})).isEmpty();
  }

  @Test
  void whatIsBeingSentIsLeftAlone() throws Exception {
    CountDownLatch sending = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    relay.answer(
        "peer.test",
        _ -> {
          sending.countDown();
          try {
            assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return FakeRelay.deferred();
        });
    Outbound outbound = house.started(OutboundHouse.SLOW, relay);
    SpoolId id = house.send(outbound, "b@peer.test");
    assertThat(sending.await(20, TimeUnit.SECONDS)).isTrue();
    Queue queue = outbound.queue();
    assertThat(queue.find(id)).hasValueSatisfying(q -> assertThat(q.underWay()).isTrue());
    assertThat(queue.change(id, EXPIRE)).isEqualTo(Outcome.UNDER_WAY);
    assertThat(queue.change(id, HOLD)).isEqualTo(Outcome.DONE);
    goOn.countDown();
    house.await(() -> queue.size().held() == 1);
    assertThat(list(queue).getFirst().message().recipients().getFirst().attempts()).isEqualTo(1);
    assertThat(queue.change(id, RELEASE)).isEqualTo(Outcome.DONE);
    assertThat(queue.change(id, RETRY)).isEqualTo(Outcome.DONE);
    house.await(() -> relay.arrived().size() == 2);
  }

  @Test
  void filtersSeeWhatTheyAreMeantTo() {
    Outbound outbound =
        house.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED);
    house.send(outbound, "b@peer.test");
    house.send(outbound, "c@xn--mnchen-3ya.example");
    Queue queue = outbound.queue();
    assertThat(list(queue, to("peer.test"))).hasSize(1);
    assertThat(list(queue, to("b@peer.test"))).hasSize(1);
    assertThat(list(queue, to("x@peer.test"))).isEmpty();
    assertThat(list(queue, to("m\u00fcnchen.example"))).hasSize(1);
    assertThat(list(queue, new QueueFilter("A@example.test", null, null, false, null))).hasSize(2);
    assertThat(list(queue, new QueueFilter("x@example.test", null, null, false, null))).isEmpty();
    assertThat(list(queue, new QueueFilter(null, "example.test", null, false, null))).hasSize(2);
    assertThat(list(queue, new QueueFilter(null, "<>", null, false, null))).isEmpty();
    assertThat(list(queue, new QueueFilter(null, null, null, false, Duration.ofHours(1))))
        .isEmpty();
    assertThat(list(queue, new QueueFilter(null, null, null, false, Duration.ZERO))).hasSize(2);
    List<Queued> first = new ArrayList<>();
    queue.visit(
        QueueFilter.ALL,
        queued -> {
          first.add(queued);
          return false;
        },
        _ -> {});
    assertThat(first).hasSize(1);
  }

  /** What was changed while nobody worked through the queue holds when somebody does. */
  @Test
  void whatWasChangedWithoutAServerHoldsWithOne() throws Exception {
    Outbound before = house.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED);
    SpoolId held = house.send(before, "b@peer.test");
    SpoolId expired = house.send(before, "c@peer.test");
    SpoolId deleted = house.send(before, "d@peer.test");
    house.send(before, "e@peer.test");
    Queue queue = new Queue(house.spool(), house.clock, house.events::add);
    assertThat(queue.change(held, HOLD)).isEqualTo(Outcome.DONE);
    assertThat(queue.change(expired, EXPIRE)).isEqualTo(Outcome.DONE);
    assertThat(queue.change(deleted, DELETE)).isEqualTo(Outcome.DONE);
    assertThat(queue.summary(QueueFilter.ALL, _ -> {}))
        .extracting(QueueGroup::messages)
        .containsExactly(1, 1);
    Outbound after = house.started(OutboundHouse.SLOW, relay);
    house.await(() -> house.notices.size() == 1 && relay.arrived().size() == 1);
    house.await(() -> after.size() == 1);
    assertThat(after.queue().size().held()).isEqualTo(1);
    assertThat(house.notices.getFirst().about().getFirst().to())
        .isEqualTo(OutboundHouse.path("c@peer.test"));
  }

  /** However an operator's releases and the writes of orders meet. */
  @Test
  void whatIsReleasedAmidOrdersDoesNotStayInThePlanAsHeld() throws Exception {
    try (OutboundHouse quick = new OutboundHouse(50)) {
      relay.unreachable("dead.test", false);
      Outbound outbound = quick.started(OutboundHouse.SLOW, relay);
      for (int i = 0; i < 30; i++) {
        quick.send(outbound, "b" + i + "@dead.test");
      }
      Thread orders =
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < 20; i++) {
                  outbound.holdAllOf(OutboundHouse.SENDER, "too much");
                }
              });
      while (orders.isAlive()) {
        outbound.queue().change(QueueFilter.ALL, RELEASE, _ -> {});
      }
      quick.await(() -> {
        list(outbound.queue()).forEach(q -> outbound.queue().change(q.message().id(), RELEASE));
        return outbound.queue().size().held() == 0;
      });
    }
  }

  /** What could be changed is said, also if the rest could not. */
  @Test
  void aChangeThatCannotBeFinishedSaysWhatItDid() throws Exception {
    try (Outbound before = blocked(3)) {
      assertThat(before.size()).isEqualTo(3);
    }
    AwayStore store = new AwayStore(house.store);
    Spool spool = house.spool(store);
    Outbound outbound =
        house.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED, spool);
    outbound.start();
    house.await(() -> outbound.size() == 3);
    house.send(outbound, "late@dead.test");
    house.await(() -> list(outbound.queue()).stream().noneMatch(Queued::underWay));
    store.stuck = spool.partitions().getFirst().id();
    assertThatThrownBy(() -> outbound.queue().change(QueueFilter.ALL, HOLD, _ -> {}))
        .isInstanceOfSatisfying(
            UnfinishedException.class,
            e -> {
              assertThat(e.outcomes()).isEqualTo(Map.of(Outcome.DONE, 1));
              assertThat(e.why()).isInstanceOf(StoreUnavailableException.class);
            });
  }

  /** As when the store takes a change and its answer is lost. */
  @Test
  void whatWasReleasedUnheardIsLookedAtSoonOrWhenItIsReleasedAgain() throws Exception {
    AwayStore store = new AwayStore(house.store);
    Outbound outbound =
        house.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED, store);
    outbound.start();
    Queue queue = outbound.queue();
    for (boolean again : List.of(true, false)) {
      SpoolId id = house.sendLater(outbound, Duration.ofMinutes(10), "b@peer.test");
      assertThat(queue.change(id, HOLD)).isEqualTo(Outcome.DONE);
      store.unheard.set(true);
      assertThatThrownBy(() -> queue.change(id, RELEASE))
          .isInstanceOf(StoreUnavailableException.class);
      assertThat(queue.size().held()).isEqualTo(1);
      if (again) {
        assertThat(queue.change(id, RELEASE)).isEqualTo(Outcome.UNCHANGED);
      } else {
        house.clock.leap(Duration.ofMinutes(2));
        house.sendLater(outbound, Duration.ofMinutes(10), "c@peer.test"); // so that it is looked
      }
      house.await(() -> queue.size().held() == 0 && !queue.find(id).orElseThrow().underWay());
      assertThat(queue.change(id, DELETE)).isEqualTo(Outcome.DONE);
    }
  }

  /** Two who hold and release at the same time leave the plan as the store is. */
  @Test
  void thePlanFollowsTheStoreHoweverManyChangeIt() throws Exception {
    Outbound outbound = blocked(30);
    Queue queue = outbound.queue();
    List<Thread> threads = new ArrayList<>();
    for (QueueAction action : List.of(HOLD, RELEASE, RETRY, HOLD, RELEASE)) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (int i = 0; i < 10; i++) {
                    queue.change(QueueFilter.ALL, action, _ -> {});
                  }
                } catch (InterruptedException | UnfinishedException e) {
                  throw new AssertionError(e);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    long held = list(queue).stream().filter(q -> q.message().held() != null).count();
    house.await(() -> queue.size().held() == held);
    queue.change(QueueFilter.ALL, RELEASE, _ -> {});
    relay.reachable("dead.test");
    queue.change(QueueFilter.ALL, RETRY, _ -> {});
    house.await(() -> outbound.size() == 0);
    assertThat(relay.arrived()).hasSize(30);
  }
}
