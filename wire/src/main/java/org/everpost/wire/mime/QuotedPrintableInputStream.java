package org.everpost.wire.mime;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * A body in quoted-printable (RFC 2045 §6.7) as the octets it stands for. An equals sign that
 * begins nothing is itself, and white space at a line's end, which some transport added, is
 * dropped.
 */
final class QuotedPrintableInputStream extends InputStream {

  private static final int CHUNK = 8 * 1024;

  /** White space longer than this is text wherever it stands. */
  private static final int LONGEST_SPACE = 1024;

  private final InputStream encoded;
  private final byte[] in = new byte[CHUNK];
  private int at;
  private int end;
  private boolean ended;

  /** So much white space ahead is known to be text. */
  private int textSpace;

  QuotedPrintableInputStream(InputStream encoded) {
    this.encoded = encoded;
  }

  @Override
  public int read() throws IOException {
    while (true) {
      int octet = peek(0);
      switch (octet) {
        case '=' -> {
          int decoded = escape();
          if (decoded >= 0) {
            return decoded;
          }
        }
        case ' ', '\t' -> {
          if (textSpace > 0 || !passTrailingSpace()) {
            textSpace--;
            at++;
            return octet;
          }
        }
        case -1 -> {
          return -1;
        }
        default -> {
          at++;
          return octet;
        }
      }
    }
  }

  @Override
  public int read(byte[] b, int off, int len) throws IOException {
    Objects.checkFromIndexSize(off, len, b.length);
    int n = 0;
    while (n < len) {
      int octet = read();
      if (octet < 0) {
        return n == 0 ? -1 : n;
      }
      b[off + n++] = (byte) octet;
      if (at == end && !ended) {
        break; // the next octet would have to be waited for
      }
    }
    return n;
  }

  /** Passes an equals sign and what belongs to it; -1 if that was a soft line break. */
  private int escape() throws IOException {
    int high = Character.digit(peek(1), 16);
    int low = high < 0 ? -1 : Character.digit(peek(2), 16);
    if (low >= 0) {
      at += 3;
      return high << 4 | low;
    }
    int afterSpace = spaceEnd(1);
    int lineEnd = lineEndLength(afterSpace);
    if (lineEnd < 0) {
      at++;
      return '=';
    }
    at += afterSpace + lineEnd;
    return -1;
  }

  private boolean passTrailingSpace() throws IOException {
    int spaceEnd = spaceEnd(0);
    if (lineEndLength(spaceEnd) < 0) {
      textSpace = spaceEnd;
      return false;
    }
    at += spaceEnd;
    return true;
  }

  /** Where the white space ends that stands {@code ahead}. */
  private int spaceEnd(int ahead) throws IOException {
    int i = ahead;
    while (i < LONGEST_SPACE && (peek(i) == ' ' || peek(i) == '\t')) {
      i++;
    }
    return i;
  }

  /** The length of the line end there, 0 at the end of the body, -1 if there is none. */
  private int lineEndLength(int ahead) throws IOException {
    return switch (peek(ahead)) {
      case '\n' -> 1;
      case '\r' -> peek(ahead + 1) == '\n' ? 2 : 1;
      case -1 -> 0;
      default -> -1;
    };
  }

  /** The octet that stands {@code ahead} of the next; -1 behind the end. */
  private int peek(int ahead) throws IOException {
    while (at + ahead >= end && !ended) {
      if (at > 0) {
        System.arraycopy(in, at, in, 0, end - at);
        end -= at;
        at = 0;
      }
      int n = encoded.read(in, end, in.length - end);
      ended = n < 0;
      end += Math.max(n, 0);
    }
    return at + ahead < end ? in[at + ahead] & 0xff : -1;
  }

  @Override
  public void close() throws IOException {
    encoded.close();
  }
}
