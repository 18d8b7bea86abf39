package org.everpost.core.commit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Lets threads that want something done wait while one of them does it for all: what queues up
 * during one commit goes into the next together. No lock is held while the work is done.
 *
 * @param <T> what somebody wants done, and where the outcome is left
 */
public final class CommitQueue<T> {

  /** After so many rounds the leading thread passes the lead on: it too wants its answer. */
  private static final int ROUNDS = 4;

  private final ConcurrentLinkedQueue<Ticket<T>> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean led = new AtomicBoolean();
  private final Consumer<List<T>> work;

  /** One thread's place in the queue. */
  private static final class Ticket<T> {
    private final T wish;
    private final Thread owner = Thread.currentThread();
    private volatile boolean done;

    Ticket(T wish) {
      this.wish = wish;
    }
  }

  /**
   * @param work does all of a list and never throws
   */
  public CommitQueue(Consumer<List<T>> work) {
    this.work = work;
  }

  /** Returns when it was done, by this thread or another. */
  public void await(T wish) {
    Ticket<T> ticket = new Ticket<>(wish);
    waiting.add(ticket);
    boolean interrupted = false;
    while (!ticket.done) {
      if (led.compareAndSet(false, true)) {
        lead();
      } else {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void lead() {
    try {
      for (int round = 0; round < ROUNDS; round++) {
        List<Ticket<T>> batch = new ArrayList<>();
        List<T> wishes = new ArrayList<>();
        for (Ticket<T> ticket = waiting.poll(); ticket != null; ticket = waiting.poll()) {
          batch.add(ticket);
          wishes.add(ticket.wish);
        }
        if (batch.isEmpty()) {
          break;
        }
        try {
          work.accept(wishes);
        } finally {
          batch.forEach(CommitQueue::serve);
        }
      }
    } finally {
      led.set(false);
      Ticket<T> next = waiting.peek();
      if (next != null) {
        LockSupport.unpark(next.owner);
      }
    }
  }

  private static void serve(Ticket<?> ticket) {
    ticket.done = true;
    LockSupport.unpark(ticket.owner);
  }
}
