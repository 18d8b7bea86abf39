package org.everpost.server.relay;

import java.util.Objects;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.jspecify.annotations.Nullable;

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

  /** Never. */
  record Refused(Reason reason) implements RecipientResult {}

  /** Why. */
  Reason reason();

  /**
   * Why, for the log, the queue and the notification.
   *
   * @param status RFC 3463
   * @param text the peer's reply, or what is in the way in our words
   * @param peer the name of the host that said so; null: we did
   */
  record Reason(EnhancedStatusCode status, String text, @Nullable String peer) {
    public Reason {
      Objects.requireNonNull(status, "status");
      Objects.requireNonNull(text, "text");
    }
  }
}
