package org.everpost.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.everpost.core.spool.SpoolPartition;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.server.outbound.Orders.Order;
import org.everpost.server.relay.OutgoingMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is to be held and not written down yet. */
final class OrdersTest {

  private final OutboundHouse house = new OutboundHouse();
  private final Orders orders = new Orders(house.clock);
  private final SpoolPartition partition = house.spool().partitions().getFirst();

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

  @Test
  void aMessageIsKeptBackUntilItIsWritten() {
    SpooledMessage message = message();
    Instant now = house.clock.instant();
    Order order = orders.given(OutboundHouse.SENDER, "too much", now);
    assertThat(orders.concerning(message)).isSameAs(order);
    assertThat(orders.concerning(message.withHeld("already"))).isNull();
    assertThat(orders.keptBackUntil(partition, message)).isEmpty();
    order.awaits(partition, message.id());
    order.lookedThrough();
    assertThat(orders.keptBackUntil(partition, message)).hasValue(order.until());
    assertThat(orders.isIdle(OutboundHouse.SENDER)).isFalse();
    order.written(partition, message.id());
    assertThat(orders.keptBackUntil(partition, message)).as("released since, perhaps").isEmpty();
    assertThat(orders.isIdle(OutboundHouse.SENDER)).isTrue();
  }

  @Test
  void whatCannotBeWrittenIsKeptBackForAnHour() {
    SpooledMessage message = message();
    Order order = orders.given(OutboundHouse.SENDER, "too much", house.clock.instant());
    order.awaits(partition, message.id());
    order.lookedThrough();
    house.clock.leap(Duration.ofMinutes(59));
    assertThat(orders.keptBackUntil(partition, message)).isPresent();
    house.clock.leap(Duration.ofMinutes(2));
    assertThat(orders.keptBackUntil(partition, message)).isEmpty();
    orders.forgetOver();
    assertThat(orders.concerning(message)).as("it is to be written all the same").isNotNull();
    order.written(partition, message.id());
    orders.forgetOver();
    assertThat(orders.concerning(message)).isNull();
  }

  @Test
  void anOrderThatIsRenewedIsForWhatCameLater() {
    Instant now = house.clock.instant();
    Order order = orders.given(OutboundHouse.SENDER, "too much", now.minusSeconds(60));
    SpooledMessage message = message();
    assertThat(orders.concerning(message)).isNull();
    assertThat(orders.given(OutboundHouse.SENDER, "more", house.clock.instant())).isSameAs(order);
    assertThat(orders.concerning(message)).isSameAs(order);
    assertThat(order.reason()).isEqualTo("more");
    order.lookedThrough();
    assertThat(orders.isIdle(OutboundHouse.SENDER)).as("both look through the plan").isFalse();
    order.lookedThrough();
    assertThat(orders.isIdle(OutboundHouse.SENDER)).isTrue();
  }
}
