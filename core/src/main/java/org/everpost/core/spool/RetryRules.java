package org.everpost.core.spool;

import java.time.Duration;
import java.time.Instant;
import org.everpost.core.time.RandomSource;

/**
 * When what did not go through is tried again, and for how long (RFC 5321 §4.5.4.1).
 *
 * @param first how long after the first attempt; twice as long after each further one
 * @param longest the longest time between two attempts
 * @param delayWarning how long after it was accepted the sender is told that it takes longer
 * @param expire how long after it was accepted it is given up
 */
public record RetryRules(Duration first, Duration longest, Duration delayWarning, Duration expire) {

  /** What is used where nothing else is said. */
  public static final RetryRules DEFAULT =
      new RetryRules(
          Duration.ofMinutes(5), Duration.ofHours(4), Duration.ofHours(4), Duration.ofDays(5));

  public RetryRules {
    if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException("the longest time is not less than the first");
    }
    if (expire.isNegative() || delayWarning.isNegative()) {
      throw new IllegalArgumentException("times are positive");
    }
  }

  /**
   * When to try again, a tenth sooner or later so that messages of one moment spread out.
   *
   * @param accepted attempts that an operator asked for in between do not make it wait longer than
   *     others of its age
   * @param attempts how often it was tried
   */
  public Instant again(Instant now, Instant accepted, int attempts, RandomSource random) {
    long age = Math.max(0, Duration.between(accepted, now).toMillis());
    long most = Math.min(longest.toMillis(), first.toMillis() + age);
    long doubled = attempts > 30 ? most : first.toMillis() << Math.max(0, attempts - 1);
    long millis = doubled <= 0 || doubled > most ? most : doubled;
    return now.plusMillis(millis - millis / 10 + random.nextLong(millis / 5 + 1));
  }

  /** The latest that {@link #again} says. */
  public Instant latest(Instant now) {
    long most = longest.toMillis();
    return now.plusMillis(most + most / 10 + 1);
  }
}
