package org.everpost.wire.mime.convert;

import org.everpost.wire.mime.convert.BodyConversion.Target;

/** What octets there are in something that is read in pieces. */
final class OctetCount {

  /** RFC 5321 §4.5.3.1.6, without the line end. */
  private static final int LONGEST_LINE = 998;

  private long octets;
  private long eightBit;
  private long line;
  private boolean binary;
  private boolean longLine;
  private boolean afterCr;

  void add(byte[] b, int from, int to) {
    octets += to - from;
    for (int i = from; i < to; i++) {
      byte c = b[i];
      if (c < 0) {
        eightBit++;
      }
      // NUL, or a CR or LF that stands alone (RFC 2045 §2.8).
      binary |= c == 0 || (c == '\n') != afterCr;
      afterCr = c == '\r';
      line = c == '\n' ? 0 : line + 1;
      longLine |= line > LONGEST_LINE + 1;
    }
  }

  /** Whether there are octets that only a binary transport takes; a CR at the end is one. */
  boolean isBinary() {
    return binary || afterCr;
  }

  boolean hasLongLine() {
    return longLine;
  }

  boolean hasEightBit() {
    return eightBit > 0;
  }

  /** Whether a peer of that kind may refuse or damage them. */
  boolean exceeds(Target target) {
    return isBinary() || longLine || (target == Target.SEVEN_BIT && eightBit > 0);
  }

  /** Whether quoted-printable is about as short as base64, and far better to read. */
  boolean isMostlyAscii() {
    return eightBit < octets / 5;
  }
}
