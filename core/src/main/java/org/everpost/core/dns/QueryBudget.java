package org.everpost.core.dns;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.everpost.core.time.Clock;

/**
 * What all lookups together may do. Whoever is refused is told at once; nobody waits here. Safe for
 * any number of threads.
 */
final class QueryBudget {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Clock clock;
  private final int concurrent;
  private final Semaphore permits;
  private final long nanosPerQuery;

  /** When the queries so far would have been sent at an even pace; it may be up to 1 s ahead. */
  private final AtomicLong pace;

  QueryBudget(DnsSettings.Budget budget, Clock clock) {
    this.clock = clock;
    this.concurrent = budget.concurrent();
    this.permits = new Semaphore(concurrent);
    this.nanosPerQuery = Math.max(1, SECOND / budget.perSecond());
    this.pace = new AtomicLong(clock.nanoTime());
  }

  /** Begins a lookup, or does not. */
  boolean enter() {
    return permits.tryAcquire();
  }

  /** Ends one. */
  void leave() {
    permits.release();
  }

  int underWay() {
    return concurrent - permits.availablePermits();
  }

  /** Whether half of it is free: what is done ahead of time must not take it from anybody. */
  boolean hasRoom() {
    return underWay() < (concurrent + 1) / 2 && pace.get() - clock.nanoTime() < SECOND / 2;
  }

  /** Spends one query, or does not. */
  boolean spend() {
    while (true) {
      long now = clock.nanoTime();
      long before = pace.get();
      long after = (before - now < 0 ? now : before) + nanosPerQuery;
      if (after - now > SECOND) {
        return false;
      }
      if (pace.compareAndSet(before, after)) {
        return true;
      }
    }
  }
}
