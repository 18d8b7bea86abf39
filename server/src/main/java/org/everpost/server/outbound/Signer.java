package org.everpost.server.outbound;

import org.everpost.core.spool.SpooledMessage;

/** Signs messages as they leave. Safe for any number of threads. */
@FunctionalInterface
public interface Signer {

  /**
   * The signature fields of a message, ASCII, with line ends; empty if there is nobody to sign for.
   *
   * @throws org.everpost.store.StoreException if the content or the keys cannot be read now
   */
  String sign(SpooledMessage message);
}
