package org.everpost.server.net;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.everpost.core.time.Clock;
import org.everpost.server.guard.Visit;
import org.jspecify.annotations.Nullable;

/** TLS over another transport. Holds no buffer while it waits. */
final class TlsTransport implements Transport {

  /** Room for two records of the largest size, so that a flight goes out in one write. */
  static final int BUFFER_OCTETS = 34 << 10;

  /** How long a wait for the rest of a record keeps its buffers. */
  private static final long HOLD_NANOS = 100_000_000L;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Transport below;
  private final SSLEngine engine;
  private final BufferPool pool;
  private final Clock clock;
  private final Visit visit;

  /** Received records; between position and limit is what was not decrypted yet. */
  private @Nullable ByteBuffer received;

  /** Decrypted, not read yet. */
  private @Nullable ByteBuffer plain;

  /**
   * Orders the records that leave. A reader, too, has to send at times (a key update), so it is
   * held while writing to the network; only the two threads of this connection ever want it.
   */
  private final Object sending = new Object();

  TlsTransport(Transport below, SSLEngine engine, BufferPool pool, Clock clock, Visit visit) {
    this.below = below;
    this.engine = engine;
    this.pool = pool;
    this.clock = clock;
    this.visit = visit;
  }

  SSLSession session() {
    return engine.getSession();
  }

  /** Shakes hands within the time given. */
  void handshake(long timeoutNanos) throws IOException {
    long until = clock.nanoTime() + timeoutNanos;
    engine.beginHandshake();
    HandshakeStatus status = engine.getHandshakeStatus();
    while (status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED) {
      switch (status) {
        case NEED_TASK -> runTasks();
        case NEED_WRAP -> sendHandshake();
        default -> {
          if (!receive(until)) {
            throw new SSLException("closed during the handshake");
          }
        }
      }
      status = engine.getHandshakeStatus();
    }
    releaseEmpty();
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  /** Sends what the engine has to say of its own. */
  private void sendHandshake() throws IOException {
    synchronized (sending) {
      byte[] bytes = pool.take();
      ByteBuffer out = ByteBuffer.wrap(bytes);
      try {
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
          SSLEngineResult result = engine.wrap(NOTHING, out);
          if (result.getStatus() == Status.BUFFER_OVERFLOW && out.position() > 0) {
            below.write(bytes, 0, out.position());
            out.clear();
          } else if (result.getStatus() != Status.OK) {
            break;
          }
        }
      } finally {
        // An alert is sent, too, when the handshake fails.
        below.write(bytes, 0, out.position());
        pool.give(bytes);
      }
    }
  }

  /**
   * Decrypts one record, reading it first where needed. Afterwards {@code plain} may hold
   * something.
   *
   * @return false at the end of the stream
   */
  private boolean receive(long until) throws IOException {
    while (true) {
      ByteBuffer in = received;
      if (in != null && in.hasRemaining()) {
        switch (decrypt(in)) {
          case CLOSED -> {
            return false;
          }
          case OK -> {
            return true;
          }
          case BUFFER_OVERFLOW -> throw new SSLException("record too large");
          case BUFFER_UNDERFLOW -> {
            // The rest of the record has to come.
          }
        }
      }
      if (!readMore(until)) {
        return false;
      }
    }
  }

  private Status decrypt(ByteBuffer in) throws IOException {
    ByteBuffer out = plain;
    if (out == null) {
      out = ByteBuffer.wrap(pool.take());
      plain = out;
    } else {
      out.clear();
    }
    try {
      return unwrap(in, out).getStatus();
    } finally {
      out.flip();
    }
  }

