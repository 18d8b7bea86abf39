package org.everpost.core.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still until it is moved; sleeping moves it. Safe for any number of threads.
 */
public final class ManualClock implements Clock {

  private final AtomicLong nanos = new AtomicLong();

  /** How far the time of day is ahead of what the other clock says. */
  private final AtomicLong ahead = new AtomicLong();

  public void advance(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  /** Moves the time of day alone, forwards or back, as if somebody had set the clock. */
  public void wallClock(Duration duration) {
    ahead.addAndGet(duration.toNanos());
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochSecond(1_800_000_000L).plusNanos(nanos.get() + ahead.get());
  }

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  @Override
  public void sleep(Duration duration) {
    advance(duration);
  }
}
