package org.everpost.store.rocksdb;

/**
 * What an operator may decide about the embedded engine.
 *
 * @param cacheOctets memory for blocks read and, up to half of it, for what is not yet in files
 * @param maxOpenFiles files RocksDB keeps open, at least 64
 * @param readThreads platform threads for reads that may wait for the disk
 * @param reservedOctets when the file system has less free space than this, or than a tenth of it
 *     all, no blob is taken, so that deleting, logging in and tidying up still find room
 */
public record RocksDbOptions(
    long cacheOctets, int maxOpenFiles, int readThreads, long reservedOctets) {

  /** For a small machine. */
  public static final RocksDbOptions DEFAULT = new RocksDbOptions(64L << 20, 512, 16, 256L << 20);

  public RocksDbOptions {
    require(cacheOctets >= 8 << 20, "cacheOctets");
    require(maxOpenFiles >= 64, "maxOpenFiles");
    require(readThreads >= 1 && readThreads <= 256, "readThreads");
    require(reservedOctets >= 0, "reservedOctets");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("out of bounds: " + what);
    }
  }
}
