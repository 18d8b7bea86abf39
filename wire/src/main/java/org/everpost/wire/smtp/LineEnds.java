package org.everpost.wire.smtp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks whether every line end is CR LF (RFC 5321 §2.3.8), over any number of pieces: for a message
 * sent in chunks that is not binary (RFC 3030 §2).
 */
public final class LineEnds {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;

  private boolean afterCr;
  private boolean bare;

  /** Takes the next piece. */
  public void check(byte[] octets, int from, int to) {
    int i = from;
    if (afterCr && i < to) {
      afterCr = false;
      if (octets[i++] != '\n') {
        bare = true;
      }
    }
    while (!bare) {
      i = nextLineEnd(octets, i, to);
      if (i == to) {
        return;
      }
      if (octets[i] == '\n') {
        bare = true;
      } else if (i + 1 == to) {
        afterCr = true;
        return;
      } else if (octets[i + 1] != '\n') {
        bare = true;
      }
      i += 2;
    }
  }

  /** Whether a CR or LF stood alone so far; a CR at the very end counts once all was given. */
  public boolean bare(boolean atEnd) {
    return bare || (atEnd && afterCr);
  }

  /** The first CR or LF at or after {@code from}, or {@code to}. Eight octets at a time. */
  static int nextLineEnd(byte[] octets, int from, int to) {
    int i = from;
    while (i + Long.BYTES <= to) {
      long word = (long) LONG.get(octets, i);
      // The lowest octet below 0x0E has its high bit set here, and no octet before it has.
      long low = (word - ONES * 0x0E) & ~word & HIGH;
      if (low == 0) {
        i += Long.BYTES;
        continue;
      }
      i += Long.numberOfTrailingZeros(low) >>> 3;
      byte b = octets[i];
      if (b == '\r' || b == '\n') {
        return i;
      }
      i++;
    }
    while (i < to && octets[i] != '\r' && octets[i] != '\n') {
      i++;
    }
    return i;
  }
}
