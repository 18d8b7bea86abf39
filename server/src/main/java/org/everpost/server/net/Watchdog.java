package org.everpost.server.net;

import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.everpost.core.time.Clock;

/** Looks once a second after open connections, and ends what takes too long. */
record Watchdog(Set<Connection> open, Clock clock, BooleanSupplier stopped) implements Runnable {

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  @Override
  public void run() {
    while (!stopped.getAsBoolean()) {
      try {
        clock.sleep(INTERVAL);
      } catch (InterruptedException e) {
        return;
      }
      long now = clock.nanoTime();
      for (Connection connection : open) {
        connection.expire(now);
      }
    }
  }
}
