package org.everpost.server.outbound;

import java.util.List;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledRecipient;

/** Tells senders what became of their messages. Safe for any number of threads. */
public interface Notices {

  /**
   * Makes one notification and puts it into the mailboxes of ours it is for.
   *
   * @param about recipients of the message, at least one: with {@code delay} those that still wait,
   *     else those that have ended and whose fate the sender wants to know
   * @return what of it has to leave; none where the sender is ours
   * @throws org.everpost.store.StoreUnavailableException if it cannot be stored now
   */
  List<Departure> send(SpooledMessage message, List<SpooledRecipient> about, boolean delay);
}
