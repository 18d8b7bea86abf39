package org.everpost.server.relay;

import org.everpost.core.spool.Reason;

/** What became of one recipient in one attempt. */
public sealed interface RecipientResult {

  /**
   * The peer took it.
   *
   * @param dsnPassedOn whether the peer now answers for notifications (RFC 3461 §6.2.1)
   */
  record Relayed(Reason reason, boolean dsnPassedOn) implements RecipientResult {}

  /** Not now; to be tried again. */
  record Deferred(Reason reason) implements RecipientResult {}

  /** We broke it off ourselves: that says nothing of the peer. To be tried again. */
  record Abandoned(Reason reason) implements RecipientResult {}

  /**
   * The peer was not asked: this session takes no more, though another may. It says nothing of the
   * recipient, which is to be asked for at once over a new connection.
   */
  record Unasked(Reason reason) implements RecipientResult {}

  /** Never. */
  record Refused(Reason reason) implements RecipientResult {}

  /** Why. */
  Reason reason();
}
