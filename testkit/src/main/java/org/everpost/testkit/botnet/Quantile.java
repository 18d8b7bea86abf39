package org.everpost.testkit.botnet;

import java.util.Collection;

/** Exact quantiles: what the honest do is little enough to be kept one by one. */
final class Quantile {

  private Quantile() {}

  /** The smallest value that so large a part of all does not exceed; 0 of nothing. */
  static long of(Collection<Long> values, double part) {
    long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
    if (sorted.length == 0) {
      return 0;
    }
    int index = (int) Math.ceil(part * sorted.length) - 1;
    return sorted[Math.clamp(index, 0, sorted.length - 1)];
  }
}
