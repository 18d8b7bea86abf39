package org.everpost.server.relay;

import org.everpost.core.spool.Reason;
import org.everpost.wire.smtp.EnhancedStatusCode;

/** The session with a peer cannot go on; what was not done may be tried again. */
final class SessionEndedException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient EnhancedStatusCode status;
  private final boolean saidByPeer;

  /**
   * Peers cause many of them: has no stack trace.
   *
   * @param status of class 4
   * @param text the peer's reply, or what happened in our words
   */
  SessionEndedException(EnhancedStatusCode status, String text, boolean saidByPeer) {
    super(text, null, false, false);
    this.status = status;
    this.saidByPeer = saidByPeer;
  }

  EnhancedStatusCode status() {
    return status;
  }

  /** Whether the text is the peer's. */
  boolean isSaidByPeer() {
    return saidByPeer;
  }

  /**
   * As a reason.
   *
   * @param peer with whom
   */
  Reason reason(String peer) {
    return new Reason(status, String.valueOf(getMessage()), saidByPeer ? peer : null);
  }
}
