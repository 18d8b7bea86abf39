package org.everpost.server.guard;

import java.time.Duration;
import java.util.Arrays;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;

/**
 * How often something came lately, for any number of things in a fixed amount of memory: a
 * count-min sketch whose counts halve every half-life. It may count too much for a few, never too
 * little; who they are changes with every start. Not safe for several threads.
 */
final class Arrivals {

  private static final int ROWS = 4;
  private static final int COLUMNS = 1 << 17;

  /** A tenth of a second: an int holds seven years of them. */
  private static final long TICK_NANOS = 100_000_000;

  private final Clock clock;
  private final double halfLife;
  private final long origin;
  private final long[] seeds = new long[ROWS];
  private final float[] counts = new float[ROWS * COLUMNS];
  private final int[] times = new int[ROWS * COLUMNS];

  Arrivals(Duration halfLife, Clock clock, RandomSource random) {
    this.clock = clock;
    this.halfLife = (double) halfLife.toNanos() / TICK_NANOS;
    this.origin = clock.nanoTime();
    Arrays.setAll(seeds, _ -> random.nextLong() | 1);
  }

  /** Counts one more. */
  void add(long what) {
    int now = now();
    float count = count(what, now) + 1;
    for (int row = 0; row < ROWS; row++) {
      int cell = cell(row, what);
      // A cell that is above it already counts others too: it need not grow.
      counts[cell] = Math.max(at(cell, now), count);
      times[cell] = now;
    }
  }

  /** How many came, the recent ones counting more. */
  float count(long what) {
    return count(what, now());
  }

  private float count(long what, int now) {
    float least = Float.MAX_VALUE;
    for (int row = 0; row < ROWS; row++) {
      least = Math.min(least, at(cell(row, what), now));
    }
    return least;
  }

  private float at(int cell, int now) {
    float count = counts[cell];
    return count == 0 ? 0 : (float) (count * Math.pow(0.5, (now - times[cell]) / halfLife));
  }

  private int now() {
    return (int) ((clock.nanoTime() - origin) / TICK_NANOS);
  }

  private int cell(int row, long what) {
    long mixed = (what ^ seeds[row]) * 0x9e37_79b9_7f4a_7c15L;
    mixed = (mixed ^ mixed >>> 32) * seeds[row];
    return row * COLUMNS + (int) (mixed >>> 47);
  }
}
