package org.everpost.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.server.outbound.OutboundHouse.list;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.everpost.core.event.SpoolEvent;
import org.everpost.core.spool.HoldOrders;
import org.everpost.core.spool.SpoolId;
import org.everpost.server.outbound.QueueAction.Outcome;
import org.everpost.server.relay.OutgoingMessage;
import org.everpost.store.PartitionKind;
import org.everpost.store.Store;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is done with the queue of an earlier run before it is loaded, or while it is. */
final class LoadingTest {

  private static final QueueAction HOLD = new QueueAction.Hold("for a test");
  private static final QueueAction RELEASE = new QueueAction.Release();
  private static final QueueAction RETRY = new QueueAction.Retry();
  private static final QueueAction EXPIRE = new QueueAction.Expire();
  private static final QueueAction DELETE = new QueueAction.Delete();

  private final OutboundHouse house = new OutboundHouse();
  private final FakeRelay relay = new FakeRelay();

  /** Whoever loads does not go on. */
  private final CountDownLatch waits = new CountDownLatch(1);

  @AfterEach
  void close() {
    house.close();
  }

  private Outbound outbound(Store store) {
    return house.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED, store);
  }

  private static boolean isLoader() {
    return Thread.currentThread().getName().equals("spool-loading");
  }

  /** Has whoever loads wait before it reads such a partition. */
  private CountDownLatch keepFrom(PartitionKind kind, AwayStore store) {
    CountDownLatch mayRead = new CountDownLatch(1);
    store.watch =
        partition -> {
          if (isLoader() && partition.kind() == kind) {
            waits.countDown();
            OutboundHouse.await(mayRead);
          }
        };
    return mayRead;
  }

  /** Of a long queue that is a while after the start. */
  @Test
  void whatWasNotLoadedYetIsHeldAsWell() throws Exception {
    Outbound before = outbound(house.store);
    for (int i = 0; i < 3; i++) {
      house.sendLater(before, Duration.ofMinutes(10), "b@peer.test");
    }
    AwayStore store = new AwayStore(house.store);
    CountDownLatch mayLoad = keepFrom(PartitionKind.SPOOL, store);
    Outbound outbound = outbound(store);
    outbound.start();
    OutboundHouse.await(waits);
    outbound.holdAllOf(OutboundHouse.SENDER, "too much");
    mayLoad.countDown();
    house.await(() -> outbound.queue().size().messages() == 3);
    house.await(() -> outbound.queue().size().held() == 3);
    house.await(() ->
        house.events.contains(new SpoolEvent.SenderHeld(OutboundHouse.SENDER, 3, "too much")));
  }

  /** Of a long queue that is a while after the start; else it would be sent as well. */
  @Test
  void whatWasNotLoadedYetCanBeGivenUp() throws Exception {
    Outbound before = outbound(house.store);
    SpoolId id = house.send(before, "b@peer.test");
    AwayStore store = new AwayStore(house.store);
    CountDownLatch mayLoad = keepFrom(PartitionKind.SPOOL, store);
    Outbound outbound = outbound(store);
    outbound.start();
    OutboundHouse.await(waits);
    house.send(outbound, "c@other.test");
    house.await(() -> relay.arrived().size() == 1 && outbound.size() == 0);
    assertThat(outbound.queue().change(id, EXPIRE)).isEqualTo(Outcome.DONE);
    house.await(() -> house.notices.size() == 1 && outbound.size() == 0);
    mayLoad.countDown();
    house.await(() -> list(outbound.queue()).isEmpty());
    assertThat(relay.arrived()).hasSize(1);
  }

  /** What an operator does with it is no way past an order. */
  @Test
  void whatWasNotLoadedYetDoesNotLeaveBeforeItIsHeld() throws Exception {
    Outbound before = outbound(house.store);
    SpoolId retried = house.send(before, "b@peer.test");
    house.send(before, "c@peer.test", "d@other.test");
    SpoolId released = house.send(before, "e@peer.test");
    assertThat(before.queue().change(released, HOLD)).isEqualTo(Outcome.DONE);
    AwayStore store = new AwayStore(house.store);
    CountDownLatch mayLoad = keepFrom(PartitionKind.SPOOL, store);
    Outbound outbound = outbound(store);
    outbound.start();
    OutboundHouse.await(waits);
    outbound.holdAllOf(OutboundHouse.SENDER, "too much");
    Queue queue = outbound.queue();
    assertThat(queue.change(retried, RETRY)).isEqualTo(Outcome.DONE);
    assertThat(
            queue.change(new QueueFilter(null, null, "d@other.test", false, null), EXPIRE, _ -> {}))
        .containsEntry(Outcome.DONE, 1);
    assertThat(queue.size()).isEqualTo(new Queue.Size(2, 2, 1, 0));
    assertThat(queue.change(released, RELEASE)).isEqualTo(Outcome.DONE);
    house.await(() -> relay.arrived().size() == 1);
    mayLoad.countDown();
    house.await(() ->
        list(queue).size() == 2
            && list(queue).stream().allMatch(q -> "too much".equals(q.message().held())));
    house.await(() ->
        house.events.contains(new SpoolEvent.SenderHeld(OutboundHouse.SENDER, 2, "too much")));
    assertThat(relay.arrived()).hasSize(1);
  }

  /** Until a node that starts has read what is to be held, nothing that was left leaves. */
  @Test
  void whatIsRetriedBeforeTheOrdersAreKnownWaitsForThem() throws Exception {
    Outbound before = outbound(house.store);
    SpoolId id = house.send(before, "b@peer.test");
    HoldOrders orders = house.spool().holdOrders();
    orders.give(orders.newOrder(OutboundHouse.SENDER, "too much"));
    house.clock.leap(Duration.ofSeconds(11));
    AwayStore store = new AwayStore(house.store);
    CountDownLatch mayLearn = keepFrom(PartitionKind.CLUSTER, store);
    Outbound outbound = outbound(store);
    outbound.start();
    assertThat(outbound.queue().change(id, RETRY)).isEqualTo(Outcome.DONE);
    SpoolId fresh = house.send(outbound, "c@peer.test");
    house.await(() -> relay.arrived().size() == 1 && outbound.queue().find(fresh).isEmpty());
    house.await(() -> outbound.queue().size().equals(new Queue.Size(1, 1, 1, 0)));
    mayLearn.countDown();
    house.await(() -> "too much".equals(list(outbound.queue()).getFirst().message().held()));
    assertThat(relay.arrived()).hasSize(1);
  }

  /** The same without an order: it goes as soon as that is known. */
  @Test
  void whatIsRetriedBeforeTheOrdersAreKnownGoesWhenThereAreNone() {
    Outbound before = outbound(house.store);
    SpoolId id = house.send(before, "b@peer.test");
    house.clock.leap(Duration.ofSeconds(11));
    AwayStore store = new AwayStore(house.store);
    CountDownLatch mayLearn = keepFrom(PartitionKind.CLUSTER, store);
    Outbound outbound = outbound(store);
    outbound.start();
    assertThat(outbound.queue().change(id, RETRY)).isEqualTo(Outcome.DONE);
    assertThat(outbound.queue().size().held()).isEqualTo(1);
    mayLearn.countDown();
    house.await(() -> relay.arrived().size() == 1);
  }

  /** A message that is held; whoever loads has read that, and waits before it is planned. */
  private final class Loading {
    final Outbound outbound;
    final SpoolId id;

    /** One that is loaded after it. */
    final SpoolId last;

    final CountDownLatch mayPlan = new CountDownLatch(1);

    /**
     * @param meanwhile runs once when somebody else plans it
     */
    Loading(Runnable meanwhile) {
      Outbound before = outbound(house.store);
      id = house.sendLater(before, Duration.ofMinutes(10), "b@peer.test");
      assertThat(before.queue().change(id, HOLD)).isEqualTo(Outcome.DONE);
      last = house.sendLater(before, Duration.ofMinutes(10), "c@peer.test");
      outbound = outbound(house.store);
      AtomicBoolean ran = new AtomicBoolean();
      house.clock.watch =
          () -> {
            if (isPlanning()) {
              if (isLoader()) {
                waits.countDown();
                OutboundHouse.await(mayPlan);
              } else if (ran.compareAndSet(false, true)) {
                meanwhile.run();
              }
            }
          };
      outbound.start();
      OutboundHouse.await(waits);
    }

    private static boolean isPlanning() {
      return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
          .walk(calls ->
              calls.anyMatch(call ->
                  call.getDeclaringClass().equals(Book.class)
                      && call.getMethodName().equals("enter")));
    }
  }

  /** It is planned as held just before the operator's change is. */
  @Test
  void whatIsReleasedWhileItIsLoadedIsPlannedAsReleased() {
    Loading[] its = new Loading[1];
    its[0] =
        new Loading(() -> {
          its[0].mayPlan.countDown();
          house.await(() -> its[0].outbound.size() > 0);
        });
    Queue queue = its[0].outbound.queue();
    assertThat(queue.change(its[0].id, RELEASE)).isEqualTo(Outcome.DONE);
    house.await(() -> queue.size().equals(new Queue.Size(2, 0, 1, 0)));
  }

  @Test
  void whatIsDeletedWhileItIsLoadedIsNotPlanned() {
    Loading its = new Loading(() -> {});
    Queue queue = its.outbound.queue();
    assertThat(queue.change(its.id, DELETE)).isEqualTo(Outcome.DONE);
    its.mayPlan.countDown();
    house.await(() -> queue.size().equals(new Queue.Size(1, 0, 1, 0)));
    assertThat(list(queue)).extracting(q -> q.message().id()).containsExactly(its.last);
  }

  @Test
  void whatIsReleasedAndSentWhileItIsLoadedIsNotPlannedAgain() {
    Loading its = new Loading(() -> {});
    Queue queue = its.outbound.queue();
    assertThat(queue.change(its.id, RELEASE)).isEqualTo(Outcome.DONE);
    assertThat(queue.change(its.id, RETRY)).isEqualTo(Outcome.DONE);
    house.await(() -> relay.arrived().size() == 1 && its.outbound.size() == 0);
    its.mayPlan.countDown();
    house.await(() -> queue.size().equals(new Queue.Size(1, 0, 1, 0)));
    assertThat(list(queue)).extracting(q -> q.message().id()).containsExactly(its.last);
  }

  /** All of it before it is planned. */
  @Test
  void whatIsReleasedAndToBeHeldAfterThatWhileItIsLoadedIsHeld() {
    Loading[] its = new Loading[1];
    its[0] = new Loading(() -> its[0].outbound.holdAllOf(OutboundHouse.SENDER, "too much"));
    Queue queue = its[0].outbound.queue();
    assertThat(queue.change(its[0].id, RELEASE)).isEqualTo(Outcome.DONE);
    its[0].mayPlan.countDown();
    house.await(() -> list(queue).stream().allMatch(q -> "too much".equals(q.message().held())));
    house.await(() -> queue.size().equals(new Queue.Size(2, 2, 1, 0)));
  }
}
