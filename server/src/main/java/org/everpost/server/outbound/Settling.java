package org.everpost.server.outbound;

import java.time.Duration;
import java.util.function.Function;
import org.everpost.core.spool.Job;
import org.everpost.core.spool.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what came of a connection's messages, one after the other, while the connection goes
 * on. Used by the carrier's thread.
 */
final class Settling {

  /** Why a message was not ended. */
  static final Reason NOT_STORED =
      Reason.ours("4.3.0", "What came of another message cannot be stored now");

  /** How long the end of a message waits. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Book book;
  private final Clearance clearance;
  private final Function<Patience.Work, Thread> threads;

  /** Is at the message before, or has been. */
  private @Nullable Thread thread;

  private volatile boolean failed;

  /**
   * @param threads for what has to be done before the server ends
   */
  Settling(Book book, Clearance clearance, Function<Patience.Work, Thread> threads) {
    this.book = book;
    this.clearance = clearance;
    this.threads = threads;
  }

  /** Does so for a message, when it is done for the one before. */
  void begin(Job job, Patience.Work work) throws InterruptedException {
    await();
    Thread its =
        clearance.leaveTo(() ->
            threads.apply(() -> {
              boolean done = false;
              try {
                done =
                    book.safely(
                        job,
                        false,
                        () -> {
                          work.run();
                          return true;
                        });
              } finally {
                failed |= !done;
                clearance.settled();
              }
            }));
    if (Thread.currentThread().isInterrupted()) {
      its.interrupt(); // it has what the carrier was interrupted in
    }
    thread = its;
    its.start();
  }

  /** Waits until it is done for all of them, or has failed. */
  void await() throws InterruptedException {
    if (thread != null) {
      thread.join();
    }
  }

  /** Whether it could not be done for one of them. */
  boolean hasFailed() {
    return failed;
  }

  /** Whether it is done for all of them; waits for it. */
  boolean isDone() {
    try {
      return (thread == null || thread.join(LONGEST)) && !failed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
