package org.everpost.core.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.everpost.core.commit.OptimisticCommit.Decision;
import org.everpost.core.time.Clock;
import org.everpost.core.time.ManualClock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.CommitId;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView;
import org.everpost.store.StoreUnavailableException;
import org.everpost.store.memory.MemoryStore;
import org.junit.jupiter.api.Test;

class OptimisticCommitTest {

  private static final Partition PARTITION = new Partition(PartitionKind.CLUSTER, "test");
  private static final byte[] KEY = {1};

  private final RandomSource random = RandomSource.seeded(1);
  private final MemoryStore store = new MemoryStore(Clock.system(), random);

  private static int value(PartitionView view) {
    byte[] value = view.get(KEY);
    return value == null ? 0 : ByteBuffer.wrap(value).getInt();
  }

  private static Decision<Integer> increment(PartitionView view) {
    int next = value(view) + 1;
    byte[] value = ByteBuffer.allocate(4).putInt(next).array();
    return new Decision<>(List.of(new Mutation.Put(KEY, value)), next);
  }

  @Test
  void manyWritersLoseNothing() throws InterruptedException {
    OptimisticCommit commits = new OptimisticCommit(store.ledger(), Clock.system(), random);
    CountDownLatch done = new CountDownLatch(16);
    for (int writer = 0; writer < 16; writer++) {
      Thread.ofVirtual()
          .start(() -> {
            for (int i = 0; i < 20; i++) {
              commits.change(PARTITION, OptimisticCommitTest::increment);
            }
            done.countDown();
          });
    }
    done.await();
    assertThat(value(store.ledger().read(PARTITION))).isEqualTo(320);
  }

  @Test
  void nothingToDoCommitsNothing() {
    OptimisticCommit commits = new OptimisticCommit(store.ledger(), Clock.system(), random);
    assertThat(commits.<String>change(PARTITION, _ -> Decision.nothing("no"))).isEqualTo("no");
    assertThat(store.ledger().read(PARTITION).version()).isZero();
  }

  @Test
  void itGivesUpWhenOthersAreAlwaysFaster() {
    ManualClock clock = new ManualClock();
    OptimisticCommit commits = new OptimisticCommit(store.ledger(), clock, random);
    AtomicInteger asked = new AtomicInteger();
    assertThatThrownBy(() ->
            commits.change(
                PARTITION,
                view -> {
                  asked.incrementAndGet();
                  CommitId id = new CommitId(random.nextLong(), random.nextLong());
                  store.ledger().commit(PARTITION, view.version(), id, List.of());
                  return increment(view);
                }))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(asked.get()).isEqualTo(30);
    assertThat(value(store.ledger().read(PARTITION))).isZero();
    assertThat(clock.nanoTime()).isPositive();
  }
}
