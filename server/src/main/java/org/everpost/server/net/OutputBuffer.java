package org.everpost.server.net;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.everpost.core.time.Clock;
import org.jspecify.annotations.Nullable;

/** What is to be written, sent in as few pieces as possible. For one thread at a time. */
final class OutputBuffer {

  /** The most that is given to the transport at once: what the write limit counts for. */
  private static final int MAX_PIECE = 64 << 10;

  private final BufferPool pool;
  private final Clock clock;
  private final long writeLimitNanos;
  private Transport transport;
  private byte @Nullable [] buffer;
  private int size;

  /** While a write is under way: when it has to be over. Read by the watchdog. */
  private volatile long overdueAt;

  private volatile boolean writing;

  OutputBuffer(Transport transport, BufferPool pool, Clock clock, long writeLimitNanos) {
    this.transport = transport;
    this.pool = pool;
    this.clock = clock;
    this.writeLimitNanos = writeLimitNanos;
  }

  void transport(Transport next) {
    transport = next;
  }

  void write(int octet) throws IOException {
    byte[] b = buffer;
    if (b == null) {
      b = pool.take();
      buffer = b;
    } else if (size == b.length) {
      spill();
    }
    b[size++] = (byte) octet;
  }

  void write(byte[] source, int offset, int length) throws IOException {
    byte[] b = buffer;
    if (b == null) {
      b = pool.take();
      buffer = b;
    }
    if (length > b.length - size) {
      spill();
    }
    if (length > b.length) {
      send(source, offset, length);
    } else {
      System.arraycopy(source, offset, b, size, length);
      size += length;
    }
  }

  void flush() throws IOException {
    spill();
    begin();
    try {
      transport.flush();
    } catch (IOException e) {
      throw new ConnectionClosedException(InputBuffer.reason(e), e);
    } finally {
      writing = false;
    }
    release();
  }

  private void spill() throws IOException {
    byte[] b = buffer;
    if (b != null && size > 0) {
      int n = size;
      size = 0;
      send(b, 0, n);
    }
  }

  private void send(byte[] source, int offset, int length) throws IOException {
    try {
      for (int done = 0; done < length; ) {
        int n = Math.min(MAX_PIECE, length - done);
        begin();
        transport.write(source, offset + done, n);
        done += n;
      }
    } catch (ConnectionException e) {
      throw e;
    } catch (IOException e) {
      throw new ConnectionClosedException(InputBuffer.reason(e), e);
    } finally {
      writing = false;
    }
  }

  private void begin() {
    overdueAt = clock.nanoTime() + writeLimitNanos;
    writing = true;
  }

  /** Shakes hands; a peer that does not even read is cut off by the watchdog, too. */
  void handshake(TlsTransport tls, Duration limit) throws IOException {
    overdueAt = clock.nanoTime() + limit.toNanos();
    writing = true;
    try {
      tls.handshake(limit.toNanos());
    } catch (SocketTimeoutException e) {
      throw new IdleTimeoutException();
    } catch (IOException e) {
      throw new ConnectionClosedException("TLS handshake: " + InputBuffer.reason(e), e);
    } finally {
      writing = false;
    }
  }

  /** Says goodbye below, within the write limit. */
  void finish() throws IOException {
    begin();
    try {
      transport.finish();
    } finally {
      writing = false;
    }
  }

  /** Whether a write is under way that should be over by now. */
  boolean overdue(long now) {
    return writing && now - overdueAt > 0;
  }

  void release() {
    byte[] b = buffer;
    if (b != null) {
      buffer = null;
      size = 0;
      pool.give(b);
    }
  }
}
