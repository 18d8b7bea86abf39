package org.everpost.core.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.everpost.core.commit.LossyStore.Fault;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.commit.OptimisticCommit.Decision;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.StoreUnavailableException;
import org.junit.jupiter.api.Test;

/** What one node has the others hold. */
class HoldOrdersTest {

  private final SpoolFixture fixture = new SpoolFixture(8);
  private final HoldOrders a = fixture.open(SpoolFixture.A).holdOrders();
  private final HoldOrders b = fixture.open(SpoolFixture.B).holdOrders();

  @Test
  void anOrderReachesEveryNodeOnce() {
    a.give(a.newOrder("thief@example.test", "too much"));
    assertThat(a.pending()).isEqualTo(b.pending()); // it may end before it has done so itself
    a.obeyed(a.pending().getFirst());
    assertThat(a.pending()).isEmpty();
    HoldOrder order = b.pending().getFirst();
    assertThat(order.at()).isEqualTo(fixture.clock.instant());
    assertThat(order.sender()).isEqualTo("thief@example.test");
    assertThat(order.reason()).isEqualTo("too much");
    b.obeyed(order);
    assertThat(b.pending()).isEmpty();
  }

  /** What an operator has released meanwhile must not be held again. */
  @Test
  void aNodeThatStartsAgainKnowsWhatItHasDone() {
    a.give(a.newOrder("thief@example.test", "too much"));
    a.obeyed(a.pending().getFirst());
    b.obeyed(b.pending().getFirst());
    assertThat(fixture.open(SpoolFixture.A).holdOrders().pending()).isEmpty();
    assertThat(fixture.open(SpoolFixture.B).holdOrders().pending()).isEmpty();
  }

  @Test
  void whatItHasNotDoneANodeDoesWhenItIsBack() {
    a.give(a.newOrder("thief@example.test", "too much"));
    assertThat(b.pending()).hasSize(1);
    assertThat(fixture.open(SpoolFixture.B).holdOrders().pending()).hasSize(1);
  }

  @Test
  void whatIsForgottenMeanwhileDoesNotComeBack() {
    a.give(a.newOrder("thief@example.test", "too much"));
    HoldOrder order = b.pending().getFirst();
    fixture.clock.advance(HoldOrders.LIFE.plusSeconds(1));
    a.give(a.newOrder("other@example.test", "too much"));
    b.obeyed(order);
    fixture.clock.advance(HoldOrders.LIFE.negated());
    assertThat(b.pending()).extracting(HoldOrder::sender).containsExactly("other@example.test");
  }

  @Test
  void afterAnHourAnOrderIsForgotten() {
    a.give(a.newOrder("one@example.test", "too much"));
    fixture.clock.advance(HoldOrders.LIFE.plusSeconds(1));
    assertThat(b.pending()).isEmpty();
    a.give(a.newOrder("other@example.test", "too much"));
    HoldOrders later = fixture.open(SpoolFixture.B).holdOrders();
    fixture.clock.advance(Duration.ofHours(-1));
    assertThat(later.pending()).extracting(HoldOrder::sender).containsExactly("other@example.test");
  }

  @Test
  void anOrderThatWasLostIsGivenAgain() {
    fixture.store.faults(() -> Fault.DROPPED);
    HoldOrder order = a.newOrder("thief@example.test", "x");
    assertThatThrownBy(() -> a.give(order)).isInstanceOf(StoreUnavailableException.class);
    fixture.store.faults(() -> Fault.NONE);
    a.give(order);
    assertThat(b.pending()).containsExactly(order);
    b.obeyed(order);
    a.give(order); // as after an outcome that nobody knows
    assertThat(b.pending()).isEmpty();
    assertThat(a.pending()).hasSize(1);
  }

  @Test
  void aDamagedOrderStandsInNoOthersWay() {
    a.give(a.newOrder("thief@example.test", "too much"));
    byte[] damaged = new HoldOrder(fixture.clock.instant(), 1, "", "", List.of()).key();
    var partition = new Partition(PartitionKind.CLUSTER, "holds");
    var commits = new OptimisticCommit(fixture.memory.ledger(), fixture.clock, fixture.random);
    boolean _ =
        commits.change(
            partition,
            _ -> new Decision<>(List.of(new Mutation.Put(damaged, new byte[] {-1})), true));
    assertThat(b.pending()).extracting(HoldOrder::sender).containsExactly("thief@example.test");
    fixture.clock.advance(HoldOrders.LIFE.plusSeconds(1));
    a.give(a.newOrder("other@example.test", "too much"));
    assertThat(fixture.memory.ledger().read(partition).get(damaged)).isNull();
  }
}
