package org.everpost.wire.imap;

import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A set of message numbers or UIDs: ranges, ascending, disjoint and not adjacent. Immutable. What a
 * {@link SequenceSet} means in a mailbox, and what responses list.
 */
public final class NumberSet {
  public static final NumberSet EMPTY = new NumberSet(new long[0]);

  /** The largest message number or UID (RFC 9051 §9, {@code nz-number}). */
  public static final long MAX = 0xFFFF_FFFFL;

  /** First and last of each range in turn. */
  private final long[] bounds;

  private NumberSet(long[] bounds) {
    this.bounds = bounds;
  }

  /** The numbers given, in any order. */
  public static NumberSet of(long... numbers) {
    long[] sorted = numbers.clone();
    Arrays.sort(sorted);
    Builder builder = new Builder();
    for (long number : sorted) {
      builder.add(number);
    }
    return builder.build();
  }

  /** All from {@code first} to {@code last}; empty if that is less. */
  public static NumberSet range(long first, long last) {
    return new Builder().addRange(first, last).build();
  }

  public boolean isEmpty() {
    return bounds.length == 0;
  }

  public int rangeCount() {
    return bounds.length / 2;
  }

  /** The first number of a range, counted from 0. */
  public long first(int range) {
    return bounds[2 * range];
  }

  /** The last number of a range. */
  public long last(int range) {
    return bounds[2 * range + 1];
  }

  /** How many numbers it holds. */
  public long size() {
    long size = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      size += bounds[i + 1] - bounds[i] + 1;
    }
    return size;
  }

  public boolean contains(long number) {
    int low = 0;
    int high = rangeCount() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (number < first(middle)) {
        high = middle - 1;
      } else if (number > last(middle)) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  /** Calls with each number, ascending; beware of {@code 1:4294967295}. */
  public void forEach(LongConsumer consumer) {
    for (int i = 0; i < bounds.length; i += 2) {
      for (long number = bounds[i]; number <= bounds[i + 1]; number++) {
        consumer.accept(number);
      }
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NumberSet that && Arrays.equals(bounds, that.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }

  /** As on the wire: {@code 1:3,5}; empty for the empty set. */
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

  /** Collects numbers that come in ascending order; what comes twice counts once. */
  public static final class Builder {
    private long[] bounds = new long[16];
    private int length;

    public Builder add(long number) {
      return addRange(number, number);
    }

    /**
     * Adds all from {@code first} to {@code last}; nothing if that is less.
     *
     * @throws IllegalArgumentException if it begins before what was added last
     */
    public Builder addRange(long first, long last) {
      if (first > last) {
        return this;
      }
      if (first < 1 || last > MAX) {
        throw new IllegalArgumentException("not a number of a message: " + first + ":" + last);
      }
      if (length > 0 && first <= bounds[length - 1] + 1) {
        if (first < bounds[length - 2]) {
          throw new IllegalArgumentException("not ascending");
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

    public NumberSet build() {
      return length == 0 ? EMPTY : new NumberSet(Arrays.copyOf(bounds, length));
    }
  }
}
