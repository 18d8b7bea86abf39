package org.everpost.server.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.everpost.core.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Where peers are kept waiting without a thread for each: until their time is over, or they say
 * something, or leave. Safe for any number of threads; one runs it.
 */
final class WaitingRoom implements Runnable, AutoCloseable {

  /** Nobody waits more than this beyond his time, so that some leave together. */
  private static final long TICK_MILLIS = 10;

  /** One that waits. What it is told is told by the room's thread, which others need as well. */
  interface Peer {

    SocketChannel channel();

    /** It says something, or leaves; its channel does not block. */
    void stirs();

    /** Its time is over: how much longer it has to wait all the same; zero: not at all. */
    Duration longer();

    /**
     * It waits no longer.
     *
     * @param silent whether it has done nothing: else it said something, or is gone
     */
    void leaves(boolean silent);
  }

  private static final class Seat {
    final Peer peer;
    final long number;
    long until;
    @Nullable SelectionKey key;
    boolean silent;

    Seat(Peer peer, long number, long until) {
      this.peer = peer;
      this.number = number;
      this.until = until;
    }
  }

  private final Clock clock;
  private final Selector selector;
  private final AtomicLong lastNumber = new AtomicLong();
  private final Queue<Seat> arrivals = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  // ---- used by the room's thread ----

  private final TreeSet<Seat> seats =
      new TreeSet<>(
          Comparator.<Seat>comparingLong(seat -> seat.until)
              .thenComparingLong(seat -> seat.number));

  private final ArrayDeque<Seat> leaving = new ArrayDeque<>();

  WaitingRoom(Clock clock) {
    this.clock = clock;
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("nobody can be kept waiting", e);
    }
  }

  /** Keeps a peer waiting; its channel is the room's until it leaves. */
  void enter(Peer peer, Duration pause) {
    arrivals.add(new Seat(peer, lastNumber.incrementAndGet(), clock.nanoTime() + pause.toNanos()));
    if (closed) {
      turnAway();
    } else {
      selector.wakeup();
    }
  }

  @Override
  public void run() {
    try {
      while (!closed) {
        look();
      }
    } catch (ClosedSelectorException e) {
      // It was closed meanwhile.
    } catch (IOException e) {
      throw new UncheckedIOException("nobody can be kept waiting any more", e);
    } finally {
      close(); // nobody waits for ever because of a fault: all get on at once
      List.copyOf(seats).forEach(seat -> leave(seat, false));
      letGo(leaving.size());
    }
  }

  private void look() throws IOException {
    int gone = leaving.size();
    if (gone == 0) {
      selector.select(this::stirs, millisUntilNext());
    } else {
      selector.selectNow(this::stirs); // it forgets them: their channels are as before again
      letGo(gone);
    }
    // Before others come: whoever leaves for his time was looked at since he came.
    long now = clock.nanoTime();
    while (!seats.isEmpty() && seats.first().until - now <= 0) {
      expire(seats.first(), now);
    }
    for (Seat next = arrivals.poll(); next != null; next = arrivals.poll()) {
      seat(next);
    }
  }

  private long millisUntilNext() {
    if (seats.isEmpty()) {
      return 0; // for ever
    }
    return Math.max(TICK_MILLIS, (seats.first().until - clock.nanoTime()) / 1_000_000 + 1);
  }

  private void seat(Seat seat) {
    try {
      SocketChannel channel = seat.peer.channel();
      channel.configureBlocking(false);
      seat.key = channel.register(selector, SelectionKey.OP_READ, seat);
      seats.add(seat);
    } catch (IOException | ClosedSelectorException e) {
      leave(seat, false); // it is gone already, or the room closed
    }
  }

  private void stirs(SelectionKey key) {
    Seat seat = (Seat) key.attachment();
    seat.peer.stirs();
    leave(seat, false);
  }

  private void expire(Seat seat, long now) {
    Duration longer = seat.peer.longer();
    if (longer.isZero()) {
      leave(seat, true);
    } else {
      seats.remove(seat);
      seat.until = now + longer.toNanos();
      seats.add(seat);
    }
  }

  private void leave(Seat seat, boolean silent) {
    seats.remove(seat);
    SelectionKey key = seat.key;
    seat.silent = silent && key != null && key.isValid(); // else somebody closed its channel
    if (key != null) {
      key.cancel();
    }
    leaving.add(seat);
  }

  /** The first of those who leave. */
  private void letGo(int count) {
    for (int i = 0; i < count; i++) {
      Seat seat = leaving.remove();
      try {
        seat.peer.channel().configureBlocking(true);
      } catch (IOException e) {
        // It is closed, as whoever reads will see.
      }
      seat.peer.leaves(seat.silent);
    }
  }

  /** Those who came and have no seat yet. */
  private void turnAway() {
    for (Seat next = arrivals.poll(); next != null; next = arrivals.poll()) {
      next.peer.leaves(false);
    }
  }

  /** All who wait leave at once. */
  @Override
  public void close() {
    closed = true;
    try {
      selector.close();
    } catch (IOException e) {
      // It is closed in any case.
    }
    turnAway();
  }
}
