package org.everpost.wire.smtp;

/**
 * An IP address in place of a domain name (RFC 5321 §4.1.3).
 *
 * @param text without the brackets: {@code 192.0.2.1}, {@code IPv6:2001:db8::1}; the general form
 *     is not accepted, as no tag but IPv6 was ever registered
 */
public record AddressLiteral(String text) {

  private static final String IPV6 = "IPv6:";

  public AddressLiteral {
    boolean valid =
        text.regionMatches(true, 0, IPV6, 0, IPV6.length())
            ? isIpv6(text, IPV6.length())
            : isIpv4(text, 0);
    if (!valid) {
      throw new IllegalArgumentException("not an address literal");
    }
  }

  @Override
  public String toString() {
    return "[" + text + "]";
  }

  /** Four numbers of 0 to 255 (Snum), from {@code start} to the end. */
  private static boolean isIpv4(String s, int start) {
    int numbers = 0;
    int digits = 0;
    int value = 0;
    for (int i = start; i <= s.length(); i++) {
      char c = i == s.length() ? '.' : s.charAt(i);
      if (c == '.') {
        if (digits == 0 || ++numbers > 4) {
          return false;
        }
        digits = 0;
        value = 0;
      } else if (c >= '0' && c <= '9' && ++digits <= 3) {
        value = value * 10 + (c - '0');
        if (value > 255) {
          return false;
        }
      } else {
        return false;
      }
    }
    return numbers == 4;
  }

  /** IPv6-full, IPv6-comp, IPv6v4-full or IPv6v4-comp. */
  private static boolean isIpv6(String s, int start) {
    int i = start;
    int groups = 0;
    boolean compressed = false;
    if (s.startsWith("::", i)) {
      compressed = true;
      i += 2;
    }
    while (i < s.length()) {
      int colon = s.indexOf(':', i);
      int end = colon < 0 ? s.length() : colon;
      if (colon < 0 && s.indexOf('.', i) >= 0) {
        return isIpv4(s, i) && enough(groups + 2, compressed);
      }
      if (!isHex(s, i, end) || ++groups > 8) {
        return false;
      }
      if (colon < 0) {
        return enough(groups, compressed);
      }
      i = colon + 1;
      if (i < s.length() && s.charAt(i) == ':') {
        if (compressed) {
          return false;
        }
        compressed = true;
        i++;
      } else if (i == s.length()) {
        return false; // ends with a single colon
      }
    }
    return compressed && enough(groups, true);
  }

  private static boolean enough(int groups, boolean compressed) {
    return compressed ? groups <= 7 : groups == 8;
  }

  private static boolean isHex(String s, int from, int to) {
    if (to <= from || to - from > 4) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (Character.digit(s.charAt(i), 16) < 0 || s.charAt(i) > 'f') {
        return false;
      }
    }
    return true;
  }
}
