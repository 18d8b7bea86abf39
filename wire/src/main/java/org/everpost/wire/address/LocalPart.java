package org.everpost.wire.address;

/** The part before the @ as it is written in a path or a header field (RFC 5321 §4.1.2). */
public final class LocalPart {

  private LocalPart() {}

  /** Quoted if it is no Dot-string (RFC 6531 §3.3). */
  public static String quoted(String localPart) {
    if (isDotString(localPart)) {
      return localPart;
    }
    StringBuilder out = new StringBuilder(localPart.length() + 8).append('"');
    for (int i = 0; i < localPart.length(); i++) {
      char c = localPart.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\');
      }
      out.append(c);
    }
    return out.append('"').toString();
  }

  /** Whether it begins and ends as a Quoted-string does. */
  static boolean isQuoted(String written) {
    return written.length() > 1 && written.startsWith("\"") && written.endsWith("\"");
  }

  /**
   * What a Quoted-string stands for.
   *
   * @throws IllegalArgumentException if it is none
   */
  static String unquoted(String quoted) {
    StringBuilder content = new StringBuilder();
    int last = quoted.length() - 1;
    for (int i = 1; i < last; i++) {
      char c = quoted.charAt(i);
      // Of a quoted-pairSMTP both are ASCII (RFC 6531 §3.3 adds to qtextSMTP only).
      if (c == '\\' && i + 1 < last && quoted.charAt(i + 1) <= '~') {
        c = quoted.charAt(++i);
      } else if (c == '"' || c == '\\') {
        throw new IllegalArgumentException(quoted + " is not quoted as it should be");
      }
      content.append(c);
    }
    return content.toString();
  }

  static boolean isDotString(String s) {
    boolean dot = true;
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c == '.' ? dot : !isAtomText(c)) {
        return false;
      }
      dot = c == '.';
    }
    return !dot;
  }

  /** atext of RFC 5322 §3.2.3, and everything beyond ASCII (RFC 6531 §3.3). */
  public static boolean isAtomText(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c > 127
        || (c > ' ' && c < 127 && "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0);
  }
}
