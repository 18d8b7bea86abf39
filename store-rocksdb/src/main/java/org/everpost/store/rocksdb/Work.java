package org.everpost.store.rocksdb;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.Partition;
import org.jspecify.annotations.Nullable;

/** What the committer does, in the order it was handed over. Keys and values are as stored. */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
sealed interface Work {

  /** What it adds to a batch, about. */
  int octets();

  /** Changes a partition if it is at the expected version. */
  record Commit(
      Partition partition,
      byte[] prefix,
      long expected,
      CommitId id,
      List<Op> ops,
      int octets,
      CompletableFuture<CommitResult> answer)
      implements Work {}

  /** One step of a commit. */
  sealed interface Op {
    record Put(byte[] key, byte[] value) implements Op {}

    record Delete(byte[] key) implements Op {}

    record DeleteRange(byte[] from, byte[] to) implements Op {}
  }

  /**
   * Puts a chunk of a blob; nobody waits for it.
   *
   * @param blobKey the blob's own row, to be written with {@code blobValue} if that is not null
   */
  record PutChunk(byte[] key, byte[] stored, byte[] blobKey, byte @Nullable [] blobValue)
      implements Work {
    @Override
    public int octets() {
      return stored.length + 64;
    }
  }

  /** Deletes the rows of a blob. */
  record DeleteBlob(List<byte[]> keys, CompletableFuture<Boolean> done) implements Work {
    @Override
    public int octets() {
      return keys.size() * 32;
    }
  }

  /** Puts a hint, or deletes it; nobody waits for it. */
  record PutHint(byte[] key, byte @Nullable [] stored) implements Work {
    @Override
    public int octets() {
      return key.length + (stored == null ? 0 : stored.length);
    }
  }

  /** Deletes those of these hints that are over and that nobody is renewing. */
  record PurgeHints(List<byte[]> keys) implements Work {
    @Override
    public int octets() {
      return keys.size() * 32;
    }
  }
}
