package org.everpost.store.rocksdb;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Chunks and hints that were handed to the committer and are not written yet: their writers do not
 * wait, and still read what they wrote. Safe for any number of threads.
 */
final class Underway<W> {

  private final Map<ByteBuffer, W> works = new ConcurrentHashMap<>();

  void add(byte[] key, W work) {
    works.put(ByteBuffer.wrap(key), work);
  }

  @Nullable W find(byte[] key) {
    return works.get(ByteBuffer.wrap(key));
  }

  /** Forgets it, unless a later one has taken its place. */
  void remove(byte[] key, W work) {
    works.remove(ByteBuffer.wrap(key), work);
  }
}
