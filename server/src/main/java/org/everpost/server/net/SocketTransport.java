package org.everpost.server.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import org.everpost.core.time.Clock;
import org.everpost.server.guard.Visit;

/** The octets of the socket itself, and how long the peer lets a write wait. */
final class SocketTransport implements Transport {

  private static final int NONE = -2;

  /** The write limit of a peer whose place another needs. */
  private static final long HURRY_NANOS = 1_000_000_000L;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final Clock clock;
  private final Visit visit;

  /** How long a piece of what is written may wait for the peer to take it. */
  private volatile long writeLimitNanos;

  /** The octet {@link #await} had to take to learn that there is one; or -1: the end. */
  private int first = NONE;

  private int timeoutMillis;

  /** While a write is under way: when it began. Read by the watchdog. */
  private volatile long writingSince;

  private volatile boolean writing;

  SocketTransport(Socket socket, Clock clock, long writeLimitNanos, Visit visit)
      throws IOException {
    this.socket = socket;
    this.clock = clock;
    this.visit = visit;
    this.writeLimitNanos = writeLimitNanos;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  @Override
  public int read(byte[] target, int offset, int length, long timeoutNanos) throws IOException {
    if (first == NONE) {
      timeout(timeoutNanos);
      return in.read(target, offset, length);
    }
    if (first < 0) {
      return -1;
    }
    target[offset] = (byte) first;
    first = NONE;
    int more = Math.min(in.available(), length - 1);
    int n = more > 0 ? in.read(target, offset + 1, more) : 0;
    return 1 + Math.max(n, 0);
  }

  @Override
  public void await(long timeoutNanos) throws IOException {
    if (first == NONE) {
      timeout(timeoutNanos);
      first = in.read();
    }
  }

  @Override
  public boolean hasInput() throws IOException {
    return first != NONE || in.available() > 0;
  }

  private void timeout(long nanos) throws IOException {
    int millis = (int) Math.clamp((nanos + 999_999) / 1_000_000, 1L, Integer.MAX_VALUE);
    if (millis != timeoutMillis) {
      socket.setSoTimeout(millis);
      timeoutMillis = millis;
    }
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    writingSince = clock.nanoTime();
    writing = true;
    visit.sends();
    try {
      out.write(source, offset, length);
    } finally {
      visit.sent();
      writing = false;
    }
  }

  boolean isWriting() {
    return writing;
  }

  /** Whether a write is under way that should be over by now. */
  boolean overdue(long now) {
    return writing && now - writingSince > writeLimitNanos;
  }

  /** From now on the peer has little time to take what is written. */
  void hurry() {
    writeLimitNanos = HURRY_NANOS;
  }

  @Override
  public void flush() {}

  @Override
  public void finish() {}

  @Override
  public void release() {}
}
