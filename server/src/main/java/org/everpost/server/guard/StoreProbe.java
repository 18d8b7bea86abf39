package org.everpost.server.guard;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.everpost.core.time.Clock;
import org.everpost.store.Hints;
import org.everpost.store.StoreException;

/** Asks the store something once a second, to see how long it takes. */
final class StoreProbe implements Runnable {

  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final byte[] KEY = "probe".getBytes(StandardCharsets.US_ASCII);

  private final Hints hints;
  private final Clock clock;
  private volatile long askedAt;
  private volatile boolean asking;
  private volatile long lastNanos;

  StoreProbe(Hints hints, Clock clock) {
    this.hints = hints;
    this.clock = clock;
  }

  /** How long it took last, or takes already if that is longer. */
  long nanos() {
    long now = asking ? clock.nanoTime() - askedAt : 0;
    return Math.max(now, lastNanos);
  }

  @Override
  public void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        ask();
        clock.sleep(INTERVAL);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  void ask() {
    askedAt = clock.nanoTime();
    asking = true;
    try {
      hints.get("guard-probe", KEY);
    } catch (StoreException e) {
      // It took as long as it took.
    } finally {
      lastNanos = clock.nanoTime() - askedAt;
      asking = false;
    }
  }
}
