package org.everpost.server.smtp;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.everpost.core.directory.Account;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.mime.EnvelopeAddress;
import org.everpost.wire.mime.HeaderField;
import org.everpost.wire.mime.HeaderFields;
import org.everpost.wire.smtp.InternetDate;
import org.everpost.wire.smtp.Reply;

/**
 * The header of a message one of our users submits: read before anything is stored, since it
 * decides whether anything is.
 */
final class SubmissionHeader {

  /** The longest header a message may be submitted with. */
  static final int MAX_OCTETS = 256 << 10;

  private static final int FIRST_READ = 8 << 10;
  private static final int MAX_AUTHORS = 100;

  private static final Reply TOO_LARGE = Reply.of(552, "5.3.4", "Header too large");
  private static final Reply ONE_FROM =
      Reply.of(554, "5.6.0", "A message needs one From field with an address");
  private static final Reply NOT_YOURS =
      Reply.of(550, "5.7.1", "The address in the From field is not one of yours");

  private final SmtpParts parts;
  private byte[] buffer = new byte[FIRST_READ];
  private int size;
  private int end;

  /** How far the line that has not ended yet was searched. */
  private int scanned;

  SubmissionHeader(SmtpParts parts) {
    this.parts = parts;
  }

  /**
   * Reads up to the end of the header; some of the body may come with it.
   *
   * @throws MessageRefusedException if it is too large
   */
  void read(MessageBody body) throws IOException {
    boolean more = true;
    while (more && !findEnd()) {
      if (size == MAX_OCTETS) {
        throw new MessageRefusedException(TOO_LARGE);
      }
      if (size == buffer.length) {
        buffer = Arrays.copyOf(buffer, size * 2);
      }
      int n = body.read(buffer, size, buffer.length - size);
      more = n > 0;
      size += Math.max(n, 0);
      if (!more) {
        end = size; // no empty line: all of it is header
      }
    }
  }

  /** All that was read. */
  byte[] octets() {
    return Arrays.copyOf(buffer, size);
  }

  /**
   * Every author has to be the user (RFC 6409 §6.1).
   *
   * @throws MessageRefusedException if one is not
   */
  void checkFrom(Account user) throws MessageRefusedException {
    HeaderFields fields = fields();
    HeaderField from = fields.first("From");
    if (from == null || fields.count("From") > 1) {
      throw new MessageRefusedException(ONE_FROM);
    }
    List<EnvelopeAddress> authors = from.addresses();
    int checked = 0;
    for (EnvelopeAddress author : authors) {
      if (author.host() == null) {
        continue; // begin or end of a group (RFC 6854)
      }
      if (++checked > MAX_AUTHORS || !mayUse(user, author)) {
        throw new MessageRefusedException(NOT_YOURS);
      }
    }
    if (checked == 0) {
      throw new MessageRefusedException(ONE_FROM);
    }
  }

  private boolean mayUse(Account user, EnvelopeAddress author) {
    String mailbox = author.mailbox();
    String host = author.host();
    if (mailbox == null || host == null) {
      return false;
    }
    EmailAddress address;
    try {
      address = new EmailAddress(mailbox, DomainName.of(host));
    } catch (IllegalArgumentException _) {
      return false;
    }
    return parts.mail().mayUse(user, address);
  }

  /** Adds the fields a message must have and this one has not (RFC 6409 §8.2 and §8.3). */
  void complete(StringBuilder out) {
    HeaderFields fields = fields();
    if (fields.first("Message-ID") == null) {
      out.append("Message-ID: <")
          .append(Long.toUnsignedString(parts.random().nextLong(), 36))
          .append('.')
          .append(Long.toUnsignedString(parts.random().nextLong(), 36))
          .append('@')
          .append(parts.hostname())
          .append(">\r\n");
    }
    if (fields.first("Date") == null) {
      out.append("Date: ").append(InternetDate.format(parts.clock().instant())).append("\r\n");
    }
  }

  private HeaderFields fields() {
    return HeaderFields.of(buffer, 0, end);
  }

  /** Looks for the empty line, from the line the last search ended in. */
  private boolean findEnd() {
    int lineStart = end;
    for (int i = Math.max(lineStart, scanned); i < size; i++) {
      if (buffer[i] == '\n') {
        boolean empty = i == lineStart || (i == lineStart + 1 && buffer[lineStart] == '\r');
        lineStart = i + 1;
        if (empty) {
          end = lineStart;
          return true;
        }
        end = lineStart;
      }
    }
    scanned = size;
    return false;
  }
}
