package org.everpost.core.directory;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Reads from the store of which each serves all who want the same while it is under way: a store
 * that is slow is not asked the more for it. Nobody is served by a read that began before a change
 * of ours which he may know of. Safe for any number of threads.
 */
final class Loads<K, V> {

  /** Grows with every change of ours. */
  private final AtomicLong changes = new AtomicLong();

  private final Map<K, UnderWay<V>> underWay = new ConcurrentHashMap<>();

  private static final class UnderWay<V> {
    private final long changes;
    private final CompletableFuture<V> value = new CompletableFuture<>();

    UnderWay(long changes) {
      this.changes = changes;
    }
  }

  /** To be called after a change, before what was kept of earlier reads is forgotten. */
  void changed() {
    changes.incrementAndGet();
  }

  /** As of which change something is. */
  long changes() {
    return changes.get();
  }

  /** What a read says that begins now, or is under way. */
  V get(K key, Supplier<V> read) {
    UnderWay<V> mine = new UnderWay<>(changes.get());
    UnderWay<V> its =
        underWay.compute(
            key, (_, other) -> other != null && other.changes >= mine.changes ? other : mine);
    if (its == mine) {
      try {
        mine.value.complete(read.get());
      } catch (RuntimeException | Error e) {
        mine.value.completeExceptionally(e);
      } finally {
        underWay.remove(key, mine);
      }
    }
    try {
      return its.value.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
