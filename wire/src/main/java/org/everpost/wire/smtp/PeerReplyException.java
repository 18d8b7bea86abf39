package org.everpost.wire.smtp;

/**
 * What a peer sent is no reply, so that nothing it says afterwards can be trusted either. The
 * message is safe to show.
 */
public final class PeerReplyException extends Exception {

  /** Hostile peers can cause many: has no stack trace. */
  PeerReplyException(String message) {
    super(message, null, false, false);
  }
}
