package org.everpost.wire.imap;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Message numbers or UIDs as a client names them (RFC 9051 §9, {@code sequence-set}): ranges in any
 * order that may overlap, {@code *} for the largest in use, or {@code $} for the saved search
 * result. Immutable. {@link #resolve} tells what it means in a mailbox.
 */
public final class SequenceSet {

  /** Stands for {@code *}. */
  public static final long STAR = 0;

  /** {@code $}: the saved result of the last search (RFC 9051 §6.4.4.1). */
  public static final SequenceSet SAVED = new SequenceSet(new long[0]);

  /** First and last of each range in turn, as given. */
  private final long[] bounds;

  private SequenceSet(long[] bounds) {
    this.bounds = bounds;
  }

  /**
   * The ranges given as first and last in turn; {@link #STAR} for {@code *}.
   *
   * @throws IllegalArgumentException if there is none, or a number is none of a message
   */
  public static SequenceSet of(long... bounds) {
    if (bounds.length == 0 || bounds.length % 2 != 0) {
      throw new IllegalArgumentException("a set has at least one range");
    }
    for (long bound : bounds) {
      if (bound < 0 || bound > NumberSet.MAX) {
        throw new IllegalArgumentException("not a number of a message: " + bound);
      }
    }
    return new SequenceSet(bounds.clone());
  }

  /** Whether it is {@code $}; it has no ranges then. */
  public boolean isSaved() {
    return bounds.length == 0;
  }

  public int rangeCount() {
    return bounds.length / 2;
  }

  /** The first number of a range as given, counted from 0; may be {@link #STAR}. */
  public long first(int range) {
    return bounds[2 * range];
  }

  /** The last number of a range as given; may be {@link #STAR} or less than the first. */
  public long last(int range) {
    return bounds[2 * range + 1];
  }

  public boolean hasStar() {
    for (long bound : bounds) {
      if (bound == STAR) {
        return true;
      }
    }
    return false;
  }

  /** The largest number named, {@code *} not counted; 0 if there is none. */
  public long largest() {
    long largest = 0;
    for (long bound : bounds) {
      largest = Math.max(largest, bound);
    }
    return largest;
  }

  /**
   * What it means where {@code largest} is the largest message number or UID in use. {@code 9:*} is
   * {@code *:9}, so it holds {@code largest} even if that is less than 9 (RFC 9051 §9, {@code
   * seq-range}).
   *
   * @param largest 0 if the mailbox is empty: ranges with {@code *} then hold nothing
   * @throws IllegalStateException for {@code $}, which only the session can resolve
   */
  public NumberSet resolve(long largest) {
    if (isSaved()) {
      throw new IllegalStateException("$ means what the session has saved");
    }
    long[][] ranges = new long[rangeCount()][];
    int count = 0;
    boolean ascending = true;
    for (int i = 0; i < bounds.length; i += 2) {
      if (largest == 0 && (bounds[i] == STAR || bounds[i + 1] == STAR)) {
        continue;
      }
      long one = bounds[i] == STAR ? largest : bounds[i];
      long other = bounds[i + 1] == STAR ? largest : bounds[i + 1];
      ranges[count] = new long[] {Math.min(one, other), Math.max(one, other)};
      ascending &= count == 0 || ranges[count - 1][0] <= ranges[count][0];
      count++;
    }
    if (!ascending) {
      Arrays.sort(ranges, 0, count, (a, b) -> Long.compare(a[0], b[0]));
    }
    NumberSet.Builder builder = new NumberSet.Builder();
    for (int i = 0; i < count; i++) {
      builder.addRange(ranges[i][0], ranges[i][1]);
    }
    return builder.build();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SequenceSet that && Arrays.equals(bounds, that.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }

  /** As on the wire. */
  @Override
  public String toString() {
    if (isSaved()) {
      return "$";
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bounds.length; i += 2) {
      text.append(i == 0 ? "" : ",");
      append(text, bounds[i]);
      if (bounds[i + 1] != bounds[i]) {
        append(text.append(':'), bounds[i + 1]);
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, long bound) {
    if (bound == STAR) {
      text.append('*');
    } else {
      text.append(bound);
    }
  }
}
