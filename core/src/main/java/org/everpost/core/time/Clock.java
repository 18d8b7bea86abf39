package org.everpost.core.time;

import java.time.Duration;
import java.time.InstantSource;

/** Where the time comes from. */
public interface Clock extends InstantSource {

  /** The computer's clock. */
  static Clock system() {
    return new SystemClock();
  }

  /** Nanoseconds from an arbitrary start, never going back: for measuring and deadlines. */
  long nanoTime();

  /**
   * Lets the calling thread rest.
   *
   * @throws InterruptedException if it is interrupted meanwhile
   */
  void sleep(Duration duration) throws InterruptedException;

  /** Seconds since 1970. */
  default long epochSecond() {
    return instant().getEpochSecond();
  }
}
