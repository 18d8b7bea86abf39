package org.everpost.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.everpost.store.BlobId;
import org.everpost.store.Blobs;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.Hints;
import org.everpost.store.Ledger;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.Store;
import org.everpost.store.StoreUnavailableException;
import org.everpost.testkit.store.BlobsContract;
import org.everpost.testkit.store.Effort;
import org.everpost.testkit.store.HintsContract;
import org.everpost.testkit.store.LedgerConcurrencyContract;
import org.everpost.testkit.store.LedgerContract;
import org.everpost.testkit.store.LedgerModelContract;
import org.everpost.testkit.store.LifecycleContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The storage contract on one Cassandra node, which all its parts share. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CassandraContractTest {

  private static final String KEYSPACE = "contract";

  private CassandraCluster cluster;
  private CassandraStore store;

  @BeforeAll
  void open(@TempDir Path directory) throws Exception {
    cluster = CassandraCluster.start(1, directory);
    store = cluster.open(KEYSPACE);
  }

  @AfterAll
  void close() {
    store.close();
    cluster.close();
  }

  @Nested
  final class OfTheLedger extends LedgerContract {
    @Override
    protected Ledger ledger() {
      return store.ledger();
    }

    @Override
    protected Effort effort() {
      return Effort.SLOW;
    }
  }

  @Nested
  final class OfManyCallers extends LedgerConcurrencyContract {
    @Override
    protected Store store() {
      return store;
    }

    @Override
    protected Effort effort() {
      return Effort.SLOW;
    }
  }

  @Nested
  final class OfUnknownOutcomes {

    private final Partition partition =
        new Partition(PartitionKind.ACCOUNT, "unknown-" + RandomGenerator.getDefault().nextLong());

    private CommitResult commitLosingTheAnswer(int othersMeanwhile) {
      CassandraOptions options = patient(cluster.options(KEYSPACE));
      try (LossySession session = new LossySession(Driver.connect(options))) {
        Requests requests = new Requests(session, options, new SecureRandom());
        Ledger ledger = new CassandraLedger(requests, KEYSPACE);
        session.loseNextBatch(() -> commitOthers(othersMeanwhile));
        return ledger.commit(partition, 0, new CommitId(1, 2), List.of());
      }
    }

    /** Others' commits take their time on a slow machine. */
    private static CassandraOptions patient(CassandraOptions options) {
      return new CassandraOptions(
          options.contactPoints(),
          options.datacenter(),
          options.replicationFactor(),
          options.keyspace(),
          options.maxInFlight(),
          Duration.ofMinutes(5),
          options.disk());
    }

    private void commitOthers(int count) {
      for (int version = 1; version <= count; version++) {
        assertThat(store.ledger().commit(partition, version, new CommitId(version, 3), List.of()))
            .isEqualTo(new CommitResult.Committed(version + 1));
      }
    }

    @Test
    void anAnswerThatWasLostIsFoundAgain() {
      assertThat(commitLosingTheAnswer(4 * Ledger.REMEMBERED_COMMITS))
          .isEqualTo(new CommitResult.Committed(1));
    }

    @Test
    void whatIsForgottenIsNotDeniedToHaveBeenApplied() {
      assertThatThrownBy(() -> commitLosingTheAnswer(RowKeys.COMMIT_SLOTS))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("what became of a commit");
    }
  }

  @Nested
  final class OfTheModel extends LedgerModelContract {
    @Override
    protected Ledger ledger() {
      return store.ledger();
    }

    @Override
    protected Effort effort() {
      return Effort.SLOW;
    }
  }

  @Nested
  final class OfBlobs extends BlobsContract {
    @Override
    protected Blobs blobs() {
      return store.blobs();
    }

    @Override
    protected Effort effort() {
      return Effort.SLOW;
    }

    @Override
    protected void damage(BlobId id, int chunk) {
      BlobDamage.damage(cluster.options(KEYSPACE), id, chunk);
    }
  }

  @Nested
  final class OfHints extends HintsContract {
    @Override
    protected Hints hints() {
      return store.hints();
    }

    /** The nodes' clock cannot be moved. */
    @Override
    protected void letPass(Duration duration) throws InterruptedException {
      boolean early = new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS);
      assert !early;
    }

    @Override
    protected Effort effort() {
      return Effort.SLOW;
    }
  }

  @Nested
  final class OfOpeningAndClosing extends LifecycleContract {
    @Override
    protected Store open() throws IOException {
      return cluster.open(KEYSPACE);
    }
  }
}
