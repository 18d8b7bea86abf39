package org.everpost.core.sending;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

/**
 * How often something happened in a time that ends now. It is counted in steps: what happened
 * counts until its step is the whole time ago, that is, never too short. Immutable.
 */
final class SlidingCount {

  private final long stepMillis;

  /** The newest step that anything was counted in, as its number since 1970. */
  private final long newest;

  /** The count of the newest step, of the one before it, and so on. */
  private final int[] counts;

  private SlidingCount(long stepMillis, long newest, int[] counts) {
    this.stepMillis = stepMillis;
    this.newest = newest;
    this.counts = counts;
  }

  static SlidingCount nothing(Duration step, int steps) {
    return new SlidingCount(step.toMillis(), 0, new int[steps + 1]);
  }

  /** How often. */
  int sum(long nowMillis) {
    long sum = 0;
    for (int i = 0; i < counts.length; i++) {
      sum += age(i, nowMillis) < counts.length ? counts[i] : 0;
    }
    return (int) Math.min(Integer.MAX_VALUE, sum);
  }

  /**
   * How many steps ago an entry is. Where the clock was set back a little, what is ahead is of now;
   * where it was wrong by more than the whole time, nobody knows, and it has ended.
   */
  private long age(int entry, long nowMillis) {
    long age = nowMillis / stepMillis - newest;
    return age < -counts.length ? counts.length : Math.max(0, age) + entry;
  }

  /** With more of it; a negative number takes back. */
  SlidingCount plus(int more, long nowMillis) {
    long current = nowMillis / stepMillis;
    long now = newest - current > counts.length ? current : Math.max(newest, current);
    int[] changed = shifted(now);
    changed[0] = Math.clamp((long) changed[0] + more, 0, Integer.MAX_VALUE);
    return new SlidingCount(stepMillis, now, changed);
  }

  private int[] shifted(long to) {
    int[] shifted = new int[counts.length];
    long by = to - newest;
    if (by >= 0 && by < counts.length) {
      System.arraycopy(counts, 0, shifted, (int) by, counts.length - (int) by);
    }
    return shifted;
  }

  /** The same by a clock of which this one's may have been ahead: what is yet to come is of now. */
  SlidingCount notAhead(long nowMillis) {
    return new SlidingCount(stepMillis, Math.min(newest, nowMillis / stepMillis), counts);
  }

  /** What two have counted of different things. */
  SlidingCount plus(SlidingCount other) {
    long last = Math.max(newest, other.newest);
    int[] ours = shifted(last);
    int[] theirs = other.shifted(last);
    Arrays.setAll(ours, i -> Math.clamp((long) ours[i] + theirs[i], 0, Integer.MAX_VALUE));
    return new SlidingCount(stepMillis, last, ours);
  }

  /** When so many more will be within a limit: at once, or when enough of the old has ended. */
  long roomAt(int limit, int more, long nowMillis) {
    long left = sum(nowMillis);
    if (left + more <= limit) {
      return nowMillis;
    }
    long current = nowMillis / stepMillis;
    for (int i = counts.length - 1; i >= 0; i--) {
      long age = age(i, nowMillis);
      if (age < counts.length && counts[i] > 0) {
        left -= counts[i];
        if (left + more <= limit) {
          return (current - age + counts.length) * stepMillis;
        }
      }
    }
    return (current + counts.length) * stepMillis; // never; then it is at least empty
  }

  int octets() {
    return Long.BYTES + counts.length * Integer.BYTES;
  }

  void write(ByteBuffer out) {
    out.putLong(newest);
    for (int count : counts) {
      out.putInt(count);
    }
  }

  /** What was written, of the same steps as this one. */
  SlidingCount read(ByteBuffer in) {
    long last = in.getLong();
    int[] its = new int[counts.length];
    Arrays.setAll(its, _ -> Math.max(0, in.getInt()));
    return new SlidingCount(stepMillis, last, its);
  }
}
