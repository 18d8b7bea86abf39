package org.everpost.wire.dsn;

import java.util.Objects;
import org.everpost.wire.mime.FieldWriter;
import org.everpost.wire.smtp.InternetDate;

/** A delivery status as fields (RFC 3464 §2.1, RFC 6533 §4). */
final class StatusRenderer {

  private StatusRenderer() {}

  static String render(DeliveryStatus status) {
    FieldWriter out = new FieldWriter();
    if (status.envelopeId() != null && !status.envelopeId().isEmpty()) {
      out.field("Original-Envelope-Id", SafeText.ascii(status.envelopeId(), 200));
    }
    TypedValue mta = Objects.requireNonNull(status.reportingMta(), "reportingMta");
    out.field("Reporting-MTA", mta.toString());
    if (status.arrivalDate() != null) {
      out.field("Arrival-Date", InternetDate.format(status.arrivalDate()));
    }
    for (RecipientStatus recipient : status.recipients()) {
      out.text("\r\n");
      recipient(recipient, out);
    }
    return out.toString();
  }

  private static void recipient(RecipientStatus r, FieldWriter out) {
    if (r.original() != null) {
      out.field("Original-Recipient", r.original().toString());
    }
    out.field("Final-Recipient", r.recipient().toString());
    out.field("Action", r.action().keyword());
    out.field("Status", r.status().toString());
    if (r.remoteMta() != null) {
      out.field("Remote-MTA", ascii(r.remoteMta()));
    }
    if (r.diagnostic() != null) {
      out.field("Diagnostic-Code", ascii(r.diagnostic()));
    }
    if (r.lastAttempt() != null) {
      out.field("Last-Attempt-Date", InternetDate.format(r.lastAttempt()));
    }
    // RFC 3464 §2.3.9: only for those that are delayed.
    if (r.willRetryUntil() != null && r.action() == Action.DELAYED) {
      out.field("Will-Retry-Until", InternetDate.format(r.willRetryUntil()));
    }
  }

  /** Only addresses may be beyond ASCII. */
  private static String ascii(TypedValue value) {
    return SafeText.ascii(value.toString(), TypedValue.MAX_LENGTH + 50);
  }
}
