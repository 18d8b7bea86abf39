package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.everpost.core.cluster.NodeId;
import org.everpost.core.cluster.NodeLease;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.spool.Spool;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpoolPartition;
import org.everpost.core.time.RandomSource;
import org.everpost.e2e.SpoolNode.AdvancedClock;
import org.everpost.store.Store;
import org.everpost.store.StoreUnavailableException;
import org.everpost.store.rocksdb.RocksDbOptions;
import org.everpost.store.rocksdb.RocksDbStore;
import org.everpost.store.rocksdb.StoreWatcher;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queue on the embedded engine. */
@Tag("slow")
class SpoolOnDiskTest {

  private static final NodeId A = new NodeId("aaaaaaaaaaaaaaaa");
  private static final NodeId B = new NodeId("bbbbbbbbbbbbbbbb");

  private final AdvancedClock clock = new AdvancedClock();
  private final RandomSource random = RandomSource.secure();

  @TempDir Path directory;

  private Store store() {
    return RocksDbStore.open(
        directory, RocksDbOptions.DEFAULT, InstantSource.system(), random, StoreWatcher.NONE);
  }

  private Spool spool(Store store, NodeId node) {
    return Spool.open(node, "host", store, clock, random, _ -> {});
  }

  @Test
  void everythingIsThereAfterARestart() throws Exception {
    Set<SpoolId> left = ConcurrentHashMap.newKeySet();
    try (Store store = store()) {
      Spool spool = spool(store, A);
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> running = new ArrayList<>();
        for (int t = 0; t < 50; t++) {
          running.add(threads.submit(() -> addSome(spool, left)));
        }
        for (Future<?> each : running) {
          each.get();
        }
      }
    }
    try (Store store = store()) {
      Spool spool = spool(store, A);
      assertThat(loaded(spool)).isEqualTo(left).hasSize(500);
      for (SpoolPartition partition : spool.partitions()) {
        left.forEach(id -> assertThat(partition.update(id, _ -> Optional.empty())).isEmpty());
      }
      spool.tend();
      assertThat(spool.partitions()).hasSize(1);
    }
    try (Store store = store()) {
      assertThat(loaded(spool(store, A))).isEmpty();
    }
  }

  private void addSome(Spool spool, Set<SpoolId> left) {
    for (int i = 0; i < 20; i++) {
      SpoolId id = spool.nextId();
      SpoolPartition partition = spool.add(List.of(SpoolNode.message(id, clock.instant())));
      if (i % 2 == 0) {
        assertThat(partition.update(id, _ -> Optional.empty())).isEmpty();
      } else {
        left.add(id);
      }
    }
  }

  private static Set<SpoolId> loaded(Spool spool) {
    Set<SpoolId> ids = new HashSet<>();
    spool.load((_, message) -> assertThat(ids.add(message.id())).isTrue());
    return ids;
  }

  @Test
  void whatAnotherNodeHadInTheSameDirectoryIsAdopted() {
    SpoolId id;
    try (Store store = store()) {
      Spool a = spool(store, A);
      id = a.nextId();
      SpoolPartition partition = a.add(List.of(SpoolNode.message(id, clock.instant())));
      Spool b = spool(store, B);
      List<SpoolId> adopted = new ArrayList<>();
      assertThat(b.adopt()).containsExactly(A);
      b.load((_, message) -> adopted.add(message.id()));
      assertThat(adopted).containsExactly(id);
      assertThatThrownBy(() -> partition.update(id, Optional::of))
          .isInstanceOf(StoreUnavailableException.class);
    }
    try (Store store = store()) {
      assertThat(loaded(spool(store, A))).isEmpty();
      assertThat(loaded(spool(store, B))).containsExactly(id);
    }
  }

  @Test
  void leasesOnItsLedgerEndAndAreTakenOver() {
    try (Store store = store()) {
      OptimisticCommit commits = new OptimisticCommit(store.ledger(), clock, random);
      NodeLease a = NodeLease.take(A, "a", true, commits, clock, random);
      NodeLease b = NodeLease.take(B, "b", true, commits, clock, random);
      assertThat(a.own("s")).isTrue();
      assertThat(b.adopt(A)).isEmpty();
      clock.ahead(Duration.ofMinutes(1));
      assertThat(a.isValid()).isFalse();
      assertThat(b.renew()).isTrue();
      assertThat(b.dead()).containsExactly(A);
      assertThat(b.adopt(A)).containsExactly("s");
      assertThat(a.renew()).isFalse();
      assertThat(a.own("t")).isFalse();
      assertThat(b.owns("s")).isTrue();
    }
  }
}
