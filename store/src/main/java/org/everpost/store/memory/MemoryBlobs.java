package org.everpost.store.memory;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.everpost.store.BlobId;
import org.everpost.store.Blobs;
import org.everpost.store.ContractLimits;
import org.everpost.store.chunk.ChunkCodec;
import org.everpost.store.chunk.ChunkInputStream;
import org.everpost.store.chunk.ChunkSplitter;
import org.jspecify.annotations.Nullable;

/** Blobs as lists of stored chunks. */
final class MemoryBlobs implements Blobs {

  private final Map<BlobId, List<byte[]>> blobs = new ConcurrentSkipListMap<>();
  private final ChunkCodec codec = new ChunkCodec();
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Runnable requireOpen;

  MemoryBlobs(InstantSource clock, RandomGenerator random, Runnable requireOpen) {
    this.clock = clock;
    this.random = random;
    this.requireOpen = requireOpen;
  }

  @Override
  public BlobId put(InputStream source) throws IOException {
    requireOpen.run();
    BlobId id = newId();
    List<byte[]> chunks = new ArrayList<>();
    ChunkSplitter.split(codec, id, source, (index, last, stored) -> chunks.add(stored));
    requireOpen.run();
    blobs.put(id, chunks);
    return id;
  }

  private BlobId newId() {
    synchronized (random) {
      return BlobId.of(clock.instant(), random.nextLong(), random.nextLong());
    }
  }

  @Override
  public InputStream open(BlobId id, long offset, long length) {
    ContractLimits.checkBlobRange(offset, length);
    return new ChunkInputStream(codec, id, index -> chunk(id, index), offset, length);
  }

  private byte @Nullable [] chunk(BlobId id, int index) {
    requireOpen.run();
    List<byte[]> chunks = blobs.get(id);
    return chunks == null || index >= chunks.size() ? null : chunks.get(index);
  }

  @Override
  public void delete(BlobId id) {
    requireOpen.run();
    blobs.remove(id);
  }

  @Override
  public void list(Instant before, Consumer<BlobId> visitor) {
    requireOpen.run();
    for (BlobId id : blobs.keySet()) {
      if (id.created().isBefore(before)) {
        visitor.accept(id);
      }
    }
  }

  /** Replaces a stored chunk by one with a flipped bit. */
  void damage(BlobId id, int chunk, int octet) {
    List<byte[]> chunks = new ArrayList<>(Objects.requireNonNull(blobs.get(id), "no such blob"));
    byte[] stored = chunks.get(chunk).clone();
    stored[octet] ^= 1;
    chunks.set(chunk, stored);
    blobs.put(id, chunks);
  }
}
