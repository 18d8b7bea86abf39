package org.everpost.wire.dsn;

/** Words of others, made harmless for a header field or a line of text. */
final class SafeText {

  private SafeText() {}

  /** One line: what does not show itself is a question mark, white space one space. */
  static String line(String text, int maxLength) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), maxLength));
    boolean space = true; // none at the beginning
    int i = 0;
    while (i < text.length() && out.length() < maxLength) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      boolean isSpace = c == ' ' || c == '\t' || c == '\r' || c == '\n';
      if (!isSpace) {
        out.appendCodePoint(isShown(c) ? c : '?');
      } else if (!space) {
        out.append(' ');
      }
      space = isSpace;
    }
    if (i < text.length()) {
      out.append("...");
    }
    return out.toString().strip();
  }

  /** The same in ASCII. */
  static String ascii(String text, int maxLength) {
    return line(text, maxLength).replaceAll("[^ -~]", "?");
  }

  /** Not controls, and nothing that changes the direction or the shape of what is around it. */
  static boolean isShown(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
