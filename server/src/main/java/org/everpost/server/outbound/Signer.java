package org.everpost.server.outbound;

import org.everpost.core.spool.SpooledMessage;
import org.everpost.server.relay.OutgoingMessage;

/** Signs messages as they leave. Safe for any number of threads. */
@FunctionalInterface
public interface Signer {

  /**
   * Who signs a message, if anybody does.
   *
   * @param content what of it leaves, with its prefix
   * @throws org.everpost.store.StoreException if the content or the keys cannot be read now
   */
  OutgoingMessage.Signatures of(SpooledMessage message, OutgoingMessage.Content content);
}
