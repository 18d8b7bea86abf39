package org.everpost.store.rocksdb;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.ContractLimits;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView;
import org.everpost.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** The ledger: commits go to the committer, reads to RocksDB. Safe for any number of threads. */
final class RocksDbLedger implements Ledger {

  private static final int PARTITIONS_A_PAGE = 256;

  private final Rows rows;
  private final Database database;
  private final Committer committer;
  private final ReadLane lane;

  RocksDbLedger(Database database, Committer committer, ReadLane lane) {
    this.rows = new Rows(database, lane);
    this.database = database;
    this.committer = committer;
    this.lane = lane;
  }

  @Override
  public PartitionView read(Partition partition) {
    byte[] prefix = RocksDbLayout.prefix(partition);
    long version = RocksDbLayout.version(rows.get(RocksDbLayout.headKey(prefix)));
    return new RocksDbView(rows, prefix, version, partition.kind() != PartitionKind.SPOOL);
  }

  @Override
  public CommitResult commit(
      Partition partition, long expectedVersion, CommitId commitId, List<Mutation> mutations) {
    ContractLimits.checkCommit(expectedVersion, mutations);
    committer.requireAccepting();
    byte[] prefix = RocksDbLayout.prefix(partition);
    CommitOps ops = CommitOps.of(rows, prefix, expectedVersion, mutations);
    CompletableFuture<CommitResult> answer = new CompletableFuture<>();
    committer.submit(
        new Work.Commit(
            partition, prefix, expectedVersion, commitId, ops.list(), ops.octets(), answer));
    CommitResult result = await(answer);
    return result instanceof CommitResult.Conflict conflict
            && conflict.actualVersion() > expectedVersion
        ? explained(prefix, expectedVersion + 1, commitId, conflict)
        : result;
  }

  /** Whether {@code version} was made by this commit, earlier, or by another. */
  private CommitResult explained(
      byte[] prefix, long version, CommitId id, CommitResult.Conflict conflict) {
    byte[] slot = rows.get(RocksDbLayout.slotKey(prefix, version));
    // The slot may have gone to a later commit since the conflict was met.
    return Arrays.equals(slot, RocksDbLayout.slot(version, id))
        ? new CommitResult.Committed(version)
        : new CommitResult.Conflict(
            Math.max(conflict.actualVersion(), RocksDbLayout.version(slot)));
  }

  /** Waits, interrupted or not: the committer always answers. */
  static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw new StoreUnavailableException("the store cannot write", e.getCause());
    }
  }

  @Override
  public void partitions(PartitionKind kind, Consumer<Partition> visitor) {
    byte @Nullable [] from = RocksDbLayout.kindPrefix(kind);
    while (from != null) {
      byte[] start = from;
      List<Partition> page = lane.read(() -> page(kind, start));
      page.forEach(visitor);
      from =
          page.size() < PARTITIONS_A_PAGE
              ? null
              : RocksDbLayout.partitionEnd(RocksDbLayout.prefix(page.getLast()));
    }
  }

  /** Goes from partition to partition by a seek behind the last row of each. */
  private List<Partition> page(PartitionKind kind, byte[] from) {
    try {
      return database.read(open -> {
        List<Partition> page = new ArrayList<>();
        byte[] end = {(byte) (kind.code() + 1)};
        try (Slice bound = new Slice(end);
            ReadOptions options = new ReadOptions().setIterateUpperBound(bound);
            RocksIterator iterator = open.db().newIterator(open.ledger(), options)) {
          iterator.seek(from);
          while (iterator.isValid() && page.size() < PARTITIONS_A_PAGE) {
            Partition partition = RocksDbLayout.partition(iterator.key());
            page.add(partition);
            iterator.seek(RocksDbLayout.partitionEnd(RocksDbLayout.prefix(partition)));
          }
          iterator.status();
        }
        return page;
      });
    } catch (RocksDBException e) {
      throw new StoreUnavailableException("the store cannot read", e);
    }
  }
}
