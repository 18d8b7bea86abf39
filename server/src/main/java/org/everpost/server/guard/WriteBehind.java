package org.everpost.server.guard;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.everpost.core.time.Clock;
import org.everpost.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Tells the store what is new beside those who found it out, one thing after the other, as far as
 * there is room for what waits. Safe for any number of threads.
 */
final class WriteBehind<T> implements Runnable {

  private static final int MAX_UNWRITTEN = 20_000;

  /** How soon is tried again what the store did not take. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Consumer<T> store;
  private final Clock clock;
  private final ArrayBlockingQueue<T> unwritten = new ArrayBlockingQueue<>(MAX_UNWRITTEN);
  private final LongAdder lost = new LongAdder();

  /**
   * @param store writes one of them; may throw {@link StoreException}
   */
  WriteBehind(Consumer<T> store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Has it written after all that came before. */
  void add(T news) {
    if (!unwritten.offer(news)) {
      lost.increment();
    }
  }

  /** Gives up what came too often to be told. */
  void drop() {
    lost.increment();
  }

  /** How much the store is never told, because it was too slow for all of it. */
  long lost() {
    return lost.sum();
  }

  /** Writes what is new, until the thread is interrupted. */
  @Override
  public void run() {
    T news = null;
    try {
      while (true) {
        news = unwritten.take();
        while (!write(news)) {
          clock.sleep(RETRY);
        }
        news = null;
      }
    } catch (InterruptedException e) {
      writeRest(news);
    }
  }

  /** As long as the store takes it. */
  private void writeRest(@Nullable T first) {
    T next = first == null ? unwritten.poll() : first;
    while (next != null && write(next)) {
      next = unwritten.poll();
    }
  }

  private boolean write(T news) {
    try {
      store.accept(news);
      return true;
    } catch (StoreException e) {
      return false;
    }
  }
}
