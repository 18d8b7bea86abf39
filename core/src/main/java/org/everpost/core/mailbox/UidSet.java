package org.everpost.core.mailbox;

import java.util.Arrays;
import java.util.function.IntConsumer;

/** An immutable set of UIDs, kept as ascending ranges. */
public final class UidSet {

  public static final UidSet EMPTY = new UidSet(new int[0]);

  /** first, last, first, last …: ascending, neither touching nor overlapping. */
  private final int[] bounds;

  private UidSet(int[] bounds) {
    this.bounds = bounds;
  }

  public static UidSet of(int uid) {
    return range(uid, uid);
  }

  /** All from {@code first} to {@code last}, both included; empty if last is less than first. */
  public static UidSet range(int first, int last) {
    return last < first ? EMPTY : new UidSet(new int[] {first, last});
  }

  /** Any UIDs, in any order. */
  public static UidSet of(int[] uids) {
    Builder builder = new Builder();
    int[] sorted = uids.clone();
    Arrays.sort(sorted);
    for (int uid : sorted) {
      builder.add(uid);
    }
    return builder.build();
  }

  public boolean isEmpty() {
    return bounds.length == 0;
  }

  /** How many UIDs. */
  public long size() {
    long size = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      size += bounds[i + 1] - (long) bounds[i] + 1;
    }
    return size;
  }

  /** How many ranges. */
  public int ranges() {
    return bounds.length / 2;
  }

  /** The first UID of range {@code i}. */
  public int first(int i) {
    return bounds[2 * i];
  }

  /** The last UID of range {@code i}. */
  public int last(int i) {
    return bounds[2 * i + 1];
  }

  public boolean contains(int uid) {
    int at = Arrays.binarySearch(bounds, uid);
    return at >= 0 || ((-at - 1) & 1) == 1;
  }

  public void forEach(IntConsumer action) {
    for (int i = 0; i < bounds.length; i += 2) {
      for (long uid = bounds[i]; uid <= bounds[i + 1]; uid++) {
        action.accept((int) uid);
      }
    }
  }

  /** Those that both sets have. */
  public UidSet intersect(UidSet other) {
    Builder builder = new Builder();
    int j = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      while (j < other.bounds.length && other.bounds[j + 1] < bounds[i]) {
        j += 2;
      }
      for (int k = j; k < other.bounds.length && other.bounds[k] <= bounds[i + 1]; k += 2) {
        builder.add(
            Math.max(bounds[i], other.bounds[k]), Math.min(bounds[i + 1], other.bounds[k + 1]));
      }
    }
    return builder.build();
  }

  public UidSet union(UidSet other) {
    Builder builder = new Builder();
    int i = 0;
    int j = 0;
    while (i < bounds.length || j < other.bounds.length) {
      boolean mine =
          j >= other.bounds.length || (i < bounds.length && bounds[i] <= other.bounds[j]);
      if (mine) {
        builder.add(bounds[i], bounds[i + 1]);
        i += 2;
      } else {
        builder.add(other.bounds[j], other.bounds[j + 1]);
        j += 2;
      }
    }
    return builder.build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UidSet that && Arrays.equals(bounds, that.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }

  /** As IMAP writes it, such as {@code 1:3,7}; empty string if empty. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bounds.length; i += 2) {
      text.append(i == 0 ? "" : ",").append(bounds[i]);
      if (bounds[i + 1] != bounds[i]) {
        text.append(':').append(bounds[i + 1]);
      }
    }
    return text.toString();
  }

  /** Collects UIDs that come in ascending order of their first. */
  public static final class Builder {

    private int[] bounds = new int[8];
    private int length;

    public Builder add(int uid) {
      return add(uid, uid);
    }

    /** Adds a range whose first is not less than that of the range before it. */
    public Builder add(int first, int last) {
      if (length > 0 && first <= (long) bounds[length - 1] + 1) {
        if (first < bounds[length - 2]) {
          throw new IllegalArgumentException("not ascending: " + first);
        }
        bounds[length - 1] = Math.max(bounds[length - 1], last);
        return this;
      }
      if (length == bounds.length) {
        bounds = Arrays.copyOf(bounds, 2 * length);
      }
      bounds[length++] = first;
      bounds[length++] = last;
      return this;
    }

    public UidSet build() {
      return length == 0 ? EMPTY : new UidSet(Arrays.copyOf(bounds, length));
    }
  }
}
