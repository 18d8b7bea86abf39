package org.everpost.core.time;

import java.time.Duration;
import java.time.Instant;

/** The computer's clock. */
final class SystemClock implements Clock {

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    Thread.sleep(duration);
  }
}
