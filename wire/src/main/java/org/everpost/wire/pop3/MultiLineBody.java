package org.everpost.wire.pop3;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A message as a multi-line response (RFC 1939 §3): every line ends in CRLF, one that begins with a
 * dot gets another, the last is a single dot. Takes the message in any portions.
 */
public final class MultiLineBody {

  private static final byte[] DOT = {'.'};
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] END = {'.', '\r', '\n'};

  private final OutputStream out;

  /** How many lines of the body may still be written; negative: all. */
  private int bodyLines;

  private boolean inHeader = true;
  private boolean lineStart = true;
  private boolean lineEmpty = true;
  private boolean afterCr;
  private boolean full;

  private MultiLineBody(OutputStream out, int bodyLines) {
    this.out = out;
    this.bodyLines = bodyLines;
  }

  /** For the whole message. */
  public static MultiLineBody whole(OutputStream out) {
    return new MultiLineBody(out, -1);
  }

  /** For the header and so many lines of the body (RFC 1939 §7, TOP). */
  public static MultiLineBody top(OutputStream out, int lines) {
    return new MultiLineBody(out, lines);
  }

  /** Whether no more of the message is wanted. */
  public boolean isFull() {
    return full;
  }

  /** Takes the next octets of the message. */
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int end = offset + length;
    int from = offset;
    for (int i = offset; i < end && !full; ) {
      if (lineStart) {
        if (bytes[i] == '.') {
          out.write(bytes, from, i - from);
          from = i;
          out.write(DOT);
        }
        lineStart = false;
      }
      int lf = indexOfLf(bytes, i, end);
      if (lf < 0) {
        noteContent(bytes, i, end);
        break;
      }
      noteContent(bytes, i, lf);
      if (!(lf > i ? bytes[lf - 1] == '\r' : afterCr)) {
        out.write(bytes, from, lf - from);
        out.write(CRLF);
        from = lf + 1;
      }
      i = lf + 1;
      if (endLine()) {
        out.write(bytes, from, i - from);
        full = true;
        return;
      }
    }
    if (!full) {
      out.write(bytes, from, end - from);
    }
  }

  /** Ends the response. */
  public void finish() throws IOException {
    if (!lineStart) {
      out.write(CRLF);
    }
    out.write(END);
  }

  private void noteContent(byte[] bytes, int from, int to) {
    if (to > from) {
      lineEmpty &= to - from == 1 && bytes[from] == '\r' && !afterCr;
      afterCr = bytes[to - 1] == '\r';
    }
  }

  /** Returns whether this line is the last wanted. */
  private boolean endLine() {
    boolean wasEmpty = lineEmpty;
    lineStart = true;
    lineEmpty = true;
    afterCr = false;
    if (inHeader) {
      inHeader = !wasEmpty;
    } else if (bodyLines > 0) {
      bodyLines--;
    }
    return !inHeader && bodyLines == 0;
  }

  private static int indexOfLf(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }
}
