package org.everpost.store.rocksdb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.everpost.store.BlobDamagedException;
import org.everpost.store.BlobId;
import org.everpost.store.Blobs;
import org.everpost.store.ContractLimits;
import org.everpost.store.StoreUnavailableException;
import org.everpost.store.chunk.ChunkCodec;
import org.everpost.store.chunk.ChunkInputStream;
import org.everpost.store.chunk.ChunkSplitter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Status;

/**
 * The blobs: chunks go to the committer, which nobody waits for, since the commit that refers to
 * the blob stands behind them in its queue. Safe for any number of threads.
 */
final class RocksDbBlobs implements Blobs {

  private static final int BLOBS_A_PAGE = 1_000;

  /** How much is put between two looks at the free space. */
  private static final long LOOK_EVERY_OCTETS = 1 << 20;

  /** The reserve is no more than this part of the file system, or a small one took no mail. */
  private static final int RESERVED_PART = 10;

  private final Database database;
  private final Committer committer;
  private final ReadLane lane;
  private final Underway<Work.PutChunk> underway;
  private final BlobIds ids;
  private final long reservedOctets;
  private final ChunkCodec codec = new ChunkCodec();
  private final AtomicLong octetsUntilLook = new AtomicLong();

  RocksDbBlobs(
      Database database,
      Committer committer,
      ReadLane lane,
      Underway<Work.PutChunk> underway,
      BlobIds ids,
      long reservedOctets) {
    this.database = database;
    this.committer = committer;
    this.lane = lane;
    this.underway = underway;
    this.ids = ids;
    this.reservedOctets = reservedOctets;
  }

  @Override
  public BlobId put(InputStream source) throws IOException {
    committer.requireAccepting();
    requireSpace(1);
    BlobId id = ids.next();
    byte[] blobKey = RocksDbLayout.blobKey(id);
    ChunkSplitter.split(
        codec,
        id,
        source,
        (index, last, stored) -> {
          byte[] blobValue =
              last || index == 0 ? RocksDbLayout.chunkCount(last ? index + 1 : 0) : null;
          putChunk(
              new Work.PutChunk(RocksDbLayout.chunkKey(id, index), stored, blobKey, blobValue));
        });
    return id;
  }

  private void putChunk(Work.PutChunk chunk) {
    requireSpace(chunk.octets());
    underway.add(chunk.key(), chunk);
    try {
      committer.submitUnattended(chunk);
    } catch (StoreUnavailableException e) {
      underway.remove(chunk.key(), chunk);
      throw e;
    }
  }

  private void requireSpace(int octets) {
    if (octetsUntilLook.addAndGet(-octets) >= 0) {
      return;
    }
    try {
      FileStore disk = Files.getFileStore(database.directory());
      if (disk.getUsableSpace() < Math.min(reservedOctets, disk.getTotalSpace() / RESERVED_PART)) {
        throw new StoreUnavailableException("the disk is nearly full");
      }
      octetsUntilLook.set(LOOK_EVERY_OCTETS);
    } catch (IOException e) {
      throw new StoreUnavailableException("cannot tell how full the disk is", e);
    }
  }

  @Override
  public InputStream open(BlobId id, long offset, long length) {
    ContractLimits.checkBlobRange(offset, length);
    return new ChunkInputStream(codec, id, index -> chunk(id, index), offset, length);
  }

  byte @Nullable [] chunk(BlobId id, int index) {
    byte[] key = RocksDbLayout.chunkKey(id, index);
    Work.PutChunk coming = underway.find(key);
    if (coming != null) {
      return coming.stored();
    }
    return lane.read(() -> stored(id, key));
  }

  private byte @Nullable [] stored(BlobId id, byte[] key) {
    try {
      return database.read(open -> open.db().get(open.blobs(), database.everywhere(), key));
    } catch (RocksDBException e) {
      Status status = e.getStatus();
      if (status != null && status.getCode() == Status.Code.Corruption) {
        throw new BlobDamagedException(id, "its file fails a checksum", e);
      }
      throw Rows.unreadable(e);
    }
  }

  @Override
  public void delete(BlobId id) {
    byte[] blobKey = RocksDbLayout.blobKey(id);
    byte[] count = lane.read(() -> stored(id, blobKey));
    if (count == null || RocksDbLayout.chunkCount(count) == 0) {
      // Not there, not there yet, or never finished: look again behind what is under way.
      awaitWritten();
      count = lane.read(() -> stored(id, blobKey));
      if (count == null) {
        return;
      }
    }
    int chunks = RocksDbLayout.chunkCount(count);
    int found = chunks > 0 ? chunks : lane.read(() -> chunksOfUnfinished(id));
    List<byte[]> keys = new ArrayList<>(found + 1);
    keys.add(blobKey);
    for (int index = 0; index < found; index++) {
      keys.add(RocksDbLayout.chunkKey(id, index));
    }
    write(keys);
  }

  private int chunksOfUnfinished(BlobId id) {
    byte[] first = RocksDbLayout.chunkKey(id, 0);
    byte[] last = RocksDbLayout.chunkKey(id, Integer.MAX_VALUE);
    try {
      return database.read(open -> {
        try (Slice from = new Slice(first);
            ReadOptions options = new ReadOptions().setIterateLowerBound(from);
            RocksIterator iterator = open.db().newIterator(open.blobs(), options)) {
          iterator.seekForPrev(last);
          int count = iterator.isValid() ? RocksDbLayout.chunkIndex(iterator.key()) + 1 : 0;
          iterator.status();
          return count;
        }
      });
    } catch (RocksDBException e) {
      throw Rows.unreadable(e);
    }
  }

  /** Returns when everything handed over before is written. */
  void awaitWritten() {
    write(List.of());
  }

  private void write(List<byte[]> deletedKeys) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    committer.submit(new Work.DeleteBlob(deletedKeys, done));
    RocksDbLedger.await(done);
  }

  @Override
  public void list(Instant before, Consumer<BlobId> visitor) {
    awaitWritten();
    long end = Math.clamp(before.getEpochSecond(), 0, 1L << 37) * 1000;
    end += before.getNano() / 1_000_000;
    byte[] bound = RocksDbLayout.firstBlobKey(Math.min(end, (1L << 48) - 1));
    byte[] from = RocksDbLayout.firstBlobKey(0);
    while (true) {
      byte[] start = from;
      List<byte[]> page = lane.read(() -> page(start, bound));
      page.forEach(key -> visitor.accept(RocksDbLayout.blob(key)));
      if (page.size() < BLOBS_A_PAGE) {
        return;
      }
      byte[] last = page.getLast();
      from = Arrays.copyOf(last, last.length + 1);
    }
  }

  private List<byte[]> page(byte[] from, byte[] bound) {
    try {
      return database.read(open -> {
        List<byte[]> keys = new ArrayList<>();
        try (Slice end = new Slice(bound);
            ReadOptions options = new ReadOptions().setIterateUpperBound(end);
            RocksIterator iterator = open.db().newIterator(open.blobs(), options)) {
          iterator.seek(from);
          while (iterator.isValid() && keys.size() < BLOBS_A_PAGE) {
            keys.add(iterator.key());
            iterator.next();
          }
          iterator.status();
        }
        return keys;
      });
    } catch (RocksDBException e) {
      throw Rows.unreadable(e);
    }
  }
}
