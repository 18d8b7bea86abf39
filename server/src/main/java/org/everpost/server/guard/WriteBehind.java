package org.everpost.server.guard;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.everpost.core.time.Clock;
import org.everpost.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Tells the store what is new beside those who found it out, one thing after the other and the
 * newest first: where a flood brings more than the store takes, what is told of is told in time.
 * The oldest is given up when there is no room for more. Safe for any number of threads.
 */
final class WriteBehind<T> implements Runnable {

  private static final int MAX_UNWRITTEN = 20_000;

  /** How soon is tried again what the store did not take. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  /**
   * After each it rests so many times as long as that took: a store that is busy with the mail of
   * others hears of it when it has time.
   */
  private static final int REST = 3;

  private final Consumer<T> store;
  private final Clock clock;
  private final LinkedBlockingDeque<T> unwritten = new LinkedBlockingDeque<>(MAX_UNWRITTEN);
  private final LongAdder lost = new LongAdder();

  /**
   * @param store writes one of them; may throw {@link StoreException}
   */
  WriteBehind(Consumer<T> store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Has it written; in which order does not matter to the store. */
  void add(T news) {
    while (!unwritten.offerFirst(news)) {
      if (unwritten.pollLast() != null) {
        lost.increment();
      }
    }
  }

  /** Gives up what came too often to be told. */
  void drop() {
    lost.increment();
  }

  /** How much is to be written yet. */
  int waiting() {
    return unwritten.size();
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
        long began = clock.nanoTime();
        while (!write(news)) {
          clock.sleep(RETRY);
          began = clock.nanoTime();
        }
        news = null;
        clock.sleep(Duration.ofNanos((clock.nanoTime() - began) * REST));
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
