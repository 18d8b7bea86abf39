package org.everpost.server.guard;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import org.everpost.core.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Lets strangers do their work a few at a time, in the order in which they got ready, so that their
 * number never stands between the server and everybody else. A turn lasts until its visit waits for
 * something again; one that takes long, or sends what its peer does not take, is let go on, but is
 * not waited for. Safe for any number of threads.
 */
final class Turns {

  /** So long whoever is next waits for a turn of another. */
  static final Duration LAPSE = Duration.ofMillis(100);

  /** So long for one whose peer does not take what is sent: that is no work. */
  static final Duration SENDING_LAPSE = Duration.ofMillis(10);

  private final Clock clock;
  private final @Nullable Guest[] holders;
  private final long[] since;
  private final ArrayDeque<Waiter> line = new ArrayDeque<>();
  private boolean watched;

  /** A thread in the line. */
  private static final class Waiter {
    final Guest visit;
    final Thread thread = Thread.currentThread();
    volatile boolean granted;

    Waiter(Guest visit) {
      this.visit = visit;
    }
  }

  /**
   * @param count how many turns there are at a time
   */
  Turns(int count, Clock clock) {
    this.clock = clock;
    this.holders = new Guest[count];
    this.since = new long[count];
  }

  /** Waits for the turn of a visit that has none. */
  void take(Guest visit) {
    Waiter waiter = enter(visit);
    if (waiter == null) {
      return;
    }
    while (!waiter.granted) {
      LockSupport.park(this);
      if (Thread.currentThread().isInterrupted()) {
        leave(waiter); // it is ended, and needs none for that
        return;
      }
    }
    begin(visit);
  }

  /** Its place in the line, if it has to stand there. */
  private synchronized @Nullable Waiter enter(Guest visit) {
    int turn = line.isEmpty() ? free() : -1;
    if (turn >= 0) {
      hold(turn, visit);
      return null;
    }
    Waiter waiter = new Waiter(visit);
    line.add(waiter);
    if (!watched) {
      watched = true;
      Thread.ofVirtual().start(this::watch);
    }
    return waiter;
  }

  private synchronized void leave(Waiter waiter) {
    if (!waiter.granted) {
      line.remove(waiter);
    }
  }

  /** The time until its thread got to run is none of its turn. */
  private synchronized void begin(Guest visit) {
    for (int i = 0; i < holders.length; i++) {
      if (holders[i] == visit) {
        since[i] = clock.nanoTime();
      }
    }
  }

  /** As long as somebody waits: time alone makes a turn one that is not waited for. */
  private void watch() {
    do {
      LockSupport.parkNanos(this, SENDING_LAPSE.toNanos());
    } while (isWaitedFor());
  }

  private synchronized boolean isWaitedFor() {
    handOver();
    watched = !line.isEmpty();
    return watched;
  }

  private void handOver() {
    while (!line.isEmpty()) {
      int turn = free();
      if (turn < 0) {
        return;
      }
      Waiter next = line.remove();
      hold(turn, next.visit);
      next.granted = true;
      LockSupport.unpark(next.thread);
    }
  }

  private void hold(int turn, Guest visit) {
    holders[turn] = visit;
    since[turn] = clock.nanoTime();
  }

  private int free() {
    long now = clock.nanoTime();
    for (int i = 0; i < holders.length; i++) {
      Guest holder = holders[i];
      if (holder == null
          || now - since[i] >= LAPSE.toNanos()
          || holder.sendingNanos(now) >= SENDING_LAPSE.toNanos()) {
        return i;
      }
    }
    return -1;
  }

  /** The visit does not work any more, if it did. */
  synchronized void end(Guest visit) {
    for (int i = 0; i < holders.length; i++) {
      if (holders[i] == visit) {
        holders[i] = null;
        handOver();
      }
    }
  }

  /** How many are being used. */
  synchronized int taken() {
    int n = 0;
    for (Guest holder : holders) {
      n += holder == null ? 0 : 1;
    }
    return n;
  }
}
