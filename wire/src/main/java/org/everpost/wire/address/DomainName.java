package org.everpost.wire.address;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A domain name in A-label form, lower case, without a final dot (RFC 5890).
 *
 * @param ascii 1 to 253 octets; labels of letters, digits, hyphens and, because DNS has such names,
 *     underscores
 */
public record DomainName(String ascii) {

  private static final int MAX_OCTETS = 253;
  private static final int MAX_LABEL = 63;

  public DomainName {
    if (ascii.isEmpty() || ascii.length() > MAX_OCTETS) {
      throw new IllegalArgumentException("a domain name has 1 to 253 characters");
    }
    int start = 0;
    for (int end = ascii.indexOf('.'); end >= 0; end = ascii.indexOf('.', start)) {
      requireLabel(ascii, start, end);
      start = end + 1;
    }
    requireLabel(ascii, start, ascii.length());
  }

  private static void requireLabel(String name, int start, int end) {
    boolean good =
        end > start
            && end - start <= MAX_LABEL
            && name.charAt(start) != '-'
            && name.charAt(end - 1) != '-';
    for (int i = start; i < end && good; i++) {
      char c = name.charAt(i);
      good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }
    if (!good) {
      throw new IllegalArgumentException(
          "'" + name.substring(start, end) + "' is not a label of a domain name");
    }
  }

  /**
   * Parses U-labels, A-labels or a mix, in any case, with or without a final dot.
   *
   * @throws IllegalArgumentException if it is no domain name
   */
  public static DomainName of(String text) {
    if (text.length() > 4 * MAX_OCTETS) {
      throw new IllegalArgumentException("a domain name has 1 to 253 characters");
    }
    String name = isAscii(text) ? lowerAscii(text) : toAscii(UnicodeLabel.map(text));
    return new DomainName(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
  }

  private static String toAscii(String mapped) {
    List<String> labels = new ArrayList<>();
    for (String label : mapped.split("\\.", -1)) {
      labels.add(UnicodeLabel.toAscii(label));
    }
    return String.join(".", labels);
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 127) {
        return false;
      }
    }
    return true;
  }

  /** Without the rules of a language: a Turkish I is none of ours. */
  private static String lowerAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        StringBuilder lower = new StringBuilder(text);
        for (int k = i; k < text.length(); k++) {
          char u = text.charAt(k);
          lower.setCharAt(k, u >= 'A' && u <= 'Z' ? (char) (u + 32) : u);
        }
        return lower.toString();
      }
    }
    return text;
  }

  /** The name below this one, such as {@code _dmarc}; null if that would be too long for a name. */
  public @Nullable DomainName below(String labels) {
    String name = labels + "." + ascii;
    return name.length() > MAX_OCTETS ? null : new DomainName(name);
  }

  /** With U-labels, for people. */
  public String unicode() {
    if (!ascii.contains("xn--")) {
      return ascii;
    }
    List<String> labels = new ArrayList<>();
    for (String label : ascii.split("\\.", -1)) {
      labels.add(UnicodeLabel.toUnicode(label));
    }
    return String.join(".", labels);
  }

  @Override
  public String toString() {
    return ascii;
  }
}
