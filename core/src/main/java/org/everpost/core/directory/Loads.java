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
    UnderWay<V> its = begin(key, mine);
    if (its != mine) {
      try {
        return its.value.join();
      } catch (CompletionException e) {
        // Its patience is not ours, which has just begun.
        mine = new UnderWay<>(changes.get());
        its = begin(key, mine);
      }
    }
    return its == mine ? run(key, mine, read) : join(its);
  }

  private UnderWay<V> begin(K key, UnderWay<V> mine) {
    return underWay.compute(
        key, (_, other) -> other != null && other.changes >= mine.changes ? other : mine);
  }

  private V run(K key, UnderWay<V> mine, Supplier<V> read) {
    try {
      V value = read.get();
      underWay.remove(key, mine);
      mine.value.complete(value);
      return value;
    } catch (Throwable e) {
      underWay.remove(key, mine); // before anybody hears of it, who may try again
      mine.value.completeExceptionally(e);
      throw e;
    }
  }

  private V join(UnderWay<V> its) {
    try {
      return its.value.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
