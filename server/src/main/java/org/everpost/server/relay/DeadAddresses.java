package org.everpost.server.relay;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.everpost.core.time.Clock;

/**
 * Addresses that did not answer lately, or wanted nothing from us: to be tried after those that may
 * be better. Safe for any number of threads.
 */
final class DeadAddresses {

  private static final int MAX_ENTRIES = 20_000;

  private final Clock clock;
  private final Duration time;

  /** Until when. The oldest is the first to be forgotten. */
  private final Map<InetSocketAddress, Long> until = new LinkedHashMap<>();

  DeadAddresses(Clock clock, Duration time) {
    this.clock = clock;
    this.time = time;
  }

  synchronized void add(InetSocketAddress address) {
    until.remove(address);
    if (until.size() >= MAX_ENTRIES) {
      until.remove(until.keySet().iterator().next());
    }
    until.put(address, clock.nanoTime() + time.toNanos());
  }

  /** It has served. */
  synchronized void remove(InetSocketAddress address) {
    until.remove(address);
  }

  synchronized boolean contains(InetSocketAddress address) {
    Long end = until.get(address);
    if (end != null && end - clock.nanoTime() <= 0) {
      until.remove(address);
      return false;
    }
    return end != null;
  }
}
