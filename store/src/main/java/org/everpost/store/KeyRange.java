package org.everpost.store;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keys from {@code from} (inclusive) to {@code to} (exclusive; null: without an end), in unsigned
 * byte order.
 */
@SuppressWarnings("ArrayRecordComponent") // ranges are used, never compared
public record KeyRange(byte[] from, byte @Nullable [] to) {

  /** Every key. */
  public static final KeyRange ALL = new KeyRange(new byte[0], null);

  public KeyRange {
    Objects.requireNonNull(from, "from");
  }

  /** Every key from {@code from} (inclusive) on. */
  public static KeyRange from(byte[] from) {
    return new KeyRange(from, null);
  }

  /** Every key that begins with {@code prefix}. */
  public static KeyRange prefix(byte[] prefix) {
    return new KeyRange(prefix, behindPrefix(prefix));
  }

  /** This range without the keys up to and including {@code key}. */
  public KeyRange after(byte[] key) {
    return new KeyRange(Arrays.copyOf(key, key.length + 1), to);
  }

  /** This range without the keys from {@code key} on. */
  public KeyRange before(byte[] key) {
    return new KeyRange(from, key);
  }

  public boolean contains(byte[] key) {
    return Arrays.compareUnsigned(key, from) >= 0
        && (to == null || Arrays.compareUnsigned(key, to) < 0);
  }

  private static byte @Nullable [] behindPrefix(byte[] prefix) {
    for (int i = prefix.length - 1; i >= 0; i--) {
      if (prefix[i] != (byte) 0xff) {
        byte[] end = Arrays.copyOf(prefix, i + 1);
        end[i]++;
        return end;
      }
    }
    return null;
  }
}
