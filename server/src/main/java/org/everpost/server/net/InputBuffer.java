package org.everpost.server.net;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import org.everpost.core.time.Clock;
import org.everpost.server.guard.Visit;
import org.jspecify.annotations.Nullable;

/** What came and was not read yet, with the deadlines of reading. For one thread at a time. */
final class InputBuffer {

  /** How long what has come may take to turn out to be something: the rest of a TLS record. */
  private static final long BLINK_NANOS = 1_000_000L;

  /** How long what a peer was seen to do may take to show: it is there already. */
  private static final long STIR_NANOS = 1_000_000_000L;

  /** How much of a line that is too long is skipped in the hope of its end. */
  private static final int MAX_SKIPPED_OCTETS = 256 << 10;

  /** In so many more a line may come: most come in one, those that are typed in a few. */
  private static final int FREE_PIECES = 16;

  private final BufferPool pool;
  private final Clock clock;
  private final Drain drain;
  private final Visit visit;
  private Transport transport;

  private byte @Nullable [] buffer;
  private int position;
  private int limit;

  /** In how many more the line came that is being read. */
  private int pieces;

  private long readTimeoutNanos = 300_000_000_000L;
  private boolean hasDeadline;
  private long deadline;

  InputBuffer(Transport transport, BufferPool pool, Clock clock, Drain drain, Visit visit) {
    this.transport = transport;
    this.pool = pool;
    this.clock = clock;
    this.drain = drain;
    this.visit = visit;
  }

  void readTimeout(long nanos) {
    readTimeoutNanos = nanos;
  }

  void deadline(long nanosFromNow) {
    deadline = clock.nanoTime() + nanosFromNow;
    hasDeadline = true;
  }

  void noDeadline() {
    hasDeadline = false;
  }

  int buffered() {
    return limit - position;
  }

  boolean hasInput() throws IOException {
    if (position == limit && transport.hasInput()) {
      try {
        fill(clock.nanoTime() + BLINK_NANOS);
      } catch (IdleTimeoutException e) {
        return false; // such as a session ticket of TLS
      }
    }
    return position < limit;
  }

  boolean hasLine() {
    byte[] b = buffer;
    return b != null && indexOfLf(b, position, limit) >= 0;
  }

  /** What is buffered, which is then forgotten. */
  byte[] takeBuffered() {
    byte[] rest = buffer == null ? new byte[0] : Arrays.copyOfRange(buffer, position, limit);
    position = limit;
    release();
    return rest;
  }

  void transport(Transport next) {
    transport = next;
  }

  Line readLine(int maxOctets) throws IOException {
    drain.requireLogin();
    long until = until();
    left(until); // a deadline holds for what has come already, too
    int scanned = 0;
    pieces = 0;
    if (position == limit) {
      awaitCommand(until);
    }
    while (true) {
      byte[] b = buffer;
      int lf = b == null ? -1 : indexOfLf(b, position + scanned, limit);
      if (b != null && lf >= 0) {
        int end = lf > position && b[lf - 1] == '\r' ? lf - 1 : lf;
        int start = position;
        position = lf + 1;
        if (end - start > maxOctets) {
          throw new LineTooLongException(false);
        }
        return new Line(b, start, end, end == lf);
      }
      scanned = limit - position;
      if (scanned > maxOctets + 1) {
        throw skipLine(until);
      }
      fill(until);
      if (visit.needsTurn() && indexOfLf(held(), position + scanned, limit) >= 0) {
        shrink();
        visit.takeTurn();
      }
    }
  }

  private LineTooLongException skipLine(long until) throws IOException {
    int skipped = 0;
    while (skipped <= MAX_SKIPPED_OCTETS) {
      skipped += limit - position;
      position = limit;
      fill(until);
      byte[] b = buffer;
      int lf = b == null ? -1 : indexOfLf(b, position, limit);
      if (lf >= 0) {
        position = lf + 1;
        return new LineTooLongException(false);
      }
    }
    return new LineTooLongException(true);
  }

