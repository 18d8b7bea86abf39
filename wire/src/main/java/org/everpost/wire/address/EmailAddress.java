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

  public EmailAddress {
    Objects.requireNonNull(domain, "domain");
    localPart = Normalizer.normalize(localPart, Normalizer.Form.NFC);
    int octets = localPart.getBytes(StandardCharsets.UTF_8).length;
    if (octets < 1 || octets > 64) {
      throw new IllegalArgumentException("the part before the @ has 1 to 64 octets");
    }
    if (localPart.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("the part before the @ has a control character");
    }
  }

  /**
   * Parses {@code local@domain} as a person writes it: no quoting, no source route.
   *
   * @throws IllegalArgumentException if it is no address
   */
  public static EmailAddress of(String text) {
    int at = text.lastIndexOf('@');
    if (at < 1) {
      throw new IllegalArgumentException("'" + text + "' is not an address (local@domain)");
    }
    return new EmailAddress(text.substring(0, at), DomainName.of(text.substring(at + 1)));
  }

  /** Whether it needs SMTPUTF8 (RFC 6531): a local part that is not ASCII. */
  public boolean isInternationalised() {
    return localPart.chars().anyMatch(c -> c > 126);
  }

  /** {@code local@domain}, the local part unquoted. */
  @Override
  public String toString() {
    return localPart + "@" + domain;
  }
}
