package org.everpost.wire.address;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/**
 * Labels of domain names beyond ASCII, as IDNA 2008 has them (RFC 5891), after the mapping that UTS
 * 46 does first: case and compatibility forms are folded, and ß and final ς stay themselves (the
 * "nontransitional" choice of today's browsers; {@code java.net.IDN} is of 2003 and would change
 * them into other names).
 *
 * <p>Which characters are allowed is decided by their Unicode category, which is what RFC 5892 §2.1
 * comes to in all but rare cases. Joiners, which need their context (RFC 5892 A.1, A.2), and the
 * rules for right-to-left labels (RFC 5893) are left out: a registry checks those, and the A-label
 * of any name works.
 */
final class UnicodeLabel {

  private static final String ACE_PREFIX = "xn--";

  /** Allowed although they are punctuation (RFC 5892 §2.6): middle dots and the like. */
  private static final String EXCEPTIONS = "\u00b7\u0375\u05f3\u05f4\u30fb";

  private UnicodeLabel() {}

  /** A whole name with what means the same made the same, dots included. */
  static String map(String name) {
    return Normalizer.normalize(
        lower(Normalizer.normalize(lower(name), Normalizer.Form.NFKC)), Normalizer.Form.NFKC);
  }

  private static String lower(String name) {
    StringBuilder lower = new StringBuilder(name.length());
    name.codePoints().forEach(c -> appendLower(lower, c));
    return lower.toString();
  }

  private static void appendLower(StringBuilder out, int c) {
    switch (c) {
      case 0x00ad, 0x200b, 0x2060, 0xfeff -> {
        // ignored by UTS 46: soft hyphen, spaces without width
      }
      case 0x3002, 0xff0e, 0xff61 -> out.append('.'); // the full stops of other scripts
      case 0x0130 -> out.append("i\u0307");
      default -> out.appendCodePoint(Character.toLowerCase(c));
    }
  }

  /**
   * The A-label of a mapped label.
   *
   * @throws IllegalArgumentException if it cannot be a label
   */
  static String toAscii(String label) {
    if (label.chars().allMatch(c -> c < 128)) {
      return label;
    }
    String encoded = isValid(label) ? Punycode.encode(label) : null;
    if (encoded == null) {
      throw new IllegalArgumentException("'" + label + "' is not a label of a domain name");
    }
    return ACE_PREFIX + encoded;
  }

  /** The U-label of an A-label; the label itself if it is none. */
  static String toUnicode(String label) {
    if (!label.startsWith(ACE_PREFIX)) {
      return label;
    }
    String decoded = Punycode.decode(label.substring(ACE_PREFIX.length()));
    return decoded != null && isALabelOf(label, decoded) ? decoded : label;
  }

  /** RFC 5891 §5.4: only a label that would be encoded like this is shown decoded. */
  private static boolean isALabelOf(String label, String decoded) {
    return isValid(decoded)
        && map(decoded).equals(decoded)
        && label.equals(ACE_PREFIX + Punycode.encode(decoded));
  }

  private static boolean isValid(@Nullable String label) {
    return label != null
        && !label.isEmpty()
        && !label.startsWith("-")
        && !label.endsWith("-")
        && !label.startsWith("--", 2) // RFC 5891 §4.2.3.1
        && !isMark(label.codePointAt(0))
        && label.codePoints().allMatch(UnicodeLabel::isAllowed)
        && label.codePoints().anyMatch(c -> c > 127);
  }

  private static boolean isMark(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> true;
      default -> false;
    };
  }

  private static boolean isAllowed(int c) {
    if (c == '-' || EXCEPTIONS.indexOf(c) >= 0) {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.LOWERCASE_LETTER,
          Character.OTHER_LETTER,
          Character.MODIFIER_LETTER,
          Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.DECIMAL_DIGIT_NUMBER ->
          true;
      default -> false;
    };
  }
}
