package org.everpost.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.everpost.testkit.store.Ledgers.commit;
import static org.everpost.testkit.store.Ledgers.commitId;
import static org.everpost.testkit.store.Ledgers.partition;
import static org.everpost.testkit.store.Ledgers.put;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.everpost.store.BlobId;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.KeyRange;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.Store;
import org.everpost.store.StoreUnavailableException;
import org.junit.jupiter.api.Test;

/** What an engine promises about being closed and opened again. */
public abstract class LifecycleContract {

  /**
   * Opens the engine. The test closes it and, if the engine is durable, opens the same data again.
   */
  protected abstract Store open() throws Exception;

  /** Whether what was written is there after closing and opening. */
  protected boolean durable() {
    return true;
  }

  @Test
  void afterCloseEveryVerbIsUnavailable() throws Exception {
    Store store = open();
    Partition partition = partition();
    commit(store.ledger(), partition, 0, put("a", "1"));
    PartitionView view = store.ledger().read(partition);
    BlobId blob = store.blobs().put(new ByteArrayInputStream(new byte[10]));
    store.close();
    store.close();
    byte[] key = {1};
    unavailable(() -> store.ledger().read(partition));
    unavailable(() -> view.get(key));
    unavailable(() -> view.getAll(List.of(key)));
    unavailable(() -> view.scan(KeyRange.ALL, 1, Direction.ASCENDING));
    unavailable(() -> store.ledger().commit(partition, 1, commitId(), List.of()));
    unavailable(() -> store.ledger().partitions(PartitionKind.ACCOUNT, p -> {}));
    unavailable(() -> store.blobs().put(new ByteArrayInputStream(new byte[1])));
    unavailable(() -> store.blobs().open(blob, 0, 1));
    unavailable(() -> store.blobs().delete(blob));
    unavailable(() -> store.blobs().list(Instant.EPOCH, id -> {}));
    unavailable(() -> store.hints().put("t", key, key, Duration.ofSeconds(9)));
    unavailable(() -> store.hints().get("t", key));
    unavailable(() -> store.hints().delete("t", key));
  }

  private static void unavailable(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void whatWasAcknowledgedIsThereAfterOpeningAgain() throws Exception {
    if (!durable()) {
      return;
    }
    Partition partition = partition();
    CommitId id = commitId();
    List<Mutation> mutations = List.of(put("b", "2"));
    BlobId blob;
    try (Store store = open()) {
      commit(store.ledger(), partition, 0, put("a", "1"));
      blob = store.blobs().put(new ByteArrayInputStream(new byte[200_000]));
      store.ledger().commit(partition, 1, id, mutations);
    }
    try (Store store = open()) {
      assertThat(store.ledger().read(partition).version()).isEqualTo(2);
      assertThat(Ledgers.rows(store.ledger(), partition)).containsExactly("a=1", "b=2");
      assertThat(store.ledger().commit(partition, 1, id, mutations))
          .isEqualTo(new CommitResult.Committed(2));
      assertThat(store.ledger().commit(partition, 1, commitId(), mutations))
          .isEqualTo(new CommitResult.Conflict(2));
      try (InputStream in = store.blobs().open(blob, 0, Long.MAX_VALUE)) {
        assertThat(in.readAllBytes()).isEqualTo(new byte[200_000]);
      }
      commit(store.ledger(), partition, 2, put("c", "3"));
    }
  }

  @Test
  void closingUnderLoadLosesNothingAcknowledged() throws Exception {
    Store store = open();
    List<Partition> partitions = new ArrayList<>();
    List<Callable<Long>> tasks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Partition partition = partition();
      partitions.add(partition);
      tasks.add(() -> commitUntilClosed(store, partition));
    }
    Partition busy = partition();
    tasks.add(() -> {
      while (store.ledger().read(partitions.getFirst()).version() < 5) {
        commit(store.ledger(), busy, store.ledger().read(busy).version());
      }
      store.close();
      return 0L;
    });
    List<Long> acknowledged = Ledgers.atOnce(tasks);
    if (durable()) {
      try (Store again = open()) {
        for (int i = 0; i < partitions.size(); i++) {
          assertThat(again.ledger().read(partitions.get(i)).version())
              .isBetween(acknowledged.get(i), acknowledged.get(i) + 1);
        }
      }
    }
  }

  private static long commitUntilClosed(Store store, Partition partition) throws IOException {
    long version = 0;
    try {
      while (true) {
        store.blobs().put(new ByteArrayInputStream(new byte[1000]));
        commit(store.ledger(), partition, version, put("row", "value " + version));
        version++;
      }
    } catch (StoreUnavailableException closed) {
      return version;
    }
  }

  @Test
  void openingAndClosingManyTimesKeepsCounting() throws Exception {
    if (!durable()) {
      return;
    }
    Partition partition = partition();
    for (int version = 0; version < 3; version++) {
      try (Store store = open()) {
        assertThat(store.ledger().read(partition).version()).isEqualTo(version);
        commit(
            store.ledger(),
            partition,
            version,
            Collections.nCopies(3, put("a", "1")).toArray(Mutation[]::new));
      }
    }
  }
}
