package org.everpost.server.net;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.everpost.core.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Raw DEFLATE over another transport (RFC 4978).
 *
 * <p>Most connections are silent most of the time, and 260 KiB of each, outside the heap, would be
 * zlib's to write with. So the one that writes lives from the first octet to the flush: what it
 * then has sent ends at an octet, and another goes on from there, without the dictionary.
 */
final class DeflateTransport implements Transport {

  private static final int BUFFER_OCTETS = 8 << 10;

  private final Transport below;
  private final Clock clock;
  private final Inflater inflater = new Inflater(true);
  private byte @Nullable [] in;
  private @Nullable Writing writing;

  /** What is written with, between the first octet and the flush. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Writing(Deflater deflater, byte[] out) {
    Writing() {
      this(new Deflater(Deflater.BEST_SPEED, true), new byte[BUFFER_OCTETS]);
    }

    int deflate(int mode) {
      return deflater.deflate(out, 0, out.length, mode);
    }
  }

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
        byte[] room = in == null ? new byte[BUFFER_OCTETS] : in;
        in = room;
        int got = below.read(room, 0, room.length, left);
        if (got < 0) {
          return -1;
        }
        inflater.setInput(room, 0, got);
      }
    } catch (DataFormatException e) {
      throw new ConnectionClosedException("malformed DEFLATE data", e);
    }
  }

  @Override
  public void await(long timeoutNanos) throws IOException {
    if (inflater.needsInput()) {
      in = null;
      below.await(timeoutNanos);
    }
  }

  @Override
  public boolean computes() {
    return true;
  }

  @Override
  public boolean hasInput() throws IOException {
    return !inflater.needsInput() || below.hasInput();
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    Writing w = writing == null ? new Writing() : writing;
    writing = w;
    w.deflater.setInput(source, offset, length);
    while (!w.deflater.needsInput()) {
      int n = w.deflate(Deflater.NO_FLUSH);
      if (n > 0) {
        below.write(w.out, 0, n);
      }
    }
  }

  @Override
  public void flush() throws IOException {
    Writing w = writing;
    if (w == null) {
      return;
    }
    int n;
    do {
      n = w.deflate(Deflater.SYNC_FLUSH);
      if (n > 0) {
        below.write(w.out, 0, n);
      }
    } while (n == w.out.length);
    w.deflater.end();
    writing = null;
    below.flush();
  }

  @Override
  public void finish() throws IOException {
    below.finish();
  }

  @Override
  public void release() {
    inflater.end();
    if (writing != null) {
      writing.deflater.end();
    }
    below.release();
  }
}
