package org.everpost.server.relay;

import org.everpost.core.spool.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Says whether what cannot be taken back may still be done. Asked by the thread that is about to do
 * it, just before it does; safe for any number of threads.
 */
@FunctionalInterface
public interface Permission {

  /** What is about to be done. */
  enum Step {
    /** A connection or a transaction begins, or goes on. */
    BEGIN,
    /**
     * A message is ended, so that the peer may take it. Whoever may do so is left alone until it
     * has written down what came of it.
     */
    END
  }

  /** Why it must not be done now; null: it may. */
  @Nullable Reason whyNot(Step step);
}
