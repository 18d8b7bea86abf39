package org.everpost.server.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
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

  /** Room for what comes first after a wait, which is mostly all: a command, a reply. */
  private static final int AHEAD_OCTETS = 128;

  /** The write limit of a peer whose place another needs. */
  private static final long HURRY_NANOS = 1_000_000_000L;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final Clock clock;
  private final Visit visit;

  /** How long a piece of what is written may wait for the peer to take it. */
  private volatile long writeLimitNanos;

  /** What {@link #await} had to take to learn that there is something. */
  private final byte[] ahead = new byte[AHEAD_OCTETS];

  /** How much of it there is; -1: the end. */
  private int aheadOctets;

  /** What the socket has; -1: whatever was needed before. */
  private int timeoutMillis = -1;

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
    if (aheadOctets == 0) {
      return readNow(target, offset, length, timeoutNanos);
    }
    if (aheadOctets < 0) {
      return -1;
    }
    int n = Math.min(aheadOctets, length);
    System.arraycopy(ahead, 0, target, offset, n);
    boolean more = aheadOctets == AHEAD_OCTETS && n < length && in.available() > 0;
    aheadOctets -= n;
    System.arraycopy(ahead, n, ahead, 0, aheadOctets);
    return more ? n + Math.max(0, in.read(target, offset + n, length - n)) : n;
  }

  @Override
  public void await(long timeoutNanos) throws IOException {
    if (aheadOctets == 0) {
      aheadOctets = readNow(ahead, 0, AHEAD_OCTETS, timeoutNanos);
    }
  }

  /** Does as {@link #await} with what has come to a channel that does not block now. */
  void takeAhead() {
    try {
      aheadOctets = socket.getChannel().read(ByteBuffer.wrap(ahead));
    } catch (IOException e) {
      aheadOctets = -1;
    }
  }

  @Override
  public boolean isOver() {
    return aheadOctets < 0;
  }

  private int readNow(byte[] target, int offset, int length, long timeoutNanos) throws IOException {
    begin(timeoutNanos);
    int n;
    try {
      n = in.read(target, offset, length);
    } finally {
      end();
    }
    if (expired) {
      throw new SocketTimeoutException(); // what came too late counts as not come
    }
    return n;
  }

  @Override
  public boolean computes() {
    return false;
  }

  @Override
  public boolean hasInput() throws IOException {
    return aheadOctets != 0 || in.available() > 0;
  }

  /** Before a read that may wait so long. */
  private synchronized void begin(long nanos) throws IOException {
    reading = nanos >= LONG_NANOS;
    readUntil = clock.nanoTime() + nanos;
    int millis =
        reading ? 0 : (int) Math.clamp((nanos + 999_999) / 1_000_000, 1L, Integer.MAX_VALUE);
    if (millis != timeoutMillis) {
      socket.setSoTimeout(millis);
      timeoutMillis = millis;
    }
  }

  /** After it. */
  private synchronized void end() {
    reading = false;
  }

  /**
   * Ends a read that has taken too long, as an end of input does: a reply can still be sent. What
   * has come is read, however late its reader has his turn.
   */
  synchronized void expire(long now) {
    try {
      if (reading && now - readUntil > 0 && in.available() == 0) {
        expired = true;
        socket.shutdownInput();
      }
    } catch (IOException e) {
      // It is closed already: nothing waits.
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
