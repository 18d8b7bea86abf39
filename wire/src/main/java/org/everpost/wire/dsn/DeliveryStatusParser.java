package org.everpost.wire.dsn;

import java.util.ArrayList;
import java.util.List;
import org.everpost.wire.mime.HeaderField;
import org.everpost.wire.mime.HeaderFields;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a {@code message/delivery-status} (RFC 3464 §2.1) or {@code
 * message/global-delivery-status} (RFC 6533 §4) that somebody sent us. Recipients it cannot make
 * sense of are left out, dates are not read.
 */
public final class DeliveryStatusParser {

  /** More of a body is not looked at. */
  static final int MAX_OCTETS = 256 * 1024;

  static final int MAX_RECIPIENTS = 1000;

  private DeliveryStatusParser() {}

  /** Null if there is no recipient in it. */
  public static @Nullable DeliveryStatus parse(byte[] body) {
    int end = Math.min(body.length, MAX_OCTETS);
    TypedValue reportingMta = null;
    String envelopeId = null;
    List<RecipientStatus> recipients = new ArrayList<>();
    int at = skipEmptyLines(body, 0, end);
    while (at < end && recipients.size() < MAX_RECIPIENTS) {
      HeaderFields group = HeaderFields.of(body, at, end - at);
      Group fields = new Group();
      for (HeaderField field : group) {
        fields.add(field);
        at = field.offset() + field.length();
      }
      reportingMta = reportingMta == null ? fields.reportingMta : reportingMta;
      envelopeId = envelopeId == null ? fields.envelopeId : envelopeId;
      RecipientStatus recipient = fields.recipient();
      if (recipient != null) {
        recipients.add(recipient);
      }
      at = skipEmptyLines(body, at, end);
    }
    return recipients.isEmpty()
        ? null
        : new DeliveryStatus(envelopeId, reportingMta, null, recipients);
  }

  private static int skipEmptyLines(byte[] b, int from, int end) {
    int i = from;
    while (i < end && (b[i] == '\r' || b[i] == '\n')) {
      i++;
    }
    return i;
  }

  /** The fields between two empty lines; of several with one name the first counts. */
  private static final class Group {
    private @Nullable TypedValue reportingMta;
    private @Nullable String envelopeId;
    private @Nullable TypedValue original;
    private @Nullable TypedValue recipient;
    private @Nullable Action action;
    private @Nullable EnhancedStatusCode status;
    private @Nullable TypedValue remoteMta;
    private @Nullable TypedValue diagnostic;

    void add(HeaderField field) {
      if (field.is("Reporting-MTA")) {
        reportingMta = reportingMta == null ? TypedValue.parse(field.value()) : reportingMta;
      } else if (field.is("Original-Envelope-Id")) {
        envelopeId = envelopeId == null ? field.value() : envelopeId;
      } else if (field.is("Original-Recipient")) {
        original = original == null ? TypedValue.parse(field.value()) : original;
      } else if (field.is("Final-Recipient")) {
        recipient = recipient == null ? TypedValue.parse(field.value()) : recipient;
      } else if (field.is("Action")) {
        action = action == null ? Action.of(word(field.value())) : action;
      } else if (field.is("Status")) {
        status = status == null ? status(word(field.value())) : status;
      } else if (field.is("Remote-MTA")) {
        remoteMta = remoteMta == null ? TypedValue.parse(field.value()) : remoteMta;
      } else if (field.is("Diagnostic-Code")) {
        diagnostic = diagnostic == null ? TypedValue.parse(field.value()) : diagnostic;
      }
    }

    @Nullable RecipientStatus recipient() {
      if (recipient == null || action == null || status == null) {
        return null;
      }
      return new RecipientStatus(
          original, recipient, action, status, remoteMta, diagnostic, null, null);
    }

    /** Without the comment that may follow (RFC 3464 §2.3.3 and §2.3.4). */
    private static String word(String value) {
      int end = 0;
      while (end < value.length() && " \t(".indexOf(value.charAt(end)) < 0) {
        end++;
      }
      return value.substring(0, end);
    }

    private static @Nullable EnhancedStatusCode status(String text) {
      if (!text.matches("[245]\\.[0-9]{1,3}\\.[0-9]{1,3}")) {
        return null;
      }
      return EnhancedStatusCode.of(text);
    }
  }
}
