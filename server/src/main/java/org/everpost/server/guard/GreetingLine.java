package org.everpost.server.guard;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Spreads what comes in a wave: strangers that were not greeted yet get their greetings one after
 * the other, and nobody else waits for that. Safe for any number of threads.
 */
final class GreetingLine {

  /** The work of so many is a tenth of a processor. */
  private static final int A_SECOND_AND_PROCESSOR = 250;

  /** Nobody waits longer, however many there are: some mail servers give up after 30 s. */
  private static final Duration LONGEST = Duration.ofSeconds(15);

  private final long nanosEach;
  private final AtomicInteger waiting = new AtomicInteger();

  GreetingLine(int processors) {
    this.nanosEach = TimeUnit.SECONDS.toNanos(1) / ((long) processors * A_SECOND_AND_PROCESSOR);
  }

  /** Takes a place in the line; how long it is until the greeting. */
  Duration enter() {
    return Duration.ofNanos(Math.min(LONGEST.toNanos(), waiting.getAndIncrement() * nanosEach));
  }

  /** Gives it back, greeted or gone. */
  void leave() {
    waiting.decrementAndGet();
  }
}
