package org.everpost.server.outbound;

import org.everpost.core.spool.SpooledMessage;
import org.everpost.server.relay.OutgoingMessage;

/** Signs messages as they leave. Safe for any number of threads. */
@FunctionalInterface
public interface Signer {

  /**
   * The signature fields of a message, ASCII, with line ends; empty if there is nobody to sign for.
   *
   * @param content what of it leaves, with its prefix
   * @throws org.everpost.store.StoreException if the content or the keys cannot be read now
   */
  String sign(SpooledMessage message, OutgoingMessage.Content content);
}