  private static int indexOfLf(byte[] b, int from, int to) {
    for (int i = from; i < to; i++) {
      if (b[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position == limit) {
      fill(until());
    }
    int n = Math.min(length, limit - position);
    System.arraycopy(held(), position, target, offset, n);
    position += n;
    return n;
  }

  /** Whether nothing has come, nor does in a second: the peer was seen to do something. */
  boolean isSilent() throws IOException {
    try {
      if (position == limit) {
        awaitCommand(clock.nanoTime() + STIR_NANOS);
      }
      return false;
    } catch (IdleTimeoutException e) {
      return true;
    }
  }

  /** Puts octets back in front of what is buffered. */
  void unread(byte[] source, int offset, int length) {
    if (length <= position && buffer != null) {
      position -= length;
      System.arraycopy(source, offset, buffer, position, length);
      return;
    }
    byte[] b = buffer == null ? pool.take() : buffer;
    int rest = limit - position;
    byte[] target = length + rest <= b.length ? b : new byte[length + rest];
    System.arraycopy(b, position, target, length, rest);
    System.arraycopy(source, offset, target, 0, length);
    buffer = target;
    position = 0;
    limit = length + rest;
  }

  /** Forgets what comes, until it was so many lines or came so many times, or took too long. */
  void ignore(int lines, int times) throws IOException {
    long until = until();
    int ended = 0;
    for (int i = 0; i < times && ended < lines; i++) {
      awaitCommand(until);
      for (byte[] b = held(); position < limit; position++) {
        ended += b[position] == '\n' ? 1 : 0;
      }
    }
    release();
  }

  /** Until when the read that begins now may take. */
  private long until() {
    long until = clock.nanoTime() + readTimeoutNanos;
    return hasDeadline && deadline - until < 0 ? deadline : until;
  }

  /** Waits for the first octet of a command; here, and only here, a stopping server ends it. */
  private void awaitCommand(long until) throws IOException {
    drain.enter();
    try {
      fill(until);
    } catch (ConnectionClosedException e) {
      throw drain.dismissal(e);
    } finally {
      drain.leave();
    }
  }

  /** Waits for at least one more octet behind what is there. */
  private void fill(long until) throws IOException {
    int n;
    visit.endTurn();
    try {
      n = position == limit ? fillEmpty(until) : fillMore(until);
    } catch (SocketTimeoutException e) {
      throw new IdleTimeoutException();
    } catch (ConnectionException e) {
      throw e;
    } catch (IOException e) {
      throw new ConnectionClosedException(e);
    }
    if (n < 0) {
      throw new ConnectionClosedException("closed by peer");
    }
    limit += n;
  }

  /** More of a line. Some octets are no work: the turn comes with the end of the line. */
  private int fillMore(long until) throws IOException {
    if (!transport.hasInput()) {
      shrink();
      transport.await(left(until));
    }
    if (++pieces > FREE_PIECES || transport.computes()) {
      visit.takeTurn();
    }
    byte[] b = room();
    long left = Math.max(BLINK_NANOS, until - clock.nanoTime());
    return transport.read(b, limit, b.length - limit, left);
  }

  /** Who is waited for within a line, or waits with one, holds no more than what has come. */
  private void shrink() {
    byte[] b = held();
    if (b.length == pool.size()) {
      buffer = Arrays.copyOfRange(b, position, limit);
      limit -= position;
      position = 0;
      pool.give(b);
    }
  }

  /** Who is waited for holds no buffer. What came in time did, however late one's turn comes. */
  private int fillEmpty(long until) throws IOException {
    release();
    transport.await(left(until));
    if (!transport.isOver()) {
      visit.takeTurn();
    }
    byte[] b = room();
    return transport.read(b, 0, b.length, Math.max(BLINK_NANOS, until - clock.nanoTime()));
  }

  private long left(long until) throws IdleTimeoutException {
    long left = until - clock.nanoTime();
    if (left <= 0) {
      throw new IdleTimeoutException();
    }
    return left;
  }

  /** The buffer, with room behind the limit. */
  private byte[] room() {
    byte[] b = buffer;
    if (b == null) {
      b = pool.take();
      buffer = b;
      position = 0;
      limit = 0;
    } else if (position == limit) {
      position = 0;
      limit = 0;
    } else if (b.length < pool.size()) {
      byte[] target = pool.take();
      System.arraycopy(b, position, target, 0, limit - position);
      limit -= position;
      position = 0;
      buffer = target;
      b = target;
    } else if (limit == b.length) {
      byte[] target = position > 0 ? b : new byte[b.length * 2];
      System.arraycopy(b, position, target, 0, limit - position);
      limit -= position;
      position = 0;
      buffer = target;
      b = target;
    }
    return b;
  }

  private byte[] held() {
    byte[] b = buffer;
    if (b == null) {
      throw new IllegalStateException("nothing is buffered");
    }
    return b;
  }

  void release() {
    byte[] b = buffer;
    if (b != null && position == limit) {
      buffer = null;
      position = 0;
      limit = 0;
      pool.give(b);
    }
  }
}
