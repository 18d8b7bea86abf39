package org.everpost.store;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;

/**
 * The name of a blob: in the upper 48 bits the millisecond it was made (so that a sweep knows its
 * age), the other 80 bits random.
 */
public record BlobId(long high, long low) implements Comparable<BlobId> {

  /** The length of {@link #toBytes}. */
  public static final int OCTETS = 16;

  /**
   * An id made at {@code now} from 80 bits of {@code randomHigh} (its lower 16) and {@code
   * randomLow}.
   */
  public static BlobId of(Instant now, long randomHigh, long randomLow) {
    return new BlobId(now.toEpochMilli() << 16 | (randomHigh & 0xffff), randomLow);
  }

  /**
   * @throws IllegalArgumentException if {@code bytes} is not 16 octets long
   */
  public static BlobId fromBytes(byte[] bytes) {
    if (bytes.length != OCTETS) {
      throw new IllegalArgumentException("blob id of " + bytes.length + " octets");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new BlobId(buffer.getLong(), buffer.getLong());
  }

  public byte[] toBytes() {
    return ByteBuffer.allocate(OCTETS).putLong(high).putLong(low).array();
  }

  /** When it was made, to the millisecond. */
  public Instant created() {
    return Instant.ofEpochMilli(high >>> 16);
  }

  @Override
  public int compareTo(BlobId other) {
    int c = Long.compareUnsigned(high, other.high);
    return c != 0 ? c : Long.compareUnsigned(low, other.low);
  }

  /** 32 hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(toBytes());
  }
}
