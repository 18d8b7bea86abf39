package org.everpost.server.net;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.everpost.core.time.Clock;

/** Raw DEFLATE over another transport (RFC 4978). */
final class DeflateTransport implements Transport {

  private static final int BUFFER_OCTETS = 8 << 10;

  private final Transport below;
  private final Clock clock;
  private final Inflater inflater = new Inflater(true);
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private final byte[] in = new byte[BUFFER_OCTETS];
  private final byte[] out = new byte[BUFFER_OCTETS];
  private boolean unflushed;

  /**
   * Begins.
   *
   * @param received octets that were read already and belong to the compressed stream
   */
  DeflateTransport(Transport below, byte[] received, Clock clock) {
    this.below = below;
    this.clock = clock;
    inflater.setInput(received);
  }

  @Override
  public int read(byte[] target, int offset, int length, long timeoutNanos) throws IOException {
    // An empty block is octets that come and yield none: they must not stretch the time there is.
    long until = clock.nanoTime() + timeoutNanos;
    try {
      while (true) {
        int n = inflater.inflate(target, offset, length);
        if (n > 0) {
          return n;
        }
        if (inflater.finished() || inflater.needsDictionary()) {
          return -1;
        }
        long left = until - clock.nanoTime();
        if (left <= 0) {
          throw new SocketTimeoutException();
        }
        int got = below.read(in, 0, in.length, left);
        if (got < 0) {
          return -1;
        }
        inflater.setInput(in, 0, got);
      }
    } catch (DataFormatException e) {
      throw new ConnectionClosedException("malformed DEFLATE data", e);
    }
  }

  @Override
  public void await(long timeoutNanos) throws IOException {
    if (inflater.needsInput()) {
      below.await(timeoutNanos);
    }
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    deflater.setInput(source, offset, length);
    unflushed = true;
    while (!deflater.needsInput()) {
      int n = deflater.deflate(out, 0, out.length, Deflater.NO_FLUSH);
      if (n > 0) {
        below.write(out, 0, n);
      }
    }
  }

  @Override
  public void flush() throws IOException {
    if (!unflushed) {
      return;
    }
    int n;
    do {
      n = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
      if (n > 0) {
        below.write(out, 0, n);
      }
    } while (n == out.length);
    unflushed = false;
    below.flush();
  }

  @Override
  public void finish() throws IOException {
    below.finish();
  }

  @Override
  public void release() {
    inflater.end();
    deflater.end();
    below.release();
  }
}
