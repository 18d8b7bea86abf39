package org.everpost.core.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.everpost.core.commit.LossyStore.Fault;
import org.everpost.store.StoreUnavailableException;
import org.junit.jupiter.api.Test;

/** What one node has the others hold. */
class HoldOrdersTest {

  private final SpoolFixture fixture = new SpoolFixture(8);
  private final HoldOrders a = fixture.open(SpoolFixture.A).holdOrders();
  private final HoldOrders b = fixture.open(SpoolFixture.B).holdOrders();

  @Test
  void anOrderReachesEveryOtherNodeOnce() {
    a.give("thief@example.test", "too much");
    assertThat(a.take()).isEmpty();
    assertThat(b.take())
        .containsExactly(new HoldOrder(fixture.clock.instant(), "thief@example.test", "too much"));
    assertThat(b.take()).isEmpty();
    HoldOrders later = fixture.open(SpoolFixture.B).holdOrders();
    assertThat(later.take()).hasSize(1);
  }

  @Test
  void afterAnHourAnOrderIsForgotten() {
    a.give("one@example.test", "too much");
    fixture.clock.advance(HoldOrders.LIFE.plusSeconds(1));
    assertThat(b.take()).isEmpty();
    a.give("other@example.test", "too much");
    HoldOrders later = fixture.open(SpoolFixture.B).holdOrders();
    fixture.clock.advance(Duration.ofHours(-1));
    assertThat(later.take()).extracting(HoldOrder::sender).containsExactly("other@example.test");
  }

  @Test
  void anOrderThatWasLostIsGivenAgain() {
    fixture.store.faults(() -> Fault.DROPPED);
    assertThatThrownBy(() -> a.give("thief@example.test", "x"))
        .isInstanceOf(StoreUnavailableException.class);
    fixture.store.faults(() -> Fault.NONE);
    a.give("thief@example.test", "x");
    assertThat(b.take()).hasSize(1);
  }
}