  /**
   * Reads behind what was received; false at the end of the stream. What comes of strangers is read
   * when it is their turn, and they hold no buffer before that; others hold one for a moment while
   * the rest of a record has to come.
   */
  @SuppressWarnings("ByteBufferBackingArray") // it wraps an array of the pool from its start
  private boolean readMore(long until) throws IOException {
    long left = until - clock.nanoTime();
    if (left <= 0) {
      throw new SocketTimeoutException();
    }
    if ((visit.isStranger() || received == null) && !below.hasInput()) {
      visit.endTurn();
      awaitMore(until);
    }
    visit.takeTurn();
    ByteBuffer in = received;
    if (in == null) {
      in = ByteBuffer.wrap(pool.take()).limit(0);
      received = in;
    }
    in.compact();
    int n = 0;
    try {
      n = below.read(in.array(), in.position(), in.remaining(), Math.min(left, HOLD_NANOS));
      return n >= 0;
    } catch (SocketTimeoutException e) {
      if (left <= HOLD_NANOS) {
        throw e;
      }
    } finally {
      in.position(in.position() + Math.max(n, 0)).flip();
    }
    awaitMore(until);
    return true;
  }

  /** A wait that takes longer holds no more than what has come: peers may leave it at half. */
  private void awaitMore(long until) throws IOException {
    ByteBuffer in = received == null ? NOTHING : received;
    byte[] part = new byte[in.remaining()];
    in.get(part);
    releaseEmpty();
    try {
      below.await(Math.max(1, until - clock.nanoTime()));
    } finally {
      if (part.length > 0) {
        received = ByteBuffer.wrap(pool.take()).put(part).flip();
      }
    }
  }

  private SSLEngineResult unwrap(ByteBuffer in, ByteBuffer out) throws IOException {
    SSLEngineResult result;
    try {
      result = engine.unwrap(in, out);
    } catch (SSLException e) {
      if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        sendHandshake();
      }
      throw e;
    }
    if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
      runTasks();
    }
    if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      sendHandshake();
    }
    return result;
  }

  @Override
  public int read(byte[] target, int offset, int length, long timeoutNanos) throws IOException {
    long until = clock.nanoTime() + timeoutNanos;
    try {
      while (true) {
        ByteBuffer p = plain;
        if (p != null && p.hasRemaining()) {
          int n = Math.min(length, p.remaining());
          p.get(target, offset, n);
          return n;
        }
        if (!receive(until)) {
          return -1;
        }
      }
    } finally {
      releaseEmpty();
    }
  }

  @Override
  public void await(long timeoutNanos) throws IOException {
    // What was received already may be a whole record, which reading tells.
    if (plain == null && received == null) {
      below.await(timeoutNanos);
    }
  }

  @Override
  public boolean computes() {
    return true;
  }

  @Override
  public boolean hasInput() throws IOException {
    ByteBuffer in = received;
    return plain != null || (in != null && in.hasRemaining()) || below.hasInput();
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(source, offset, length);
    synchronized (sending) {
      byte[] bytes = pool.take();
      ByteBuffer out = ByteBuffer.wrap(bytes);
      try {
        while (in.hasRemaining()) {
          SSLEngineResult result = engine.wrap(in, out);
          switch (result.getStatus()) {
            case OK -> {}
            case BUFFER_OVERFLOW -> {
              if (out.position() == 0) {
                throw new SSLException("record too large");
              }
              below.write(bytes, 0, out.position());
              out.clear();
            }
            default -> throw new SSLException("TLS is closed");
          }
        }
        below.write(bytes, 0, out.position());
      } finally {
        pool.give(bytes);
      }
    }
  }

  @Override
  public void flush() {}

  @Override
  public void finish() throws IOException {
    engine.closeOutbound();
    sendHandshake();
  }

  @SuppressWarnings("ByteBufferBackingArray") // both wrap arrays of the pool from their start
  private void releaseEmpty() {
    ByteBuffer in = received;
    if (in != null && !in.hasRemaining()) {
      received = null;
      pool.give(in.array());
    }
    ByteBuffer out = plain;
    if (out != null && !out.hasRemaining()) {
      plain = null;
      pool.give(out.array());
    }
  }

  @Override
  public void release() {
    releaseEmpty();
    below.release();
  }
}
