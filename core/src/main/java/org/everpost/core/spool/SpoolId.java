package org.everpost.core.spool;

import java.time.Instant;
import java.util.Locale;
import org.everpost.core.time.RandomSource;

/**
 * The name of a message in the queue: the millisecond it came, and 20 random bits. The order of the
 * numbers is the order of their age. One process never gives it twice; two nodes may, once in a
 * long while, so a message is known by its partition and this.
 */
public record SpoolId(long value) implements Comparable<SpoolId> {

  private static final int RANDOM_BITS = 20;

  public SpoolId {
    if (value < 0) {
      throw new IllegalArgumentException("a queue id is not negative");
    }
  }

  public static SpoolId of(Instant now, RandomSource random) {
    return new SpoolId(
        now.toEpochMilli() << RANDOM_BITS | random.nextLong() >>> (Long.SIZE - RANDOM_BITS));
  }

  /**
   * Parses what {@link #toString} gives, in any case.
   *
   * @throws IllegalArgumentException if it is no queue id
   */
  public static SpoolId of(String text) {
    try {
      if (text.length() <= 13 && !text.startsWith("+")) {
        return new SpoolId(Long.parseLong(text.toLowerCase(Locale.ROOT), 36));
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException("'" + text + "' is not a queue id");
  }

  @Override
  public int compareTo(SpoolId other) {
    return Long.compare(value, other.value);
  }

  /** The one that comes next if nothing else decides. */
  SpoolId next() {
    return new SpoolId(value + 1);
  }

  /** Letters and digits, 12 or 13. */
  @Override
  public String toString() {
    return Long.toString(value, 36);
  }
}
