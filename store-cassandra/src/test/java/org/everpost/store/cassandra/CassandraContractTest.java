package org.everpost.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.everpost.store.BlobId;
import org.everpost.store.Blobs;
import org.everpost.store.Hints;
import org.everpost.store.Ledger;
import org.everpost.store.Store;
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
      ByteBuffer key = ByteBuffer.wrap(id.toBytes());
      try (CqlSession session = Driver.connect(cluster.options(KEYSPACE))) {
        String table = KEYSPACE + ".blobs";
        Row row =
            session
                .execute(
                    SimpleStatement.newInstance(
                        "SELECT data FROM " + table + " WHERE id = ? AND chunk = ?", key, chunk))
                .one();
        byte[] data =
            RowKeys.bytes(
                Objects.requireNonNull(Objects.requireNonNull(row).getByteBuffer("data")));
        data[data.length - 1] ^= 1;
        session.execute(
            SimpleStatement.newInstance(
                "UPDATE " + table + " SET data = ? WHERE id = ? AND chunk = ?",
                ByteBuffer.wrap(data),
                key,
                chunk));
      }
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
