package org.everpost.server.outbound;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.everpost.core.time.Clock;

/** The computer's clock, with leaps, or many times as fast. Safe for any number of threads. */
final class FastClock implements Clock {

  private final Clock system = Clock.system();
  private final Instant began = system.instant();
  private final long beganNanos = system.nanoTime();
  private final AtomicLong ahead = new AtomicLong();
  private final AtomicLong setBack = new AtomicLong();
  private final int speed;

  /** Runs whenever the time of day is asked for. */
  volatile Runnable watch = () -> {};

  FastClock() {
    this(1);
  }

  FastClock(int speed) {
    this.speed = speed;
  }

  void leap(Duration duration) {
    ahead.addAndGet(duration.toNanos());
  }

  /** Sets the time of day back, and nothing else. */
  void setBack(Duration duration) {
    setBack.addAndGet(duration.toNanos());
  }

  @Override
  public Instant instant() {
    watch.run();
    return began.plusNanos(nanoTime() - setBack.get());
  }

  @Override
  public long nanoTime() {
    return (system.nanoTime() - beganNanos) * speed + ahead.get();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    system.sleep(duration.dividedBy(speed));
  }
}
