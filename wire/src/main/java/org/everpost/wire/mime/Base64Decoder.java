package org.everpost.wire.mime;

import java.util.Arrays;

/**
 * Base64 (RFC 2045 §6.8) bit by bit: what is not of its alphabet is passed over, padding ends a
 * group and another may follow, and what a last incomplete group holds is kept.
 */
final class Base64Decoder {

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final byte NONE = -1;
  private static final byte PADDING = -2;
  private static final byte[] VALUES = values();

  private int bits;
  private int digits;

  /**
   * Decodes {@code [from, to)} into {@code out}, which has room for three octets for every four and
   * three more.
   *
   * @return how many octets it wrote
   */
  int decode(byte[] b, int from, int to, byte[] out, int outFrom) {
    int i = from;
    int o = outFrom;
    while (i < to) {
      if (digits == 0) {
        for (; i + 4 <= to; i += 4, o += 3) {
          int group =
              VALUES[b[i] & 0xff] << 18
                  | VALUES[b[i + 1] & 0xff] << 12
                  | VALUES[b[i + 2] & 0xff] << 6
                  | VALUES[b[i + 3] & 0xff];
          if (group < 0) {
            break;
          }
          out[o] = (byte) (group >> 16);
          out[o + 1] = (byte) (group >> 8);
          out[o + 2] = (byte) group;
        }
        if (i == to) {
          break;
        }
      }
      int value = VALUES[b[i++] & 0xff];
      if (value >= 0) {
        bits = bits << 6 | value;
        if (++digits == 4) {
          o = flush(out, o);
        }
      } else if (value == PADDING) {
        o = flush(out, o);
      }
    }
    return o - outFrom;
  }

  /** Writes what an incomplete last group holds: at most two octets. */
  int finish(byte[] out, int outFrom) {
    return flush(out, outFrom) - outFrom;
  }

  private int flush(byte[] out, int from) {
    int o = from;
    int have = bits << (6 * (4 - digits));
    for (int n = digits - 1, shift = 16; n > 0; n--, shift -= 8) {
      out[o++] = (byte) (have >> shift);
    }
    bits = 0;
    digits = 0;
    return o;
  }

  private static byte[] values() {
    byte[] values = new byte[256];
    Arrays.fill(values, NONE);
    for (int i = 0; i < ALPHABET.length(); i++) {
      values[ALPHABET.charAt(i)] = (byte) i;
    }
    values['='] = PADDING;
    return values;
  }
}
