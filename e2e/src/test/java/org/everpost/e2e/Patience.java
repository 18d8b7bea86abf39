package org.everpost.e2e;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what happens in another process, where there is nothing to be woken by. */
final class Patience {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration STEP = Duration.ofMillis(50);

  private Patience() {}

  /** What was true may be looked at again and again. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws Exception;
  }

  static void await(Supplier<String> what, Condition condition) {
    long tries = LIMIT.dividedBy(STEP);
    for (long i = 0; i < tries; i++) {
      if (holds(condition)) {
        return;
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
    throw new AssertionError("not within " + LIMIT + ": " + what.get());
  }

  private static boolean holds(Condition condition) {
    try {
      return condition.holds();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
