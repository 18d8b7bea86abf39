package org.everpost.store.chunk;

import java.io.InputStream;
import java.util.Objects;
import org.everpost.store.BlobDamagedException;
import org.everpost.store.BlobId;
import org.everpost.store.BlobMissingException;
import org.everpost.store.chunk.ChunkCodec.Chunk;
import org.jspecify.annotations.Nullable;

/** A range of a blob as a stream; holds one chunk at a time. For one thread. */
public final class ChunkInputStream extends InputStream {

  private final ChunkCodec codec;
  private final BlobId id;
  private final Source source;

  private Chunk chunk;
  private int index;
  private int position;
  private long remaining;

  /** Where the chunks of a blob lie. */
  @FunctionalInterface
  public interface Source {
    /** The stored form of a chunk, or null if there is none of this number. */
    byte @Nullable [] read(int index);

    /**
     * A good copy of a chunk, where there are several.
     *
     * @param damage what is wrong with the one that was read
     * @throws BlobDamagedException if there is none
     */
    default Chunk recover(int index, BlobDamagedException damage) {
      throw damage;
    }
  }

  /**
   * Reads the first chunk of the range.
   *
   * @throws BlobMissingException if the blob has no chunks at all
   * @throws BlobDamagedException if chunks are damaged or absent
   */
  public ChunkInputStream(ChunkCodec codec, BlobId id, Source source, long offset, long length) {
    this.codec = codec;
    this.id = id;
    this.source = source;
    this.index = (int) Math.min(Integer.MAX_VALUE, offset / ChunkCodec.CHUNK_OCTETS);
    this.position = (int) (offset % ChunkCodec.CHUNK_OCTETS);
    this.remaining = length;
    byte[] stored = source.read(index);
    this.chunk = stored != null ? decode(index, stored) : lastBefore(index);
  }

  private Chunk decode(int number, byte[] stored) {
    try {
      return codec.decode(id, number, stored);
    } catch (BlobDamagedException e) {
      return source.recover(number, e);
    }
  }

  /** The last chunk of a blob that has none of number {@code absent}; the range lies behind it. */
  private Chunk lastBefore(int absent) {
    remaining = 0;
    int present = 0;
    int missing = absent;
    while (missing - present > 1) {
      int middle = present + (missing - present) / 2;
      if (source.read(middle) != null) {
        present = middle;
      } else {
        missing = middle;
      }
    }
    byte[] stored = source.read(present);
    if (stored == null) {
      throw new BlobMissingException(id);
    }
    Chunk last = decode(present, stored);
    if (!last.last()) {
      throw new BlobDamagedException(id, "chunk " + missing + " is absent");
    }
    return last;
  }

  /** The octets ready to be read from the chunk at hand; 0 at the end of the range. */
  private int ready() {
    while (remaining > 0 && position >= chunk.raw().length) {
      if (chunk.last()) {
        remaining = 0;
      } else {
        index = Math.incrementExact(index);
        position = 0;
        byte[] stored = source.read(index);
        chunk = stored != null ? decode(index, stored) : lastBefore(index);
      }
    }
    return (int) Math.min(remaining, chunk.raw().length - position);
  }

  @Override
  public int read() {
    if (ready() <= 0) {
      return -1;
    }
    remaining--;
    return chunk.raw()[position++] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    int ready = ready();
    if (ready <= 0) {
      return -1;
    }
    int octets = Math.min(length, ready);
    System.arraycopy(chunk.raw(), position, target, offset, octets);
    position += octets;
    remaining -= octets;
    return octets;
  }

  @Override
  public int available() {
    return (int) Math.max(0, Math.min(remaining, chunk.raw().length - position));
  }
}
