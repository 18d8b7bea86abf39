package org.everpost.wire.dsn;

import java.time.Instant;
import java.util.Objects;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.jspecify.annotations.Nullable;

/**
 * What became of one recipient (RFC 3464 §2.3).
 *
 * @param original as the first sender wrote it (ORCPT); null if not known
 * @param recipient the address the last attempt was for (Final-Recipient)
 * @param status of class 4 with {@link Action#FAILED}: it was tried as long as may be
 * @param remoteMta who said so; null: we did
 * @param diagnostic what was said; null if there is nothing
 * @param willRetryUntil with {@link Action#DELAYED}
 */
public record RecipientStatus(
    @Nullable TypedValue original,
    TypedValue recipient,
    Action action,
    EnhancedStatusCode status,
    @Nullable TypedValue remoteMta,
    @Nullable TypedValue diagnostic,
    @Nullable Instant lastAttempt,
    @Nullable Instant willRetryUntil) {

  public RecipientStatus {
    Objects.requireNonNull(recipient, "recipient");
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(status, "status");
  }

  /** Whether it failed only because it could not be tried any longer. */
  boolean isExpired() {
    return action == Action.FAILED && status.severity() == 4;
  }

  /** Whether its addresses are ASCII, so that RFC 3464 can say them. */
  boolean isAscii() {
    return recipient.isAscii() && (original == null || original.isAscii());
  }
}
