package org.everpost.wire.smtp;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Sends a message after DATA (RFC 5321 §4.5.2): a line that begins with a dot gets another, the
 * last is a single dot. One for each message, which may come in any portions.
 *
 * <p>A CR or LF that stands alone is sent as CR LF, so that nothing in a message can look like its
 * end to a peer that is less strict than {@link DataDecoder}.
 */
public final class DataEncoder {

  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] END = {'.', '\r', '\n'};

  private final OutputStream out;
  private boolean lineStart = true;

  /** The last octet was a CR, which is not sent yet. */
  private boolean afterCr;

  public DataEncoder(OutputStream out) {
    this.out = out;
  }

  /** Takes the next octets of the message. */
  public void write(byte[] octets, int offset, int length) throws IOException {
    int to = offset + length;
    int from = offset;
    if (afterCr && from < to) {
      endLine();
      from += octets[from] == '\n' ? 1 : 0;
    }
    int i = from;
    while (i < to) {
      if (lineStart && octets[i] == '.') {
        out.write(octets, from, i - from);
        out.write('.');
        from = i;
      }
      i = LineEnds.nextLineEnd(octets, i, to);
      lineStart = false;
      if (i == to) {
        break;
      }
      if (octets[i] == '\r' && i + 1 == to) {
        out.write(octets, from, i - from);
        afterCr = true;
        return;
      }
      if (octets[i] == '\r' && octets[i + 1] == '\n') {
        i += 2;
        lineStart = true;
      } else {
        out.write(octets, from, i - from);
        endLine();
        from = ++i;
      }
    }
    out.write(octets, from, to - from);
  }

  /** Ends the last line if it is not, and the message. */
  public void finish() throws IOException {
    if (!lineStart || afterCr) {
      endLine();
    }
    out.write(END);
  }

  private void endLine() throws IOException {
    out.write(CRLF);
    lineStart = true;
    afterCr = false;
  }
}
