package org.everpost.wire.dsn;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a message (RFC 3464 §2).
 *
 * @param envelopeId ENVID, decoded (RFC 3461 §4.4); null if the sender gave none
 * @param reportingMta who says so; null only if another server's notification lacks it
 * @param arrivalDate when we took the message; null if not known
 * @param recipients at least one
 */
public record DeliveryStatus(
    @Nullable String envelopeId,
    @Nullable TypedValue reportingMta,
    @Nullable Instant arrivalDate,
    List<RecipientStatus> recipients) {

  private static final int MAX_ENVELOPE_ID = 200;

  public DeliveryStatus {
    envelopeId = envelopeId == null ? null : SafeText.line(envelopeId, MAX_ENVELOPE_ID);
    recipients = List.copyOf(recipients);
    if (recipients.isEmpty()) {
      throw new IllegalArgumentException("a notification is about a recipient");
    }
  }

  /** The action of some recipient that matters most to the sender. */
  public Action worst() {
    Action worst = Action.DELIVERED;
    for (RecipientStatus recipient : recipients) {
      worst = recipient.action().compareTo(worst) < 0 ? recipient.action() : worst;
    }
    return worst;
  }

  /** Whether {@code message/delivery-status} can say it; else it takes RFC 6533 §4. */
  boolean isAscii() {
    return recipients.stream().allMatch(RecipientStatus::isAscii);
  }
}
