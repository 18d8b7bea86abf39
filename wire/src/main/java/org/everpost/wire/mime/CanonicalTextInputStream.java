package org.everpost.wire.mime;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Text whose lines end in CRLF, wherever those of what is read end in LF alone (RFC 2046 §4.1.1).
 */
final class CanonicalTextInputStream extends InputStream {

  private static final int CHUNK = 8 * 1024;

  private final InputStream text;
  private final byte[] in = new byte[CHUNK];
  private int at;
  private int end;
  private boolean afterCr;

  /** A CR was put in; the LF comes next. */
  private boolean lfIsDue;

  CanonicalTextInputStream(InputStream text) {
    this.text = text;
  }

  @Override
  public int read() throws IOException {
    if (lfIsDue) {
      lfIsDue = false;
      return '\n';
    }
    if (at == end && !fill()) {
      return -1;
    }
    int octet = in[at++] & 0xff;
    lfIsDue = octet == '\n' && !afterCr;
    afterCr = octet == '\r';
    return lfIsDue ? '\r' : octet;
  }

  @Override
  public int read(byte[] b, int off, int len) throws IOException {
    Objects.checkFromIndexSize(off, len, b.length);
    int n = 0;
    while (n < len) {
      if (n > 0 && at == end && !lfIsDue) {
        break; // the next octet would have to be waited for
      }
      int octet = read();
      if (octet < 0) {
        return -1;
      }
      b[off + n++] = (byte) octet;
    }
    return n;
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, text.read(in, 0, in.length));
    return end > 0;
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
