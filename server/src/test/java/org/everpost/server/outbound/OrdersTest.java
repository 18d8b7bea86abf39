package org.everpost.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.server.outbound.Orders.Order;
import org.everpost.server.relay.OutgoingMessage;
import org.everpost.store.StoreUnavailableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose mail is to be held. */
final class OrdersTest {

  private final OutboundHouse house = new OutboundHouse();
  private final Orders orders = new Orders(house.clock);

  @AfterEach
  void close() {
    house.close();
  }

  private SpooledMessage message() {
    Outbound outbound =
        house.outbound(OutboundHouse.SLOW, new FakeRelay(), (_, _) -> OutgoingMessage.UNSIGNED);
    house.send(outbound, "b@peer.test");
    return OutboundHouse.list(outbound.queue()).getFirst().message();
  }

  private Order given(String reason, Instant at) {
    return orders.given(OutboundHouse.SENDER, reason, at);
  }

  @Test
  void whatAnOrderConcernsIsKeptBackUntilItIsWritten() {
    SpooledMessage message = message();
    Order order = given("too much", house.clock.instant());
    assertThat(orders.concerning(message)).isSameAs(order);
    assertThat(orders.keptBackUntil(message)).as("found or not").hasValue(order.until());
    assertThat(orders.concerning(message.withHeld("already"))).isNull();
    assertThat(orders.keptBackUntil(message.withHeld("already"))).isEmpty();
    order.awaitsOne();
    order.lookedThrough();
    assertThat(orders.isIdle(OutboundHouse.SENDER)).isFalse();
    order.hasWrittenOne();
    assertThat(orders.isIdle(OutboundHouse.SENDER)).isTrue();
  }

  @Test
  void whatWasReleasedIsForLaterOrdersAlone() {
    SpooledMessage message = message();
    Order _ = given("too much", house.clock.instant());
    orders.except(message);
    assertThat(orders.concerning(message)).isNull();
    assertThat(orders.keptBackUntil(message)).isEmpty();
    house.clock.leap(Duration.ofSeconds(1));
    Order later = given("again", house.clock.instant());
    assertThat(orders.concerning(message)).isSameAs(later);
  }

  @Test
  void whatCannotBeWrittenIsKeptBackForAnHour() {
    SpooledMessage message = message();
    Order order = given("too much", house.clock.instant());
    order.awaitsOne();
    order.lookedThrough();
    house.clock.leap(Duration.ofMinutes(59));
    assertThat(orders.keptBackUntil(message)).isPresent();
    house.clock.leap(Duration.ofMinutes(2));
    assertThat(orders.keptBackUntil(message)).isEmpty();
    orders.forgetOver();
    assertThat(orders.concerning(message)).as("it is to be written all the same").isNotNull();
    order.hasWrittenOne();
    orders.forgetOver();
    assertThat(orders.concerning(message)).isNull();
  }

  @Test
  void anOrderThatIsRenewedIsForWhatCameLater() {
    Instant now = house.clock.instant();
    Order order = given("too much", now.minusSeconds(60));
    SpooledMessage message = message();
    assertThat(orders.concerning(message)).isNull();
    assertThat(given("more", house.clock.instant())).isSameAs(order);
    assertThat(orders.concerning(message)).isSameAs(order);
    assertThat(order.reason()).isEqualTo("more");
    order.lookedThrough();
    assertThat(orders.isIdle(OutboundHouse.SENDER)).as("both look through the plan").isFalse();
    order.lookedThrough();
    assertThat(orders.isIdle(OutboundHouse.SENDER)).isTrue();
  }

  /**
   * It is released between the write of an order and the plan, and the store goes away just then.
   */
  @Test
  void whatWasReleasedAndCannotBeReadIsLookedAtSoon() throws InterruptedException {
    AwayStore store = new AwayStore(house.store);
    FakeRelay relay = new FakeRelay();
    Outbound outbound =
        house.outbound(OutboundHouse.SLOW, relay, (_, _) -> OutgoingMessage.UNSIGNED, store);
    outbound.start();
    SpoolId id = house.sendLater(outbound, Duration.ofMinutes(10), "b@peer.test");
    AtomicBoolean released = new AtomicBoolean();
    BlockingQueue<Thread> failed = new ArrayBlockingQueue<>(1);
    AtomicBoolean unreadable = new AtomicBoolean();
    house.clock.watch =
        () -> {
          if (isFollowing() && released.compareAndSet(false, true)) {
            assertThat(outbound.queue().change(id, new QueueAction.Release()))
                .isEqualTo(QueueAction.Outcome.DONE);
            store.full = true;
            assertThatThrownBy(() -> outbound.queue().change(id, new QueueAction.Delete()))
                .as("and the queue forgets what it has just written")
                .isInstanceOf(StoreUnavailableException.class);
            store.full = false;
            unreadable.set(true);
          }
        };
    store.watch =
        _ -> {
          if (isFollowing() && unreadable.compareAndSet(true, false)) {
            failed.add(Thread.currentThread());
            throw new StoreUnavailableException("away, as a test wants it");
          }
        };
    outbound.holdAllOf(OutboundHouse.SENDER, "too much");
    Thread carrier = failed.poll(20, TimeUnit.SECONDS);
    assertThat(carrier).isNotNull();
    assertThat(carrier.join(Duration.ofSeconds(20))).isTrue();
    assertThat(outbound.queue().size().held()).isEqualTo(1);
    house.clock.leap(Duration.ofMinutes(2));
    house.sendLater(outbound, Duration.ofMinutes(10), "c@peer.test"); // so that it is looked
    house.await(() -> outbound.queue().size().held() == 0);
    assertThat(outbound.size()).isEqualTo(2);
  }

  private static boolean isFollowing() {
    return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
            .walk(calls ->
                calls.anyMatch(call ->
                    call.getDeclaringClass().equals(Book.class)
                        && call.getMethodName().equals("follow")))
        && Thread.currentThread().getName().equals("carrier");
  }
}
