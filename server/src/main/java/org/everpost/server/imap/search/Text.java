package org.everpost.server.imap.search;

/** How texts are compared: case does not count (RFC 9051 §6.4.4). */
final class Text {

  private Text() {}

  static char fold(char c) {
    if (c < 0x80) {
      return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }
    return Character.toLowerCase(Character.toUpperCase(c));
  }

  static char[] fold(String text) {
    char[] folded = text.toCharArray();
    for (int i = 0; i < folded.length; i++) {
      folded[i] = fold(folded[i]);
    }
    return folded;
  }

  /** Whether {@code text} has it somewhere. */
  static boolean contains(String text, char[] folded) {
    TextMatcher matcher = new TextMatcher(folded);
    char[] all = text.toCharArray();
    return matcher.feed(all, all.length);
  }
}
