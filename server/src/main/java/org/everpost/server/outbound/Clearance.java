package org.everpost.server.outbound;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.Spool;
import org.everpost.server.relay.Permission;
import org.jspecify.annotations.Nullable;

/**
 * What carriers may still do. Who has ended a message is not disturbed until it has written down
 * what came of that, as the message would be sent a second time. Safe for any number of threads.
 */
final class Clearance implements Permission {

  private static final Reason STOPPING = Reason.ours("4.3.2", "This server is stopping");
  static final Reason NOT_OURS =
      Reason.ours("4.3.2", "Another server may have taken this one's queue over");

  private final Spool spool;

  /** Those that have ended a message. */
  private final Set<Thread> ending = new HashSet<>();

  private volatile boolean stopping;
  private boolean closed;

  Clearance(Spool spool) {
    this.spool = spool;
  }

  @Override
  public @Nullable Reason whyNot(Step step) {
    if (!spool.isOurs()) {
      return NOT_OURS;
    }
    return switch (step) {
      case BEGIN -> stopping ? STOPPING : null;
      case END -> mayEnd() ? null : STOPPING;
    };
  }

  private synchronized boolean mayEnd() {
    if (!closed) {
      ending.add(Thread.currentThread());
    }
    return !closed;
  }

  /** The calling thread has written down what came of what it ended. */
  synchronized void settled() {
    ending.remove(Thread.currentThread());
  }

  /**
   * Another thread writes down what came of what the calling one has ended.
   *
   * @param other makes it, and does not start it
   */
  synchronized Thread leaveTo(Supplier<Thread> other) {
    Thread its = other.get();
    if (ending.remove(Thread.currentThread())) {
      ending.add(its);
    }
    return its;
  }

  /** Nothing new begins from now on. */
  void stop() {
    stopping = true;
  }

  /** No message is ended from now on, and who has not ended one is interrupted. */
  synchronized void interrupt(Collection<Thread> all) {
    closed = true;
    for (Thread thread : all) {
      if (!ending.contains(thread)) {
        thread.interrupt();
      }
    }
  }
}
