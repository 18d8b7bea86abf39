package org.everpost.store.chunk;

import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.xxhash.XxHash64Hasher;
import io.airlift.compress.v3.zstd.ZstdCompressor;
import io.airlift.compress.v3.zstd.ZstdDecompressor;
import io.airlift.compress.v3.zstd.ZstdJavaCompressor;
import io.airlift.compress.v3.zstd.ZstdNativeCompressor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.everpost.store.BlobDamagedException;
import org.everpost.store.BlobId;

/**
 * Turns one chunk of a blob into its stored form and back. Safe for any number of threads.
 *
 * <p>Stored form: one octet of flags (bit 0: zstd, bit 1: last chunk, the others 0), three octets
 * of raw length, eight octets of checksum (big-endian all), then the body: the raw or the
 * compressed octets. The checksum is an XXH64 chain over the blob's id, the chunk's number, the
 * flags, the raw octets and, if it is compressed, the body: it proves that what is given back is
 * what was put in, and that nothing stored has changed, even where a change would not matter.
 */
public final class ChunkCodec {

  /** The raw length of every chunk but the last. */
  public static final int CHUNK_OCTETS = 1 << 16;

  private static final int HEADER_OCTETS = 12;

  /** The longest stored form. */
  public static final int MAX_STORED_OCTETS = HEADER_OCTETS + CHUNK_OCTETS;

  private static final int ZSTD = 1;
  private static final int LAST = 2;

  /** The fastest level with entropy coding: beyond it mail shrinks by 1 % and costs 30 % more. */
  private static final int LEVEL = 1;

  /** What is smaller than this is not worth the attempt. */
  private static final int SMALLEST_COMPRESSED = 128;

  private static final int KEPT_WORKSPACES = 16;

  private final BlockingQueue<Workspace> idle = new ArrayBlockingQueue<>(KEPT_WORKSPACES);

  /**
   * One chunk as it was before it was stored.
   *
   * @param raw exactly the chunk's octets
   * @param last whether the blob ends with it
   */
  @SuppressWarnings("ArrayRecordComponent") // chunks are read, never compared
  public record Chunk(byte[] raw, boolean last) {}

  /** Compression needs about a megabyte to work in: as many are made as threads really run. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Workspace(ZstdCompressor compressor, ZstdDecompressor decompressor, byte[] out) {
    static Workspace create() {
      ZstdCompressor compressor =
          ZstdNativeCompressor.isEnabled()
              ? new ZstdNativeCompressor(LEVEL)
              : new ZstdJavaCompressor();
      byte[] out = new byte[compressor.maxCompressedLength(CHUNK_OCTETS)];
      return new Workspace(compressor, ZstdDecompressor.create(), out);
    }
  }

  /** The stored form of the first {@code length} octets of {@code raw}. */
  public byte[] encode(BlobId id, int index, boolean last, byte[] raw, int length) {
    if (length > CHUNK_OCTETS || (!last && length != CHUNK_OCTETS)) {
      throw new IllegalArgumentException("chunk of " + length + " octets");
    }
    int plain = last ? LAST : 0;
    if (length >= SMALLEST_COMPRESSED) {
      Workspace workspace = acquire();
      try {
        byte[] out = workspace.out;
        int packed = workspace.compressor.compress(raw, 0, length, out, 0, out.length);
        if (packed < length - length / 16) {
          int flags = plain | ZSTD;
          long checksum = rawChecksum(id, index, flags, raw, length);
          checksum = XxHash64Hasher.hash(out, 0, packed, checksum);
          return stored(flags, length, checksum, out, packed);
        }
      } finally {
        release(workspace);
      }
    }
    return stored(plain, length, rawChecksum(id, index, plain, raw, length), raw, length);
  }

  private static byte[] stored(int flags, int length, long checksum, byte[] body, int bodyLength) {
    return ByteBuffer.allocate(HEADER_OCTETS + bodyLength)
        .putInt(flags << 24 | length)
        .putLong(checksum)
        .put(body, 0, bodyLength)
        .array();
  }

  /**
   * The chunk that {@link #encode} was given.
   *
   * @throws BlobDamagedException if it is not exactly that chunk of that blob
   */
  public Chunk decode(BlobId id, int index, byte[] stored) {
    if (stored.length < HEADER_OCTETS) {
      throw new BlobDamagedException(id, "chunk " + index + " has no header");
    }
    ByteBuffer header = ByteBuffer.wrap(stored);
    int first = header.getInt();
    int flags = first >>> 24;
    int length = first & 0xff_ffff;
    long checksum = header.getLong();
    boolean last = (flags & LAST) != 0;
    if ((flags & ~(ZSTD | LAST)) != 0
        || length > CHUNK_OCTETS
        || (!last && length != CHUNK_OCTETS)) {
      throw new BlobDamagedException(id, "chunk " + index + " has a wrong header");
    }
    int bodyLength = stored.length - HEADER_OCTETS;
    boolean compressed = (flags & ZSTD) != 0;
    byte[] raw =
        compressed
            ? decompress(id, index, stored, length)
            : Arrays.copyOfRange(stored, HEADER_OCTETS, stored.length);
    long actual = rawChecksum(id, index, flags, raw, raw.length);
    if (compressed) {
      actual = XxHash64Hasher.hash(stored, HEADER_OCTETS, bodyLength, actual);
    }
    if (raw.length != length || actual != checksum) {
      throw new BlobDamagedException(id, "chunk " + index + " fails its checksum");
    }
    return new Chunk(raw, last);
  }

  private byte[] decompress(BlobId id, int index, byte[] stored, int length) {
    Workspace workspace = acquire();
    try {
      byte[] raw = new byte[length];
      int octets =
          workspace.decompressor.decompress(
              stored, HEADER_OCTETS, stored.length - HEADER_OCTETS, raw, 0, length);
      if (octets != length) {
        throw new BlobDamagedException(id, "chunk " + index + " has a wrong length");
      }
      return raw;
    } catch (MalformedInputException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new BlobDamagedException(id, "chunk " + index + " cannot be decompressed", e);
    } finally {
      release(workspace);
    }
  }

  private static long rawChecksum(BlobId id, int index, int flags, byte[] raw, int length) {
    long hash = XxHash64Hasher.hash(id.high(), id.low());
    hash = XxHash64Hasher.hash((long) flags << 32 | index, hash);
    return XxHash64Hasher.hash(raw, 0, length, hash);
  }

  private Workspace acquire() {
    Workspace workspace = idle.poll();
    return workspace != null ? workspace : Workspace.create();
  }

  /** One that finds no place is freed with its memory. */
  private void release(Workspace workspace) {
    idle.offer(workspace);
  }
}
