package org.everpost.server.relay;

import org.everpost.core.spool.Reason;

/** We broke a transaction off, for a reason that is not the peer's. */
final class AbandonedException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient Reason reason;

  AbandonedException(Reason reason) {
    super(reason.text(), null, false, false);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}
