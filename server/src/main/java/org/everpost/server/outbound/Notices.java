package org.everpost.server.outbound;

import java.util.List;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledRecipient;

/** Tells senders what became of their messages. Safe for any number of threads. */
public interface Notices {

  /**
   * Writes one notification.
   *
   * @param about recipients of the message, at least one: with {@code delay} those that still wait,
   *     else those that have ended and whose fate the sender wants to know
   * @throws org.everpost.store.StoreUnavailableException if it cannot be stored now
   */
  Notice write(SpooledMessage message, List<SpooledRecipient> about, boolean delay);
}
