package org.everpost.server.guard;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
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

  /** Whoever has it is the next. */
  private final ReentrantLock line = new ReentrantLock(true);

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
    line.lock();
    try {
      grant(visit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it is ended, and needs none for that
    } finally {
      line.unlock();
    }
  }

  private synchronized void grant(Guest visit) throws InterruptedException {
    int turn = free();
    while (turn < 0) {
      wait(SENDING_LAPSE.toMillis());
      turn = free();
    }
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
        notifyAll(); // the next, if there is one
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
