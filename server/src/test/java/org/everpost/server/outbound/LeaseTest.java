package org.everpost.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.server.outbound.OutboundHouse.await;
import static org.everpost.server.outbound.OutboundHouse.list;
import static org.everpost.server.outbound.OutboundHouse.untilInterrupted;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.everpost.core.cluster.NodeId;
import org.everpost.core.cluster.NodeLease;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.SpoolEvent;
import org.everpost.core.spool.Spool;
import org.everpost.core.spool.SpoolId;
import org.everpost.server.relay.OutgoingMessage;
import org.everpost.store.PartitionKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node's place among the others, as the queue at work sees it. */
class LeaseTest {

  private final OutboundHouse house = new OutboundHouse();
  private final FakeRelay relay = new FakeRelay();

  @AfterEach
  void close() {
    house.close();
  }

  /** Who slept for longer than its lease may have been adopted: others tell then. */
  @Test
  void nobodyIsToldWhileTheLeaseMayBeOver() {
    try (OutboundHouse quick = new OutboundHouse(10)) {
      AwayStore store = new AwayStore(quick.store);
      store.shared = true;
      Spool spool = quick.spool(store);
      List<Boolean> toldAsOwner = new CopyOnWriteArrayList<>();
      quick.telling =
          (_, _, _) -> {
            toldAsOwner.add(spool.isOurs());
            return Notice.NONE;
          };
      relay.unreachable("dead.test", false);
      Outbound outbound =
          quick.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED, spool);
      outbound.start();
      quick.send(outbound, "b@dead.test");
      quick.await(() -> outbound.queue().size().blocked() == 1);
      quick.await(() -> list(outbound.queue()).stream().noneMatch(Queued::underWay));
      quick.clock.leap(Duration.ofHours(5));
      quick.send(outbound, "c@other.test"); // somebody looks at the clock now
      quick.await(() -> relay.arrived().size() == 1); // the lease was renewed
      quick.clock.leap(Duration.ofMinutes(2));
      spool.renew();
      quick.await(() -> !toldAsOwner.isEmpty());
      assertThat(toldAsOwner).doesNotContain(false);
    }
  }

  @Test
  void aLookThroughTheQueueThatTakesForEverDoesNotCostTheLease() {
    CountDownLatch stuck = new CountDownLatch(1);
    AtomicInteger renewals = new AtomicInteger();
    try (OutboundHouse quick = new OutboundHouse(500)) {
      quick.send(
          quick.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED),
          "b@peer.test");
      relay.unreachable("peer.test", false);
      AwayStore store = new AwayStore(quick.store);
      store.shared = true;
      Outbound outbound =
          quick.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED, store);
      store.watch =
          partition -> {
            String thread = Thread.currentThread().getName();
            if (thread.equals("spool-tending") && partition.kind() == PartitionKind.SPOOL) {
              stuck.countDown();
              untilInterrupted();
            } else if (stuck.getCount() == 0 && partition.kind() == PartitionKind.CLUSTER) {
              renewals.incrementAndGet();
            }
          };
      outbound.start();
      await(stuck);
      quick.await(() -> renewals.get() > 10);
    }
  }

  /** A transfer may take longer than the lease; whoever has the queue then sends it as well. */
  @Test
  void aMessageIsNotEndedOnceTheLeaseIsOver() {
    AwayStore store = new AwayStore(house.store);
    store.shared = true;
    relay.beforeTheEnd("peer.test", () -> house.clock.leap(NodeLease.TERM));
    Outbound outbound =
        house.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED, store);
    outbound.start();
    SpoolId id = house.send(outbound, "b@peer.test", "c@other.test");
    house.await(() -> relay.connections.get() > 0);
    Queue queue = outbound.queue();
    house.await(() -> list(queue).stream().noneMatch(Queued::underWay));
    assertThat(relay.arrived())
        .allSatisfy(arrived ->
            assertThat(arrived.message().recipients())
                .extracting(OutgoingMessage.Recipient::to)
                .containsExactly(OutboundHouse.path("c@other.test")));
    assertThat(queue.find(id))
        .hasValueSatisfying(queued ->
            assertThat(queued.message().recipients())
                .filteredOn(r -> r.destination().equals("peer.test"))
                .allMatch(r -> r.isWaiting() && r.attempts() == 0));
  }

  /** What it had is the other's, though it has a place again by then. */
  @Test
  void aMessageThatAnotherNodeHasIsNotEndedWhenThisOneBeganAnew() {
    AwayStore store = new AwayStore(house.store);
    store.shared = true;
    Spool spool = house.spool(store);
    NodeId other = new NodeId("bbbbbbbbbbbbbbbb");
    AtomicBoolean anew = new AtomicBoolean();
    relay.beforeTheEnd(
        "peer.test",
        () -> {
          // By its clock the first is dead.
          FastClock ahead = new FastClock(1);
          ahead.leap(Duration.ofDays(1));
          EventSink events = house.events::add;
          Spool adopter = Spool.open(other, "mx2.example.test", store, ahead, house.random, events);
          assertThat(adopter.adopt()).containsExactly(OutboundHouse.NODE);
          spool.renew();
          spool.tend();
          anew.set(spool.isOurs());
        });
    Outbound outbound =
        house.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED, spool);
    outbound.start();
    house.send(outbound, "b@peer.test");
    house.await(() -> anew.get() && outbound.queue().size().messages() == 0);
    house.send(outbound, "c@other.test");
    house.await(() -> !relay.arrived().isEmpty());
    assertThat(relay.arrived())
        .singleElement()
        .matches(arrived ->
            arrived
                .message()
                .recipients()
                .getFirst()
                .to()
                .equals(OutboundHouse.path("c@other.test")));
  }

  /** A copy of the node's data directory ran as well, and has ended. */
  @Test
  void whatACopyLeftIsSentWhenThePlaceIsTakenBack() {
    try (OutboundHouse quick = new OutboundHouse(50)) {
      AwayStore store = new AwayStore(quick.store);
      store.shared = true;
      relay.unreachable("dead.test", false);
      Outbound first =
          quick.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED, store);
      first.start();
      quick.send(first, "b@dead.test");
      quick.await(() -> first.queue().size().blocked() == 1);
      Outbound copy =
          quick.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED, store);
      SpoolId id = quick.send(copy, "c@peer.test");
      quick.await(() -> relay.arrived().size() == 1);
      assertThat(quick.events).contains(new SpoolEvent.TakenOver(OutboundHouse.NODE.text()));
      quick.await(() -> first.queue().find(id).isEmpty() && first.queue().size().messages() == 1);
      first.holdAllOf(OutboundHouse.SENDER, "too much");
      SpoolEvent.SenderHeld held = new SpoolEvent.SenderHeld(OutboundHouse.SENDER, 1, "too much");
      quick.await(() -> quick.events.contains(held));
    }
  }
}
