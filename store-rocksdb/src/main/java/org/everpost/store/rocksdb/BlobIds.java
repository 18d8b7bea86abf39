package org.everpost.store.rocksdb;

import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.everpost.store.BlobId;

/** Makes blob ids. Safe for any number of threads. */
final class BlobIds {

  private final InstantSource clock;
  private final RandomGenerator random;

  BlobIds(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  synchronized BlobId next() {
    return BlobId.of(clock.instant(), random.nextLong(), random.nextLong());
  }
}
