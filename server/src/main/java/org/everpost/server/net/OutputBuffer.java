package org.everpost.server.net;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.everpost.core.event.Reason;
import org.everpost.server.guard.Visit;
import org.jspecify.annotations.Nullable;

/** What is to be written, sent in as few pieces as possible. For one thread at a time. */
final class OutputBuffer {

  /** The most that is given to the transport at once: what the write limit counts for at most. */
  private static final int MAX_PIECE = 64 << 10;

  private final BufferPool pool;
  private final Visit visit;
  private Transport transport;
  private byte @Nullable [] buffer;
  private int size;

  OutputBuffer(Transport transport, BufferPool pool, Visit visit) {
    this.transport = transport;
    this.pool = pool;
    this.visit = visit;
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
    try {
      transport.flush();
    } catch (IOException e) {
      throw new ConnectionClosedException(e);
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

  /**
   * Meanwhile it is the peer's turn: one that takes nothing keeps its place no better than one that
   * says nothing.
   */
  private void send(byte[] source, int offset, int length) throws IOException {
    boolean ours = !visit.isAwaited();
    visit.awaits();
    try {
      for (int done = 0; done < length; ) {
        int n = Math.min(MAX_PIECE, length - done);
        transport.write(source, offset + done, n);
        done += n;
      }
    } catch (ConnectionException e) {
      throw e;
    } catch (IOException e) {
      throw new ConnectionClosedException(e);
    } finally {
      if (ours) {
        visit.progressed();
      }
    }
  }

  /** Shakes hands within the time given. */
  void handshake(TlsTransport tls, Duration limit) throws IOException {
    try {
      tls.handshake(limit.toNanos());
    } catch (SocketTimeoutException e) {
      throw new IdleTimeoutException();
    } catch (IOException e) {
      throw new ConnectionClosedException("TLS handshake: " + Reason.of(e), e);
    }
  }

  /** Says goodbye below. */
  void finish() throws IOException {
    transport.finish();
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
