package org.everpost.store.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BatchableStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.ContractLimits;
import org.everpost.store.KeyRange;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView;
import org.everpost.store.StoreUnavailableException;

/**
 * The ledger as one table. A partition's rows and its version (a static column) are one Cassandra
 * partition, and a commit is one batch in it, {@code IF version = ?}: Paxos decides between the
 * nodes, and every replica applies the batch whole.
 *
 * <p><b>Repeating is safe.</b> Each batch also writes its commit id into the slot of the version it
 * makes. A commit whose outcome is unknown is simply tried again: either it is applied now, or the
 * condition fails, and then the slot of {@code expectedVersion + 1} says whether that was ours;
 * unless a later commit has taken the slot, then nobody knows any more.
 *
 * <p><b>What a view shows is on a quorum.</b> A commit is decided before a quorum has applied it,
 * so a plain QUORUM read may see its version on the first node that has, and the next read, from
 * the other two, may miss its rows. A version read here that is not yet known to be on a quorum is
 * therefore read again at SERIAL, which first brings the latest commit to a quorum; from then on
 * every QUORUM read sees it. Most versions are known: this process committed them.
 *
 * <p>SERIAL and QUORUM, not their LOCAL forms: all replicas are in one data centre, where they cost
 * the same, and should that ever change, LOCAL_SERIAL would let two data centres decide
 * differently.
 */
final class CassandraLedger implements Ledger {

  private final Requests requests;
  private final StableVersions stable = new StableVersions();
  private final RowReader rows;
  private final PreparedStatement readVersion;
  private final PreparedStatement writeVersion;
  private final PreparedStatement putRow;
  private final PreparedStatement deleteRow;
  private final PreparedStatement deleteRange;
  private final PreparedStatement listPartitions;

  CassandraLedger(Requests requests, String keyspace) {
    String table = keyspace + ".ledger";
    this.requests = requests;
    this.rows = new RowReader(requests, table);
    this.readVersion =
        requests.prepare("SELECT DISTINCT version FROM " + table + " WHERE partition = ?");
    this.writeVersion =
        requests.prepare("UPDATE " + table + " SET version = ? WHERE partition = ? IF version = ?");
    this.putRow =
        requests.prepare("UPDATE " + table + " SET value = ? WHERE partition = ? AND key = ?");
    this.deleteRow = requests.prepare("DELETE FROM " + table + " WHERE partition = ? AND key = ?");
    this.deleteRange =
        requests.prepare("DELETE FROM " + table + " WHERE partition = ? AND key >= ? AND key < ?");
    this.listPartitions = requests.prepare("SELECT DISTINCT partition, version FROM " + table);
  }

  @Override
  public PartitionView read(Partition partition) {
    ByteBuffer stored = RowKeys.partition(partition);
    long version = version(stored, ConsistencyLevel.QUORUM);
    if (version > 0 && !stable.contains(partition, version)) {
      version = version(stored, ConsistencyLevel.SERIAL);
      stable.add(partition, version);
    }
    return new CassandraView(rows, stored, version);
  }

  long version(ByteBuffer partition, ConsistencyLevel level) {
    Row row =
        requests.row(
            readVersion
                .bind(partition)
                .setConsistencyLevel(level)
                .setIdempotent(true)
                .setTimeout(Requests.READ_LIMIT));
    return row == null ? 0 : row.getLong("version");
  }

  @Override
  public CommitResult commit(
      Partition partition, long expectedVersion, CommitId commitId, List<Mutation> mutations) {
    ContractLimits.checkCommit(expectedVersion, mutations);
    ByteBuffer stored = RowKeys.partition(partition);
    Requests.Outcome answer =
        requests.conditional(batch(stored, expectedVersion, commitId, NetEffect.of(mutations)));
    Row outcome = answer.row();
    long next = expectedVersion + 1;
    if (outcome.getBoolean("[applied]")) {
      stable.add(partition, next);
      return new CommitResult.Committed(next);
    }
    // A failed condition is as good as a SERIAL read: what it saw is on a quorum.
    long actual =
        outcome.getColumnDefinitions().contains("version") ? outcome.getLong("version") : 0;
    stable.add(partition, actual);
    byte[] slot = actual < next ? null : rows.get(stored, RowKeys.commitSlot(next));
    if (slot == null) {
      return new CommitResult.Conflict(actual);
    }
    if (RowKeys.commitValue(commitId, next).equals(ByteBuffer.wrap(slot))) {
      return new CommitResult.Committed(next);
    }
    long holder = RowKeys.commitVersion(slot);
    if (answer.repeated() && holder != next) {
      throw new StoreUnavailableException(
          "what became of a commit to " + partition + " is unknown");
    }
    return new CommitResult.Conflict(Math.max(actual, holder));
  }

  private BatchStatement batch(
      ByteBuffer partition, long expectedVersion, CommitId commitId, List<Mutation> effect) {
    long next = expectedVersion + 1;
    BoundStatement version = writeVersion.bind(next, partition);
    BatchStatementBuilder batch = BatchStatement.builder(BatchType.UNLOGGED);
    batch.addStatement(
        expectedVersion == 0 ? version.setToNull(2) : version.setLong(2, expectedVersion));
    batch.addStatement(
        putRow.bind(RowKeys.commitValue(commitId, next), partition, RowKeys.commitSlot(next)));
    effect.forEach(mutation -> batch.addStatement(statement(partition, mutation)));
    // Not idempotent to the driver, so that it neither repeats nor races it: Requests repeats it.
    return batch
        .setConsistencyLevel(ConsistencyLevel.QUORUM)
        .setSerialConsistencyLevel(ConsistencyLevel.SERIAL)
        .setIdempotence(false)
        .setTimeout(Requests.COMMIT_LIMIT)
        .build();
  }

  private BatchableStatement<?> statement(ByteBuffer partition, Mutation mutation) {
    return switch (mutation) {
      case Mutation.Put(byte[] key, byte[] value) ->
          putRow.bind(ByteBuffer.wrap(value), partition, RowKeys.row(key));
      case Mutation.Delete(byte[] key) -> deleteRow.bind(partition, RowKeys.row(key));
      case Mutation.DeleteRange(KeyRange(byte[] from, byte[] to)) ->
          deleteRange.bind(partition, RowKeys.row(from), RowKeys.rangeEnd(to));
    };
  }

  @Override
  public void partitions(PartitionKind kind, Consumer<Partition> visitor) {
    requests.list(
        listPartitions
            .bind()
            .setConsistencyLevel(ConsistencyLevel.QUORUM)
            .setIdempotent(true)
            .setTimeout(Requests.LIST_LIMIT),
        row -> {
          ByteBuffer partition = row.getByteBuffer("partition");
          if (partition != null && RowKeys.isOfKind(partition, kind) && !row.isNull("version")) {
            visitor.accept(RowKeys.partition(partition));
          }
        });
  }
}
