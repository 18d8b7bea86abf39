package org.everpost.testkit.botnet;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Things that are begun at a steady pace, however long each of them takes, until the end. Safe for
 * any number of threads.
 */
final class Pace implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;

  /** What is done the so-and-so-manieth time, counted from 0. */
  @FunctionalInterface
  interface Task {
    void run(int number) throws InterruptedException;
  }

  /** Begins a task after a while, and again after each period. */
  void every(Duration first, Duration period, Task task) {
    start(() -> {
      pause(first);
      long next = System.nanoTime();
      for (int i = 0; !ended; i++) {
        int number = i;
        start(() -> task.run(number));
        next += period.toNanos();
        pause(Duration.ofNanos(next - System.nanoTime()));
      }
    });
  }

  /** Begins a task again whenever it is over. */
  void repeatedly(Duration pause, Task task) {
    start(() -> {
      for (int i = 0; !ended; i++) {
        task.run(i);
        pause(pause);
      }
    });
  }

  /** Waits, but not beyond the end. */
  void pause(Duration time) throws InterruptedException {
    long until = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0 && !ended; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  boolean isOver() {
    return ended;
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private void start(Work work) {
    Thread thread =
        Thread.ofVirtual()
            .unstarted(() -> {
              try {
                work.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } finally {
                threads.remove(Thread.currentThread());
              }
            });
    threads.add(thread);
    thread.start();
  }

  /** Begins nothing more, and waits for what is under way, but not for ever. */
  @Override
  public void close() {
    ended = true;
    threads.forEach(LockSupport::unpark);
    long until = System.nanoTime() + PATIENCE.toNanos();
    for (Thread thread : threads) {
      try {
        thread.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    threads.forEach(Thread::interrupt);
  }
}
