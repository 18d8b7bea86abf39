package org.everpost.store.rocksdb;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.SplittableRandom;

/** Opens stores for tests. */
final class Stores {

  static final RocksDbOptions OPTIONS = new RocksDbOptions(16 << 20, 64, 4, 0);

  private Stores() {}

  static RocksDbStore open(Path directory) {
    return open(directory, InstantSource.system());
  }

  static RocksDbStore open(Path directory, InstantSource clock) {
    return RocksDbStore.open(directory, OPTIONS, clock, new SplittableRandom(), StoreWatcher.NONE);
  }
}
