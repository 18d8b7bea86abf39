package org.everpost.wire.dkim;

import java.security.MessageDigest;

/** The hash of a body in its canonical form (RFC 6376 §3.4.3 and §3.4.4), as it passes by. */
final class BodyHash {

  /** No limit. */
  static final long WHOLE = Long.MAX_VALUE;

  private static final int BUFFER = 8 * 1024;

  private final MessageDigest digest = DkimAlgorithm.sha256();
  private final byte[] buffer = new byte[BUFFER];
  private final boolean relaxed;
  private final long limit;
  private int buffered;
  private long length;

  /** Line ends that count only if something follows. */
  private long lineEnds;

  private boolean space;
  private boolean afterCr;

  /**
   * @param limit canonical octets to be hashed at most ({@code l=})
   */
  BodyHash(Canonicalization canonicalization, long limit) {
    this.relaxed = canonicalization == Canonicalization.RELAXED;
    this.limit = limit;
  }

  void update(byte[] b, int from, int to) {
    for (int i = from; i < to; i++) {
      byte c = b[i];
      if (afterCr) {
        afterCr = false;
        if (c == '\n') {
          lineEnds++;
          space = false;
          continue;
        }
        content((byte) '\r');
      }
      if (c == '\r') {
        afterCr = true;
      } else if (relaxed && (c == ' ' || c == '\t')) {
        space = true;
      } else {
        content(c);
      }
    }
  }

  private void content(byte c) {
    for (; lineEnds > 0; lineEnds--) {
      put((byte) '\r');
      put((byte) '\n');
    }
    if (space) {
      put((byte) ' ');
      space = false;
    }
    put(c);
  }

  private void put(byte c) {
    length++;
    if (length > limit) {
      return;
    }
    buffer[buffered++] = c;
    if (buffered == BUFFER) {
      digest.update(buffer);
      buffered = 0;
    }
  }

  /** The hash; to be called once. */
  byte[] digest() {
    if (afterCr) {
      content((byte) '\r');
    }
    // A body ends with one line end; one that is empty has it only in the simple form.
    if (length > 0 || !relaxed) {
      put((byte) '\r');
      put((byte) '\n');
    }
    digest.update(buffer, 0, buffered);
    return digest.digest();
  }

  /** The canonical octets there were; valid after {@link #digest}. */
  long length() {
    return length;
  }
}
