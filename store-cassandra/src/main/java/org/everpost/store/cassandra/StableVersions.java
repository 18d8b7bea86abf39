package org.everpost.store.cassandra;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.everpost.store.Partition;

/**
 * Versions known to be on a quorum, for the partitions used lately. A place is taken over by any
 * other partition that falls on it: forgetting costs one slower read. Safe for any number of
 * threads.
 */
final class StableVersions {

  private static final int PLACES = 1 << 14;

  private final AtomicReferenceArray<Known> places = new AtomicReferenceArray<>(PLACES);

  private record Known(Partition partition, long version) {}

  /** Whether a quorum is known to have all of {@code version}. */
  boolean contains(Partition partition, long version) {
    Known known = places.get(place(partition));
    return known != null && known.partition.equals(partition) && version <= known.version;
  }

  void add(Partition partition, long version) {
    Known fresh = new Known(partition, version);
    places.accumulateAndGet(
        place(partition),
        fresh,
        (old, added) ->
            old != null && old.partition.equals(partition) && old.version >= version ? old : added);
  }

  private static int place(Partition partition) {
    int hash = partition.hashCode();
    return (hash ^ hash >>> 16) & (PLACES - 1);
  }
}
