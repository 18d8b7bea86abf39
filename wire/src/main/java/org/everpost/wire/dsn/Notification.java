package org.everpost.wire.dsn;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.mime.EncodedWord;
import org.everpost.wire.mime.FieldWriter;
import org.everpost.wire.mime.HeaderField;
import org.everpost.wire.mime.HeaderFields;
import org.everpost.wire.mime.convert.QuotedPrintableOutputStream;
import org.everpost.wire.smtp.InternetDate;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.jspecify.annotations.Nullable;

/**
 * A delivery status notification: a message to the sender of another one (RFC 3461 §6.2, RFC 6522).
 * It is sent with the null reverse-path (RFC 3461 §6.1).
 *
 * @param from the postmaster of ours
 * @param to the reverse-path of the message; not the null one, as nobody is told of a notification
 * @param token letters and digits that cannot be guessed, different for every notification: makes
 *     the Message-ID, and the boundary, which nobody must be able to write into a message before
 */
public record Notification(
    Language language,
    EmailAddress from,
    Path to,
    Instant date,
    String token,
    DeliveryStatus status,
    Original original) {

  /** Enough for a header; more of it is not returned. */
  static final int MAX_HEADER = 64 * 1024;

  public Notification {
    Objects.requireNonNull(language, "language");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(date, "date");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(original, "original");
    Objects.requireNonNull(status.reportingMta(), "reportingMta");
    if (to instanceof Path.Null || to instanceof Path.Postmaster) {
      throw new IllegalArgumentException("nobody to notify");
    }
    if (!token.matches("[A-Za-z0-9]{16,60}")) {
      throw new IllegalArgumentException("the token has 16 to 60 letters and digits");
    }
  }

  /**
   * The message that it is about.
   *
   * @param header its header, at least the beginning
   * @param smtpUtf8 whether it was sent with SMTPUTF8
   */
  @SuppressWarnings("ArrayRecordComponent") // made for one notification, compared with nothing
  public record Original(byte[] header, Body body, boolean smtpUtf8, Enclosure enclosure) {

    public Original {
      Objects.requireNonNull(body, "body");
      if (enclosure == Enclosure.WHOLE && body == Body.BINARY_MIME) {
        throw new IllegalArgumentException("a binary message cannot be enclosed whole");
      }
    }

    /** Content-Transfer-Encoding: the enclosed must not be encoded (RFC 2046 §5.2.1). */
    private String encoding() {
      boolean eightBit = enclosure == Enclosure.WHOLE && body != Body.SEVEN_BIT;
      for (byte octet : header) {
        eightBit |= octet < 0;
      }
      return eightBit ? "8bit" : "7bit";
    }

    private String type() {
      return switch (enclosure) {
        case WHOLE -> smtpUtf8 ? "message/global" : "message/rfc822";
        case HEADER -> smtpUtf8 ? "message/global-headers" : "text/rfc822-headers";
      };
    }
  }

  /** What it has to be sent as. */
  public Body body() {
    return isEightBit() ? Body.EIGHT_BIT_MIME : Body.SEVEN_BIT;
  }

  /** Whether it can only be sent with SMTPUTF8 (RFC 6531): to an address that needs it. */
  public boolean smtpUtf8() {
    return to.isInternationalised();
  }

  /**
   * The whole notification.
   *
   * @param whole the message that is enclosed; is read only with {@link Enclosure#WHOLE}
   */
  public InputStream render(InputStream whole) {
    byte[] end = ("\r\n--" + token + "--\r\n").getBytes(StandardCharsets.US_ASCII);
    InputStream enclosed =
        switch (original.enclosure()) {
          case WHOLE -> whole;
          case HEADER -> new ByteArrayInputStream(enclosedHeader());
        };
    return new SequenceInputStream(
        Collections.enumeration(
            List.of(
                new ByteArrayInputStream(beginning().getBytes(StandardCharsets.UTF_8)),
                enclosed,
                new ByteArrayInputStream(end))));
  }

  private boolean isEightBit() {
    return !status.isAscii() || !original.encoding().equals("7bit");
  }

  /** Whole lines up to the empty one, which is left out. */
  private byte[] enclosedHeader() {
    byte[] header = original.header();
    int end = 0;
    for (HeaderField field : HeaderFields.of(header)) {
      int next = field.offset() + field.length();
      if (next > MAX_HEADER) {
        break;
      }
      end = next;
    }
    return Arrays.copyOf(header, end);
  }

  private String beginning() {
    FieldWriter out = new FieldWriter();
    HeaderFields fields = HeaderFields.of(original.header());
    header(out, messageId(fields.first("Message-ID")));
    HeaderField subject = fields.first("Subject");
    String text =
        new HumanText(language, status, date)
            .render(
                subject == null ? null : EncodedWord.decode(subject.value()), original.enclosure());
    boolean ascii = status.isAscii();
    String delimiter = "\r\n--" + token + "\r\n";
    return out.text(delimiter)
        .field("Content-Type", "text/plain; charset=utf-8")
        .field("Content-Language", language.tag())
        .field("Content-Transfer-Encoding", "quoted-printable")
        .text("\r\n" + quotedPrintable(text))
        .text(delimiter)
        .field("Content-Type", ascii ? "message/delivery-status" : "message/global-delivery-status")
        .field("Content-Transfer-Encoding", ascii ? "7bit" : "8bit")
        .text("\r\n" + StatusRenderer.render(status))
        .text(delimiter)
        .field("Content-Type", original.type())
        .field("Content-Transfer-Encoding", original.encoding())
        .text("\r\n")
        .toString();
  }

  private void header(FieldWriter out, @Nullable String originalId) {
    String sender = language.choose("Mail Delivery", "E-Mail-Zustellung");
    out.field("From", sender + " <" + from + ">")
        .text("To: " + to + "\r\n") // spaces in a quoted local part count
        .field("Subject", EncodedWord.encode(HumanText.subject(language, status.worst())))
        .field("Date", InternetDate.format(date))
        .field("Message-ID", "<" + token + "@" + from.domain() + ">");
    if (originalId != null) {
      out.field("In-Reply-To", originalId).field("References", originalId);
    }
    out.field("Auto-Submitted", "auto-replied") // RFC 3834 §5
        .field("MIME-Version", "1.0")
        .field(
            "Content-Type",
            "multipart/report; report-type=delivery-status; boundary=\"" + token + "\"");
    if (isEightBit()) {
      out.field("Content-Transfer-Encoding", "8bit");
    }
  }

  /** If it is one that can stand in a field of ours. */
  private static @Nullable String messageId(@Nullable HeaderField field) {
    String id = field == null ? "" : field.value();
    return id.matches("<[!-~&&[^<>]]{1,250}>") ? id : null;
  }

  private static String quotedPrintable(String text) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try (QuotedPrintableOutputStream out = new QuotedPrintableOutputStream(octets)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory has none
    }
    return octets.toString(StandardCharsets.US_ASCII);
  }
}
