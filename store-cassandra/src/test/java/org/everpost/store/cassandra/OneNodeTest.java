package org.everpost.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.StoreUnavailableException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of requests, and of what is not in a commit log, where there is one node only. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OneNodeTest {

  private CassandraCluster cluster;

  @BeforeAll
  void start(@TempDir Path data) throws Exception {
    cluster = CassandraCluster.start(1, data);
  }

  @AfterAll
  void close() {
    cluster.close();
  }

  private void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", name, "" + cluster.node(0).pid()).start();
    assertThat(kill.waitFor()).isZero();
  }

  @Test
  void aStoreIsClosedAtOnceThoughItsRequestsAreNotAnswered() throws Exception {
    CassandraStore store = cluster.open("frozen");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Partition partition = new Partition(PartitionKind.CLUSTER, "some");
      assertThat(store.ledger().read(partition).version()).isZero();
      signal("-STOP");
      try {
        List<Future<?>> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          waiting.add(threads.submit(() -> store.ledger().read(partition)));
        }
        assertThatThrownBy(() -> waiting.getFirst().get(500, TimeUnit.MILLISECONDS))
            .isInstanceOf(TimeoutException.class);
        long began = System.nanoTime();
        store.close();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
        for (Future<?> read : waiting) {
          assertThatThrownBy(() -> read.get(10, TimeUnit.SECONDS))
              .hasCauseInstanceOf(StoreUnavailableException.class);
        }
      } finally {
        signal("-CONT");
      }
      try (CassandraStore again = cluster.open("frozen")) { // the node answers before others ask it
        assertThat(again.ledger().read(partition).version()).isZero();
      }
    }
  }

  private CassandraStore atAClockThatIsAhead(Duration ahead) {
    return CassandraStore.open(
        cluster.options("clocks"),
        InstantSource.offset(InstantSource.system(), ahead),
        new SecureRandom());
  }

  /** What a failed login counts is read before it is written. */
  @Test
  void whoHasReadAHintWritesOverItWhateverTheClocksSay() {
    byte[] key = {1};
    byte[] first = {1};
    byte[] second = {2};
    try (CassandraStore ahead = atAClockThatIsAhead(Duration.ofSeconds(20));
        CassandraStore right = atAClockThatIsAhead(Duration.ZERO)) {
      ahead.hints().put("clock-test", key, first, Duration.ofMinutes(1));
      assertThat(right.hints().get("clock-test", key)).isEqualTo(first);
      right.hints().put("clock-test", key, second, Duration.ofMinutes(1));
      assertThat(ahead.hints().get("clock-test", key)).isEqualTo(second);
      ahead.hints().put("clock-test", key, first, Duration.ofMinutes(1));
      assertThat(right.hints().get("clock-test", key)).isEqualTo(first);
      right.hints().delete("clock-test", key);
      assertThat(ahead.hints().get("clock-test", key)).isNull();
    }
  }

  /** A test that waits for it would take minutes. */
  @Test
  void hintsThatHaveNoCommitLogAreWrittenToFilesEveryFewMinutes() {
    try (CassandraStore store = cluster.open("flushed");
        CqlSession session = Driver.connect(cluster.options("flushed"))) {
      assertThat(store.hints().get("test", new byte[] {1})).isNull();
      TableMetadata hints =
          session
              .getMetadata()
              .getKeyspace("flushed_hints")
              .flatMap(keyspace -> keyspace.getTable("hints"))
              .orElseThrow();
      assertThat(hints.getOptions())
          .containsEntry(CqlIdentifier.fromInternal("memtable_flush_period_in_ms"), 300_000);
    }
  }
}
