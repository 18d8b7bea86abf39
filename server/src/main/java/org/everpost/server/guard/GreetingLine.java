package org.everpost.server.guard;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.everpost.core.time.Clock;

/**
 * Spreads what comes in a wave: strangers that were not greeted yet get their greetings one after
 * the other, and nobody else waits for that. Safe for any number of threads.
 */
final class GreetingLine {

  /** The work of so many is a tenth of a processor. */
  private static final int A_SECOND_AND_PROCESSOR = 250;

  /** Nobody waits longer, however many there are: many a mail server gives up after 30 s. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private final Clock clock;
  private final long nanosEach;

  /** When the next one can be greeted, by the clock's nanoseconds. */
  private final AtomicLong next;

  GreetingLine(int processors, Clock clock) {
    this.clock = clock;
    this.nanosEach = TimeUnit.SECONDS.toNanos(1) / ((long) processors * A_SECOND_AND_PROCESSOR);
    this.next = new AtomicLong(clock.nanoTime());
  }

  /**
   * Takes a place in the line.
   *
   * @param least the wait if there is nobody before
   * @return how long it is until the greeting
   */
  Duration enter(Duration least) {
    long now = clock.nanoTime();
    long last = now + Math.max(LONGEST.toNanos(), least.toNanos());
    long after =
        next.updateAndGet(at -> {
          long mine = at - now < least.toNanos() ? now + least.toNanos() : at;
          return mine + nanosEach - last > 0 ? last + nanosEach : mine + nanosEach;
        });
    return Duration.ofNanos(after - nanosEach - now);
  }

  /** Somebody left before it was greeted: all others are greeted sooner. */
  void leave() {
    next.addAndGet(-nanosEach);
  }
}
