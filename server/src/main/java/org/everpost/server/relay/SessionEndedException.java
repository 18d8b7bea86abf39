package org.everpost.server.relay;

import org.everpost.core.spool.Reason;
import org.everpost.wire.smtp.EnhancedStatusCode;

/** The session with a peer cannot go on; what was not done may be tried again. */
final class SessionEndedException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient EnhancedStatusCode status;
  private final End end;

  /** How it ended. */
  enum End {
    /** The peer said so: 421 (RFC 5321 §3.8). */
    SAID,
    /** The peer has closed. */
    CLOSED,
    /** We ended it: the peer takes too long, or does not speak SMTP. */
    BY_US
  }

  /**
   * Peers cause many of them: has no stack trace.
   *
   * @param status of class 4
   * @param text the peer's reply, or what happened in our words
   */
  SessionEndedException(EnhancedStatusCode status, String text, End end) {
    super(text, null, false, false);
    this.status = status;
    this.end = end;
  }

  EnhancedStatusCode status() {
    return status;
  }

  /** Whether the text is the peer's. */
  boolean isSaidByPeer() {
    return end == End.SAID;
  }

  /** Whether the peer wanted it so. */
  boolean isByPeer() {
    return end != End.BY_US;
  }

  /**
   * As a reason.
   *
   * @param peer with whom
   */
  Reason reason(String peer) {
    return new Reason(status, String.valueOf(getMessage()), isSaidByPeer() ? peer : null);
  }
}
