package org.everpost.testkit.store;

/**
 * How much a contract test does.
 *
 * @param writers virtual threads that write at the same time
 * @param commits commits each of them makes
 * @param rows rows of a large partition
 * @param operations steps of one random run
 * @param runs random runs
 */
public record Effort(int writers, int commits, int rows, int operations, int runs) {

  /** For an engine whose commits take microseconds. */
  public static final Effort QUICK = new Effort(64, 50, 20_000, 500, 10);

  /** For an engine whose commits take tens of milliseconds. */
  public static final Effort SLOW = new Effort(8, 8, 2_500, 100, 2);
}
