package org.everpost.server.guard;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import org.everpost.core.time.Clock;

/**
 * Who was asked to come again later, and comes at once: it waits for its greeting until then, as it
 * would ask again and again meanwhile. Safe for any number of threads.
 */
final class AskedAgain {

  /** Nobody waits longer: whoever is to come again in an hour hears so once more. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private static final int MAX_ADDRESSES = 100_000;

  private final Clock clock;

  /** By address: when it may come, by the clock's nanoseconds. */
  private final Cache<Long, Long> times;

  AskedAgain(Clock clock) {
    this.clock = clock;
    this.times =
        Caffeine.newBuilder()
            .maximumSize(MAX_ADDRESSES)
            .expireAfterWrite(LONGEST)
            .ticker(clock::nanoTime)
            .executor(Runnable::run)
            .build();
  }

  void note(Origin origin, Duration rest) {
    times.put(origin.address(), clock.nanoTime() + rest.toNanos());
  }

  /** How long it has to wait for its greeting yet. */
  Duration left(Origin origin) {
    Long time = times.getIfPresent(origin.address());
    long nanos = time == null ? 0 : time - clock.nanoTime();
    return Duration.ofNanos(Math.clamp(nanos, 0, LONGEST.toNanos()));
  }
}
