package org.everpost.wire.address;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Objects;

/**
 * An e-mail address: a local part, unquoted and in Unicode NFC but otherwise as given (RFC 5321
 * §2.4 leaves its case to the receiving domain), and a domain.
 *
 * @param localPart 1 to 64 octets of UTF-8 (RFC 5321 §4.5.3.1.1), without control characters
 */
public record EmailAddress(String localPart, DomainName domain) {

  private static final int MAX_LOCAL_OCTETS = 64;

  public EmailAddress {
    Objects.requireNonNull(domain, "domain");
    if (localPart.isEmpty() || localPart.length() > 4 * MAX_LOCAL_OCTETS) {
      throw new IllegalArgumentException("the part before the @ has 1 to 64 octets");
    }
    if (localPart.chars().anyMatch(c -> c > 127)) {
      localPart = Normalizer.normalize(localPart, Normalizer.Form.NFC); // RFC 6530 §10.1
      if (localPart.getBytes(StandardCharsets.UTF_8).length > MAX_LOCAL_OCTETS) {
        throw new IllegalArgumentException("the part before the @ has 1 to 64 octets");
      }
    } else if (localPart.length() > MAX_LOCAL_OCTETS) {
      throw new IllegalArgumentException("the part before the @ has 1 to 64 octets");
    }
    for (int i = 0; i < localPart.length(); i += Character.charCount(localPart.codePointAt(i))) {
      if (isForbidden(localPart.codePointAt(i))) {
        throw new IllegalArgumentException("the part before the @ has a control character");
      }
    }
  }

  /** Controls, line separators, and halves of characters. */
  private static boolean isForbidden(int c) {
    return Character.isISOControl(c)
        || c == 0x2028
        || c == 0x2029
        || Character.getType(c) == Character.SURROGATE;
  }

  /**
   * Parses a Mailbox: a Dot-string or a Quoted-string, an @ and a domain (RFC 5321 §4.1.2, RFC 6531
   * §3.3).
   *
   * @throws IllegalArgumentException if it is no address
   */
  public static EmailAddress of(String text) {
    EmailAddress address = ofName(text);
    String written = text.substring(0, text.lastIndexOf('@'));
    if (!LocalPart.isDotString(written) && !LocalPart.isQuoted(written)) {
      throw new IllegalArgumentException(
          "'" + text + "' is not an address; if it is meant so, it is written " + address);
    }
    return address;
  }

  /**
   * Parses an address that is somebody's name, as people type it: the local part may do without its
   * quotation marks.
   *
   * @throws IllegalArgumentException if it can be nobody's
   */
  public static EmailAddress ofName(String text) {
    int at = text.lastIndexOf('@');
    if (at < 1) {
      throw new IllegalArgumentException("'" + text + "' is not an address (local@domain)");
    }
    String written = text.substring(0, at);
    return new EmailAddress(
        LocalPart.isQuoted(written) ? LocalPart.unquoted(written) : written,
        DomainName.of(text.substring(at + 1)));
  }

  /** Whether it needs SMTPUTF8 (RFC 6531): a local part that is not ASCII. */
  public boolean isInternationalised() {
    return localPart.chars().anyMatch(c -> c > 126);
  }

  /**
   * As it is written in a path or a header field, and as {@link #of} reads it: the local part as a
   * Dot-string, or quoted if it is none (RFC 5321 §4.1.2, RFC 6531 §3.3).
   */
  @Override
  public String toString() {
    return LocalPart.quoted(localPart) + "@" + domain;
  }
}
