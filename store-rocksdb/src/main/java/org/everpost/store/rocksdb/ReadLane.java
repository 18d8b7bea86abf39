package org.everpost.store.rocksdb;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.everpost.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Where reads run that may wait for the disk. A virtual thread inside RocksDB holds its carrier,
 * and with as many of them as there are carriers nothing else runs at all. So at least one carrier
 * is kept out: as long as one of the others is free, and the disk has been quick, a read runs where
 * it is called, which costs nothing; otherwise on a platform thread of a bounded pool.
 */
final class ReadLane {

  /** A read slower than this went to the disk: the next ones will, too. */
  private static final long SLOW_NANOS = 1_000_000;

  /** How long they run on the pool after that. */
  private static final long AVOID_NANOS = 20_000_000;

  private static final int STACK_OCTETS = 256 * 1024;
  private static final int IDLE_SECONDS = 10;

  private final Semaphore direct;
  private final LongSupplier nanoTime;
  private final ThreadPoolExecutor pool;
  private volatile long slowUntil;

  /**
   * @param threads the pool's size
   * @param carriers how many platform threads carry the virtual ones
   */
  ReadLane(int threads, int carriers, LongSupplier nanoTime) {
    this.direct = new Semaphore(Math.max(0, carriers - 1));
    this.nanoTime = nanoTime;
    this.slowUntil = nanoTime.getAsLong();
    this.pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(null, task, "store-read", STACK_OCTETS);
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
  }

  /** Runs {@code task}, here or on the pool, and waits for it, interrupted or not. */
  <T extends @Nullable Object> T read(Supplier<T> task) {
    if (!Thread.currentThread().isVirtual()) {
      return task.get();
    }
    long start = nanoTime.getAsLong();
    if (start - slowUntil >= 0 && direct.tryAcquire()) {
      try {
        return task.get();
      } finally {
        direct.release();
        long end = nanoTime.getAsLong();
        if (end - start > SLOW_NANOS) {
          slowUntil = end + AVOID_NANOS;
        }
      }
    }
    return pooled(task);
  }

  /** The pool's queue holds one task for each waiting caller, no more. */
  <T extends @Nullable Object> T pooled(Supplier<T> task) {
    try {
      return CompletableFuture.supplyAsync(task, pool).join();
    } catch (RejectedExecutionException e) {
      throw new StoreUnavailableException("the store is closed", e);
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Runs something nobody waits for; not at all after close. */
  void later(Runnable task) {
    try {
      pool.execute(task);
    } catch (RejectedExecutionException e) {
      // Closing: what is done later is never needed.
    }
  }

  /** What is under way ends; nothing new begins. */
  void close() {
    pool.shutdown();
  }
}
