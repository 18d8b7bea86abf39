package org.everpost.wire.mime;

/** Writes header fields, folded (RFC 5322 §2.2.3). */
public final class FieldWriter {

  /** RFC 5322 §2.1.1: lines should not be longer. */
  private static final int LINE_LENGTH = 78;

  /** They must not be longer than 998 octets. */
  private static final int LONGEST_WORD = 900;

  private final StringBuilder out = new StringBuilder(1024);

  /**
   * Writes one.
   *
   * @param value on one line, not empty
   */
  public FieldWriter field(String name, String value) {
    out.append(name).append(':');
    int column = name.length() + 1;
    boolean first = true;
    for (String word : value.split(" ", -1)) {
      int at = 0;
      while (at < word.length()) {
        int end = pieceEnd(word, at);
        // The first word stays, or there would be a line of nothing but a name.
        boolean fold = !first && column + 1 + end - at > LINE_LENGTH;
        out.append(fold ? "\r\n " : " ").append(word, at, end);
        column = (fold ? 0 : column) + 1 + end - at;
        at = end;
        first = false;
      }
    }
    out.append("\r\n");
    return this;
  }

  /** A longer word is divided, between characters. */
  private static int pieceEnd(String word, int at) {
    int octets = 0;
    int end = at;
    while (end < word.length()) {
      int c = word.codePointAt(end);
      octets += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      if (octets > LONGEST_WORD) {
        break;
      }
      end += Character.charCount(c);
    }
    return end;
  }

  /** Writes what is no field, with its line ends. */
  public FieldWriter text(String text) {
    out.append(text);
    return this;
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
