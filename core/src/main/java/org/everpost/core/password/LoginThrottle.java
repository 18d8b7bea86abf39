package org.everpost.core.password;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.everpost.core.time.Clock;
import org.everpost.store.Hints;

/**
 * Slows guessing down, by the source, its network and the name that is tried, without locking
 * people out:
 *
 * <ul>
 *   <li>A few failures are free; then each doubles the rest until the next attempt. Time forgives.
 *   <li>A source that this name logged in from before is counted by itself, so a botnet that tries
 *       a name from everywhere does not keep its owner out.
 *   <li>What comes to a name from places where users have logged in, and what comes from elsewhere,
 *       is counted apart: a botnet keeps nobody out who sits where others of ours do. Whoever has
 *       an account to make his bots familiar has as many guesses at a name there, not as many as
 *       bots.
 *   <li>A success forgives nothing: who has one account could otherwise guess at others for ever.
 * </ul>
 *
 * <p>Names that do not exist are treated as those that do. The counts are hints, shared by all
 * nodes; until it counts a failure itself, this node looks at its own copy of them for two seconds.
 * Safe for any number of threads.
 */
final class LoginThrottle {

  static final int FREE_OF_SOURCE = 5;
  static final int FREE_OF_NETWORK = 50;
  static final int FREE_OF_NAME = 20;
  static final int FREE_OF_PAIR = 10;

  /** Attempts of one source that may be under way at once: none of them is counted yet. */
  static final int AT_ONCE = 16;

  private static final String FAILURES = "auth-failures";
  private static final String KNOWN = "auth-known";
  private static final Duration KNOWN_LIFE = Duration.ofDays(60);
  private static final Duration BUSY_REST = Duration.ofSeconds(1);
  private static final byte[] YES = {1};
  private static final int MAX_COPIES = 50_000;

  private final Hints hints;
  private final Clock clock;
  private final Cache<String, FailureCounter> counters;
  private final Cache<String, Boolean> known;
  private final Map<String, Integer> underWay = new ConcurrentHashMap<>();

  LoginThrottle(Hints hints, Clock clock) {
    this.hints = hints;
    this.clock = clock;
    this.counters = copies(clock, Duration.ofSeconds(2));
    this.known = copies(clock, Duration.ofHours(1));
  }

  private static <T> Cache<String, T> copies(Clock clock, Duration life) {
    return Caffeine.newBuilder()
        .maximumSize(MAX_COPIES)
        .expireAfterWrite(life)
        .ticker(clock::nanoTime)
        .executor(Runnable::run)
        .build();
  }

  /** Begins an attempt; to be ended by {@link #end} if it may go on, that is, if this is zero. */
  Duration begin(LoginSource source, String name) {
    if (source.exempt()) {
      return Duration.ZERO;
    }
    Duration rest = rest(source, name);
    if (!rest.isZero()) {
      return rest;
    }
    int now = underWay.merge(source.key(), 1, Integer::sum);
    if (now > AT_ONCE) {
      end(source);
      return BUSY_REST;
    }
    return Duration.ZERO;
  }

  void end(LoginSource source) {
    if (!source.exempt()) {
      underWay.computeIfPresent(source.key(), (_, count) -> count == 1 ? null : count - 1);
    }
  }

  private Duration rest(LoginSource source, String name) {
    long now = clock.millis();
    if (isKnown(source, name)) {
      return counter(pair(source, name)).rest(FREE_OF_PAIR, now);
    }
    Duration bySource = counter(bySource(source)).rest(FREE_OF_SOURCE, now);
    Duration byNetwork = counter(byNetwork(source)).rest(FREE_OF_NETWORK, now);
    Duration byName = counter(byName(source, name)).rest(FREE_OF_NAME, now);
    return Collections.max(List.of(bySource, byNetwork, byName));
  }

  /**
   * Counts a failure.
   *
   * @param weight less than 1 for one that hardly counts
   */
  void failed(LoginSource source, String name, float weight) {
    if (source.exempt()) {
      return;
    }
    if (isKnown(source, name)) {
      count(pair(source, name), weight);
    } else {
      count(bySource(source), weight);
      count(byNetwork(source), weight);
      count(byName(source, name), weight);
    }
  }

  /** Remembers that this name logs in from there. */
  void succeeded(LoginSource source, String name) {
    String pair = pair(source, name);
    if (!source.exempt() && !Boolean.TRUE.equals(known.getIfPresent(pair))) {
      known.put(pair, true);
      hints.put(KNOWN, key(pair), YES, KNOWN_LIFE);
    }
  }

  /** Whether this is likely to be a user: one who comes from this machine, or a familiar place. */
  boolean knows(LoginSource source, String name) {
    return source.exempt() || source.familiar() || isKnown(source, name);
  }

  private boolean isKnown(LoginSource source, String name) {
    String pair = pair(source, name);
    Boolean cached = known.getIfPresent(pair);
    if (cached != null) {
      return cached;
    }
    boolean found = hints.get(KNOWN, key(pair)) != null;
    known.asMap().putIfAbsent(pair, found); // a success may have come in between
    return found;
  }

  private FailureCounter counter(String key) {
    FailureCounter cached = counters.getIfPresent(key);
    if (cached != null) {
      return cached;
    }
    FailureCounter stored = stored(key);
    FailureCounter newer = counters.asMap().putIfAbsent(key, stored);
    return newer == null ? stored : newer;
  }

  private FailureCounter stored(String key) {
    return FailureCounter.decode(hints.get(FAILURES, key(key)));
  }

  /** Adds to what all nodes have counted: else there were as many guesses more as nodes. */
  private void count(String key, float weight) {
    FailureCounter stored = stored(key);
    long now = clock.millis();
    FailureCounter counted =
        counters
            .asMap()
            .compute(
                key,
                (_, before) ->
                    (before == null ? stored : stored.or(before, now)).plus(weight, now));
    hints.put(FAILURES, key(key), counted.encode(), FailureCounter.LIFE);
  }

  private static String bySource(LoginSource source) {
    return "source " + source.key();
  }

  private static String byNetwork(LoginSource source) {
    return "network " + source.network();
  }

  private static String byName(LoginSource source, String name) {
    return (source.familiar() ? "familiar name " : "name ") + name;
  }

  private static String pair(LoginSource source, String name) {
    return "pair " + source.key() + " " + name;
  }

  private static byte[] key(String text) {
    byte[] key = text.getBytes(StandardCharsets.UTF_8);
    return key.length <= Hints.MAX_KEY_OCTETS ? key : Arrays.copyOf(key, Hints.MAX_KEY_OCTETS);
  }
}
