package org.everpost.wire.address;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A domain name in A-label form, lower case, without a final dot (RFC 5890).
 *
 * @param ascii 1 to 253 octets
 */
public record DomainName(String ascii) {

  private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");

  public DomainName {
    if (ascii.isEmpty() || ascii.length() > 253) {
      throw new IllegalArgumentException("a domain name has 1 to 253 characters");
    }
    for (String label : ascii.split("\\.", -1)) {
      if (!LABEL.matcher(label).matches()) {
        throw new IllegalArgumentException("'" + label + "' is not a label of a domain name");
      }
    }
  }

  /**
   * Parses U-labels, A-labels or a mix, in any case.
   *
   * @throws IllegalArgumentException if it is no domain name
   */
  public static DomainName of(String text) {
    String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    return new DomainName(IDN.toASCII(name, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT));
  }

  /** With U-labels, for people. */
  public String unicode() {
    return IDN.toUnicode(ascii);
  }

  @Override
  public String toString() {
    return ascii;
  }
}
