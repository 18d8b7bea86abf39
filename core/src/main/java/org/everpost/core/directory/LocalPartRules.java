package org.everpost.core.directory;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/** Which local parts mean the same here: RFC 5321 §2.4 leaves that to us. */
final class LocalPartRules {

  /** What separates a detail from the user (RFC 5233 §4). */
  private static final char SEPARATOR = '+';

  private LocalPartRules() {}

  /**
   * The local part without the differences we overlook: case (Unicode simple case folding, which
   * depends on no language) and composition (NFC).
   */
  static String fold(String localPart) {
    if (localPart.chars().allMatch(c -> c < 128)) {
      return foldAscii(localPart);
    }
    String composed = Normalizer.normalize(localPart, Normalizer.Form.NFC);
    StringBuilder folded = new StringBuilder(composed.length());
    composed.codePoints().map(LocalPartRules::fold).forEach(folded::appendCodePoint);
    return Normalizer.normalize(folded, Normalizer.Form.NFC);
  }

  private static String foldAscii(String localPart) {
    StringBuilder folded = new StringBuilder(localPart.length());
    for (int i = 0; i < localPart.length(); i++) {
      char c = localPart.charAt(i);
      folded.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
    }
    return folded.toString();
  }

  /** Turkish I with a dot and i without one stay themselves: folding them would make them an i. */
  private static int fold(int codePoint) {
    return codePoint == 0x130 || codePoint == 0x131
        ? codePoint
        : Character.toLowerCase(Character.toUpperCase(codePoint));
  }

  /** {@code user} of {@code user+detail}, or null if there is no detail (RFC 5233 §4). */
  static @Nullable String withoutDetail(String localPart) {
    int separator = localPart.indexOf(SEPARATOR);
    return separator < 1 ? null : localPart.substring(0, separator);
  }
}
