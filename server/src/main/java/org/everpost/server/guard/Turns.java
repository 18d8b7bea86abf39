package org.everpost.server.guard;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import org.everpost.core.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Lets strangers do their work a few at a time, so that their number never stands between the
 * server and everybody else. A turn lasts until its visit waits for something again; one that takes
 * long, or sends what its peer does not take, is let go on, but is not waited for.
 *
 * <p>Who had few turns goes before who had many: an honest session is over within few, and does not
 * stand behind thousands that go on and on, nor behind bad peers. Every fourth turn is of the
 * others, and among equals the first that got ready is the first. Safe for any number of threads.
 */
final class Turns {

  /** So long whoever is next waits for a turn of another. */
  static final Duration LAPSE = Duration.ofMillis(100);

  /** So long for one whose peer does not take what is sent: that is no work. */
  static final Duration SENDING_LAPSE = Duration.ofMillis(10);

  /** Enough for a session with TLS and a message. */
  static final int FEW = 24;

  private static final int OTHERS_EVERY = 4;

  private final Clock clock;
  private final @Nullable Guest[] holders;
  private final long[] since;
  private final ArrayDeque<Waiter> few = new ArrayDeque<>();
  private final ArrayDeque<Waiter> many = new ArrayDeque<>();
  private int sinceOthers;
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

  /**
   * Waits for the turn of a visit that has none.
   *
   * @param before how many it had
   */
  void take(Guest visit, int before) {
    boolean isFew = before < FEW && visit.peerClass() != PeerClass.BAD;
    Waiter waiter = enter(visit, isFew ? few : many);
    while (waiter != null && !waiter.granted) {
      LockSupport.park(this);
      if (Thread.currentThread().isInterrupted()) {
        leave(waiter); // it is ended, and needs none for that
        return;
      }
    }
  }

  /** Its place in the line, if it has to stand there. */
  private synchronized @Nullable Waiter enter(Guest visit, ArrayDeque<Waiter> line) {
    int turn = isWaitedFor() ? -1 : free();
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
    if (!waiter.granted && !few.remove(waiter)) {
      many.remove(waiter);
    }
  }

  private boolean isWaitedFor() {
    return !few.isEmpty() || !many.isEmpty();
  }

  /** As long as somebody waits: time alone makes a turn one that is not waited for. */
  private void watch() {
    do {
      LockSupport.parkNanos(this, SENDING_LAPSE.toNanos());
    } while (watches());
  }

  private synchronized boolean watches() {
    handOver();
    watched = isWaitedFor();
    return watched;
  }

  private void handOver() {
    while (isWaitedFor()) {
      int turn = free();
      if (turn < 0) {
        return;
      }
      Waiter next = next();
      hold(turn, next.visit);
      next.granted = true;
      LockSupport.unpark(next.thread);
    }
  }

  private void hold(int turn, Guest visit) {
    holders[turn] = visit;
    since[turn] = clock.nanoTime();
  }

  private Waiter next() {
    boolean others = few.isEmpty() || (!many.isEmpty() && ++sinceOthers == OTHERS_EVERY);
    if (others) {
      sinceOthers = 0;
    }
    return (others ? many : few).remove();
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
