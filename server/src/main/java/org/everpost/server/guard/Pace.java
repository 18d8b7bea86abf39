package org.everpost.server.guard;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.everpost.core.time.Clock;

/**
 * How often something is done at most; after a second of rest as often at once as else in a second.
 * Safe for any number of threads.
 */
final class Pace {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Clock clock;
  private final long nanosEach;

  /** When all that was done so far would have been done evenly; up to a second ahead. */
  private final AtomicLong done;

  Pace(int perSecond, Clock clock) {
    this.clock = clock;
    this.nanosEach = SECOND / perSecond;
    this.done = new AtomicLong(clock.nanoTime());
  }

  /** Whether it may be done once more. */
  boolean spend() {
    while (true) {
      long now = clock.nanoTime();
      long before = done.get();
      long after = (before - now < 0 ? now : before) + nanosEach;
      if (after - now > SECOND) {
        return false;
      }
      if (done.compareAndSet(before, after)) {
        return true;
      }
    }
  }
}
