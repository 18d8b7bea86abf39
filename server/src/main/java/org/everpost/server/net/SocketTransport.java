package org.everpost.server.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.everpost.core.time.Clock;
import org.everpost.server.guard.Visit;

/**
 * The octets of the socket itself, and how long reads and writes may wait.
 *
 * <p>Long waits are ended by the watchdog: a virtual thread that waits for a time of its own wakes
 * the one thread that keeps all such times, when it begins and again when it ends. That costs more
 * than the read.
 */
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

  private boolean exact;

  /** Whether the watchdog looks after a read, since when that was over, and until when it may. */
  private boolean reading;

  private boolean expired;
  private long readUntil;

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
      begin(timeoutNanos);
      int n = in.read(target, offset, length);
      end();
      return n;
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
      begin(timeoutNanos);
      int octet = in.read();
      end();
      first = octet;
    }
  }

  /** From now on every wait ends to the millisecond, and reading may go on after it; or not. */
  void exact(boolean value) {
    exact = value;
  }

  @Override
  public boolean hasInput() throws IOException {
    return first != NONE || in.available() > 0;
  }

  /** Before a read that may wait so long. */
  private synchronized void begin(long nanos) throws IOException {
    reading = !exact && nanos >= LONG_NANOS;
    readUntil = clock.nanoTime() + nanos;
    int millis =
        reading ? 0 : (int) Math.clamp((nanos + 999_999) / 1_000_000, 1L, Integer.MAX_VALUE);
    if (millis != timeoutMillis) {
      socket.setSoTimeout(millis);
      timeoutMillis = millis;
    }
  }

  /** After it: what came too late counts as not come. */
  private synchronized void end() throws SocketTimeoutException {
    reading = false;
    if (expired) {
      throw new SocketTimeoutException();
    }
  }

  /** Ends a read that has taken too long, as an end of input does: a reply can still be sent. */
  synchronized void expire(long now) {
    if (reading && now - readUntil > 0) {
      expired = true;
      try {
        socket.shutdownInput();
      } catch (IOException e) {
        // It is closed already: nothing waits.
      }
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
