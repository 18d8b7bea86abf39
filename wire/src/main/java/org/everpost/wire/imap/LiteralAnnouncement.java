package org.everpost.wire.imap;

import org.jspecify.annotations.Nullable;

/**
 * The end of a line that says that a literal follows: {@code {n}}, {@code {n+}} (RFC 7888) or with
 * {@code ~} before it (RFC 3516).
 *
 * @param start where it begins in the line, the tilde included
 * @param size {@link Long#MAX_VALUE} if it is more than fits
 */
record LiteralAnnouncement(int start, long size, boolean synchronizing, boolean binary) {

  /** The one at the end of the line; null if there is none. */
  static @Nullable LiteralAnnouncement of(byte[] line) {
    int at = line.length - 1;
    if (at < 2 || line[at] != '}') {
      return null;
    }
    at--;
    boolean synchronizing = line[at] != '+';
    if (!synchronizing) {
      at--;
    }
    int digitsEnd = at + 1;
    while (at >= 0 && line[at] >= '0' && line[at] <= '9') {
      at--;
    }
    if (at < 0 || at + 1 == digitsEnd || line[at] != '{') {
      return null;
    }
    long size = 0;
    for (int i = at + 1; i < digitsEnd; i++) {
      int digit = line[i] - '0';
      size = size > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : size * 10 + digit;
    }
    boolean binary = at > 0 && line[at - 1] == '~';
    return new LiteralAnnouncement(binary ? at - 1 : at, size, synchronizing, binary);
  }
}
