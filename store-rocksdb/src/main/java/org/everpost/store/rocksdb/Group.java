package org.everpost.store.rocksdb;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.everpost.store.CommitResult;
import org.everpost.store.Partition;
import org.everpost.store.StoreUnavailableException;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The works that are written together: puts them into one batch and tells their callers afterwards.
 * Used again for every group. For the committer thread only.
 */
final class Group {

  private static final int MAX_KNOWN_VERSIONS = 16_384;
  private static final int FIRST_BATCH_OCTETS = 1 << 20;

  private final Database database;
  private final Underway<Work.PutChunk> chunks;
  private final Underway<Work.PutHint> hints;
  private final InstantSource clock;
  private final WriteBatch batch = new WriteBatch(FIRST_BATCH_OCTETS);
  private final List<Work> works = new ArrayList<>();
  private final List<CommitResult> results = new ArrayList<>();
  private boolean needsSync;

  /** The versions of the partitions written last, those of this group included. */
  private final Map<Partition, Long> versions =
      new LinkedHashMap<>(1024, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Partition, Long> eldest) {
          return size() > MAX_KNOWN_VERSIONS;
        }
      };

  Group(
      Database database,
      Underway<Work.PutChunk> chunks,
      Underway<Work.PutHint> hints,
      InstantSource clock) {
    this.database = database;
    this.chunks = chunks;
    this.hints = hints;
    this.clock = clock;
  }

  void take(Work work) {
    works.add(work);
  }

  List<Work> works() {
    return works;
  }

  WriteBatch batch() {
    return batch;
  }

  /** How much there is to write. */
  long octets() {
    return batch.count() == 0 ? 0 : batch.getDataSize();
  }

  /** Whether somebody waits for it to be durable. */
  boolean needsSync() {
    return needsSync;
  }

  /** Puts all works into the batch, in their order. */
  void fill() throws RocksDBException {
    Database.Handle to = database.handle();
    for (Work work : works) {
      switch (work) {
        case Work.Commit commit -> results.add(decide(to, commit));
        case Work.PutChunk chunk -> {
          batch.put(to.blobs(), chunk.key(), chunk.stored());
          if (chunk.blobValue() != null) {
            batch.put(to.blobs(), chunk.blobKey(), chunk.blobValue());
          }
        }
        case Work.DeleteBlob blob -> {
          for (byte[] key : blob.keys()) {
            batch.delete(to.blobs(), key);
          }
        }
        case Work.PutHint(byte[] key, byte[] stored) when stored != null ->
            batch.put(to.hints(), key, stored);
        case Work.PutHint(byte[] key, var none) -> batch.delete(to.hints(), key);
        case Work.PurgeHints(List<byte[]> keys) -> purge(to, keys);
      }
    }
  }

  private CommitResult decide(Database.Handle to, Work.Commit commit) throws RocksDBException {
    Long known = versions.get(commit.partition());
    long version =
        known != null
            ? known
            : RocksDbLayout.version(
                to.db().get(to.ledger(), RocksDbLayout.headKey(commit.prefix())));
    if (version != commit.expected()) {
      versions.put(commit.partition(), version);
      return new CommitResult.Conflict(version);
    }
    version++;
    needsSync = true;
    for (Work.Op op : commit.ops()) {
      switch (op) {
        case Work.Op.Put(byte[] key, byte[] value) -> batch.put(to.ledger(), key, value);
        case Work.Op.Delete(byte[] key) -> batch.delete(to.ledger(), key);
        case Work.Op.DeleteRange(byte[] from, byte[] end) ->
            batch.deleteRange(to.ledger(), from, end);
      }
    }
    byte[] prefix = commit.prefix();
    batch.put(to.ledger(), RocksDbLayout.headKey(prefix), RocksDbLayout.head(version));
    batch.put(
        to.ledger(),
        RocksDbLayout.slotKey(prefix, version),
        RocksDbLayout.slot(version, commit.id()));
    versions.put(commit.partition(), version);
    return new CommitResult.Committed(version);
  }

  private void purge(Database.Handle to, List<byte[]> keys) throws RocksDBException {
    long now = clock.millis();
    for (byte[] key : keys) {
      byte[] stored = hints.find(key) != null ? null : to.db().get(to.hints(), key);
      if (stored != null && RocksDbLayout.hintEnd(stored) <= now) {
        batch.delete(to.hints(), key);
      }
    }
  }

  /** The batch is written: tells everybody. */
  void succeed() {
    int commits = 0;
    for (Work work : works) {
      switch (work) {
        case Work.Commit commit -> commit.answer().complete(results.get(commits++));
        case Work.DeleteBlob blob -> blob.done().complete(true);
        case Work.PutChunk chunk -> chunks.remove(chunk.key(), chunk);
        case Work.PutHint hint -> hints.remove(hint.key(), hint);
        case Work.PurgeHints purged -> {}
      }
    }
  }

  /** Nothing of it is written, as far as one knows. Chunks stay under way, hints are dropped. */
  void fail(StoreUnavailableException cause) {
    versions.clear();
    for (Work work : works) {
      switch (work) {
        case Work.Commit commit -> commit.answer().completeExceptionally(cause);
        case Work.DeleteBlob blob -> blob.done().completeExceptionally(cause);
        case Work.PutHint hint -> hints.remove(hint.key(), hint);
        case Work.PutChunk chunk -> {}
        case Work.PurgeHints purged -> {}
      }
    }
  }

  /** Ready for the next. */
  void reset() {
    works.clear();
    results.clear();
    needsSync = false;
    batch.clear();
  }

  void close() {
    batch.close();
  }
}
