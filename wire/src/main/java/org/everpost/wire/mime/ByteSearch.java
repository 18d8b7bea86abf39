package org.everpost.wire.mime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds an octet in an array, eight at a time. */
final class ByteSearch {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private ByteSearch() {}

  /** Where {@code wanted} first stands in {@code [from, to)}; -1 if nowhere. */
  static int indexOf(byte[] b, int from, int to, byte wanted) {
    long pattern = (wanted & 0xffL) * ONES;
    int i = from;
    for (int last = to - Long.BYTES; i <= last; i += Long.BYTES) {
      long x = (long) LONG.get(b, i) ^ pattern;
      long zeroOctets = (x - ONES) & ~x & HIGH_BITS;
      if (zeroOctets != 0) {
        return i + (Long.numberOfTrailingZeros(zeroOctets) >>> 3);
      }
    }
    for (; i < to; i++) {
      if (b[i] == wanted) {
        return i;
      }
    }
    return -1;
  }
}
