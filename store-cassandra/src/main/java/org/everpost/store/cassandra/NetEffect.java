package org.everpost.store.cassandra;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.everpost.store.KeyRange;
import org.everpost.store.Mutation;
import org.jspecify.annotations.Nullable;

/**
 * What mutations do when applied in their order, as mutations of which no two touch the same key.
 *
 * <p>All rows of one Cassandra batch get the same timestamp, and among equals a deletion beats a
 * value: "delete the range, then put this row into it" would lose the row. So ranges are cut around
 * the rows put into them.
 */
final class NetEffect {

  /** The last put (or, as null, delete) of each key no later range covers. */
  private final TreeMap<byte[], byte @Nullable []> rows = new TreeMap<>(Arrays::compareUnsigned);

  /** Deleted ranges by their beginning; they neither overlap nor touch. */
  private final TreeMap<byte[], KeyRange> ranges = new TreeMap<>(Arrays::compareUnsigned);

  private NetEffect() {}

  static List<Mutation> of(List<Mutation> mutations) {
    NetEffect effect = new NetEffect();
    for (Mutation mutation : mutations) {
      switch (mutation) {
        case Mutation.Put(byte[] key, byte[] value) -> effect.rows.put(key, value);
        case Mutation.Delete(byte[] key) -> effect.rows.put(key, null);
        case Mutation.DeleteRange(KeyRange range) -> effect.deleteRange(range);
      }
    }
    return effect.disjoint();
  }

  private void deleteRange(KeyRange range) {
    if (isEmpty(range)) {
      return;
    }
    within(range).clear();
    KeyRange merged = range;
    Map.Entry<byte[], KeyRange> before = ranges.floorEntry(merged.from());
    if (before != null && reaches(before.getValue(), merged.from())) {
      merged = join(before.getValue(), merged);
    }
    Map.Entry<byte[], KeyRange> next = ranges.ceilingEntry(merged.from());
    while (next != null && reaches(merged, next.getKey())) {
      merged = join(merged, next.getValue());
      ranges.remove(next.getKey());
      next = ranges.ceilingEntry(merged.from());
    }
    ranges.put(merged.from(), merged);
  }

  private Map<byte[], byte @Nullable []> within(KeyRange range) {
    return range.to() == null
        ? rows.tailMap(range.from(), true)
        : rows.subMap(range.from(), true, range.to(), false);
  }

  private List<Mutation> disjoint() {
    List<Mutation> result = new ArrayList<>();
    for (KeyRange range : ranges.values()) {
      KeyRange rest = range;
      for (byte[] key : within(range).keySet()) {
        addRange(result, rest.before(key));
        rest = rest.after(key);
      }
      addRange(result, rest);
    }
    rows.forEach((key, value) ->
        result.add(value == null ? new Mutation.Delete(key) : new Mutation.Put(key, value)));
    return result;
  }

  private static void addRange(List<Mutation> result, KeyRange range) {
    if (!isEmpty(range)) {
      result.add(new Mutation.DeleteRange(range));
    }
  }

  private static boolean isEmpty(KeyRange range) {
    return range.to() != null && Arrays.compareUnsigned(range.from(), range.to()) >= 0;
  }

  /** Whether {@code range}, which begins no later than {@code key}, ends at it or later. */
  private static boolean reaches(KeyRange range, byte[] key) {
    return range.to() == null || Arrays.compareUnsigned(range.to(), key) >= 0;
  }

  /** From the beginning of {@code first}, which begins no later, to the later end of the two. */
  @SuppressWarnings("NullAway") // a compiled record does not show that its constructor takes null
  private static KeyRange join(KeyRange first, KeyRange second) {
    byte[] end = first.to();
    boolean covers =
        end == null || (second.to() != null && Arrays.compareUnsigned(second.to(), end) <= 0);
    return covers ? first : new KeyRange(first.from(), second.to());
  }
}
