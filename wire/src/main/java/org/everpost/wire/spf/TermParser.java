package org.everpost.wire.spf;

import org.everpost.wire.smtp.AddressLiteral;
import org.jspecify.annotations.Nullable;

/** Reads the terms of a record (RFC 7208 §12). */
final class TermParser {

  private TermParser() {}

  /** How many characters of a term are the name of a modifier; -1: it is none. */
  static int modifierName(String term) {
    if (term.isEmpty() || !isLetter(term.charAt(0))) {
      return -1;
    }
    int end = 1;
    while (end < term.length()
        && (isLetterOrDigit(term.charAt(end)) || "-_.".indexOf(term.charAt(end)) >= 0)) {
      end++;
    }
    return end < term.length() && term.charAt(end) == '=' ? end : -1;
  }

  static Directive directive(String term) throws SpfSyntaxException {
    Qualifier qualifier =
        switch (term.charAt(0)) {
          case '-' -> Qualifier.FAIL;
          case '~' -> Qualifier.SOFTFAIL;
          case '?' -> Qualifier.NEUTRAL;
          default -> Qualifier.PASS;
        };
    boolean written = "+-~?".indexOf(term.charAt(0)) >= 0;
    String mechanism = written ? term.substring(1) : term;
    int end = 0;
    while (end < mechanism.length() && isLetterOrDigit(mechanism.charAt(end))) {
      end++;
    }
    return new Directive(
        qualifier, mechanism(lower(mechanism.substring(0, end)), mechanism.substring(end), term));
  }

  private static Mechanism mechanism(String name, String rest, String term)
      throws SpfSyntaxException {
    return switch (name) {
      case "all" -> {
        if (!rest.isEmpty()) {
          throw SpfSyntaxException.in(term, "has something after its name");
        }
        yield new Mechanism.All();
      }
      case "include" -> new Mechanism.Include(MacroParser.domain(argument(rest, term)));
      case "exists" -> new Mechanism.Exists(MacroParser.domain(argument(rest, term)));
      case "ptr" ->
          new Mechanism.Ptr(rest.isEmpty() ? null : MacroParser.domain(argument(rest, term)));
      case "a", "mx" -> {
        int lengths = startOfLengths(rest);
        String target = rest.substring(0, lengths);
        MacroString domain = target.isEmpty() ? null : MacroParser.domain(argument(target, term));
        PrefixLengths its = lengths(rest.substring(lengths), term);
        yield name.equals("a") ? new Mechanism.A(domain, its) : new Mechanism.Mx(domain, its);
      }
      case "ip4" -> ip4(argument(rest, term), term);
      case "ip6" -> ip6(argument(rest, term), term);
      default -> throw SpfSyntaxException.in(term, "is neither a mechanism nor a modifier");
    };
  }

  private static String argument(String rest, String term) throws SpfSyntaxException {
    if (!rest.startsWith(":")) {
      throw SpfSyntaxException.in(term, "does not have the colon that belongs there");
    }
    return rest.substring(1);
  }

  private static Mechanism ip4(String network, String term) throws SpfSyntaxException {
    int slash = network.indexOf('/');
    String address = slash < 0 ? network : network.substring(0, slash);
    int most = PrefixLengths.IP4_BITS;
    int bits = slash < 0 ? most : bits(network.substring(slash + 1), most, term);
    if (!isLiteral(address) || hasLeadingZero(address)) {
      throw SpfSyntaxException.in(term, "has no IPv4 address");
    }
    return new Mechanism.Ip4(address, bits);
  }

  private static Mechanism ip6(String network, String term) throws SpfSyntaxException {
    int slash = network.indexOf('/');
    String address = slash < 0 ? network : network.substring(0, slash);
    int most = PrefixLengths.IP6_BITS;
    int bits = slash < 0 ? most : bits(network.substring(slash + 1), most, term);
    if (!isLiteral("IPv6:" + address)) {
      throw SpfSyntaxException.in(term, "has no IPv6 address");
    }
    return new Mechanism.Ip6(address, bits);
  }

  private static boolean isLiteral(String text) {
    try {
      return !new AddressLiteral(text).text().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** A qnum has none. */
  private static boolean hasLeadingZero(String address) {
    for (String number : address.split("\\.", -1)) {
      if (number.length() > 1 && number.charAt(0) == '0') {
        return true;
      }
    }
    return false;
  }

  /** A name does not end in digits and slashes, but for those of its last label. */
  private static int startOfLengths(String rest) {
    int start = rest.length();
    for (int i = rest.length() - 1; i >= 0; i--) {
      char c = rest.charAt(i);
      if (c == '/') {
        start = i;
      } else if (c < '0' || c > '9') {
        break;
      }
    }
    return start;
  }

  /** dual-cidr-length. */
  private static PrefixLengths lengths(String text, String term) throws SpfSyntaxException {
    if (text.isEmpty()) {
      return PrefixLengths.ALL;
    }
    int two = text.indexOf("//");
    String four = two < 0 ? text : text.substring(0, two);
    int ip4 =
        four.isEmpty()
            ? PrefixLengths.IP4_BITS
            : bits(four.substring(1), PrefixLengths.IP4_BITS, term);
    int ip6 =
        two < 0
            ? PrefixLengths.IP6_BITS
            : bits(text.substring(two + 2), PrefixLengths.IP6_BITS, term);
    return new PrefixLengths(ip4, ip6);
  }

  private static int bits(String text, int most, String term) throws SpfSyntaxException {
    Integer bits = number(text);
    if (bits == null || bits > most) {
      throw SpfSyntaxException.in(term, "has no length of a prefix after its slash");
    }
    return bits;
  }

  /** Of one to three digits, without leading zeros. */
  private static @Nullable Integer number(String text) {
    if (text.isEmpty() || text.length() > 3 || (text.length() > 1 && text.charAt(0) == '0')) {
      return null;
    }
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return null;
      }
      number = number * 10 + (c - '0');
    }
    return number;
  }

  static boolean isLetterOrDigit(char c) {
    return isLetter(c) || (c >= '0' && c <= '9');
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
  }

  static String lower(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      out.append(lower(text.charAt(i)));
    }
    return out.toString();
  }
}
