package org.everpost.wire.mime;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** A body in base64 (RFC 2045 §6.8) as the octets it stands for. */
final class Base64InputStream extends InputStream {

  private static final int CHUNK = 8 * 1024;

  private final InputStream encoded;
  private final Base64Decoder decoder = new Base64Decoder();
  private final byte[] in = new byte[CHUNK];
  private final byte[] out = new byte[CHUNK / 4 * 3 + 3];
  private int at;
  private int end;
  private boolean ended;

  Base64InputStream(InputStream encoded) {
    this.encoded = encoded;
  }

  @Override
  public int read() throws IOException {
    return fill() ? out[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] b, int off, int len) throws IOException {
    Objects.checkFromIndexSize(off, len, b.length);
    if (len == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int n = Math.min(len, end - at);
    System.arraycopy(out, at, b, off, n);
    at += n;
    return n;
  }

  private boolean fill() throws IOException {
    while (at == end && !ended) {
      int n = encoded.read(in, 0, in.length);
      at = 0;
      ended = n < 0;
      end = ended ? decoder.finish(out, 0) : decoder.decode(in, 0, n, out, 0);
    }
    return at < end;
  }

  @Override
  public void close() throws IOException {
    encoded.close();
  }
}
