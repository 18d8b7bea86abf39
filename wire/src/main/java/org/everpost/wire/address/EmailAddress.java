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
    if (localPart.codePoints().anyMatch(EmailAddress::isForbidden)) {
      throw new IllegalArgumentException("the part before the @ has a control character");
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
   * Parses {@code local@domain} as a person writes it: without a source route, the local part in
   * quotation marks if they like.
   *
   * @throws IllegalArgumentException if it is no address
   */
  public static EmailAddress of(String text) {
    int at = text.lastIndexOf('@');
    if (at < 1) {
      throw new IllegalArgumentException("'" + text + "' is not an address (local@domain)");
    }
    return new EmailAddress(unquoted(text.substring(0, at)), DomainName.of(text.substring(at + 1)));
  }

  /** What a Quoted-string stands for (RFC 5321 §4.1.2); other text as it is. */
  private static String unquoted(String localPart) {
    int last = localPart.length() - 1;
    if (last < 1 || localPart.charAt(0) != '"' || localPart.charAt(last) != '"') {
      return localPart;
    }
    StringBuilder content = new StringBuilder();
    for (int i = 1; i < last; i++) {
      char c = localPart.charAt(i);
      if (c == '\\' && i + 1 < last) {
        c = localPart.charAt(++i);
      } else if (c == '"' || c == '\\') {
        throw new IllegalArgumentException(localPart + " is not quoted as it should be");
      }
      content.append(c);
    }
    return content.toString();
  }

  /** Whether it needs SMTPUTF8 (RFC 6531): a local part that is not ASCII. */
  public boolean isInternationalised() {
    return localPart.chars().anyMatch(c -> c > 126);
  }

  /**
   * As it is written in a path or a header field: the local part as a Dot-string, or quoted if it
   * is none (RFC 5321 §4.1.2, RFC 6531 §3.3).
   */
  public String quoted() {
    return LocalPart.quoted(localPart) + "@" + domain;
  }

  /** {@code local@domain}, the local part unquoted: for people, and as a name. */
  @Override
  public String toString() {
    return localPart + "@" + domain;
  }
}
