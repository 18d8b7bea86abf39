package org.everpost.wire.mime;

/**
 * A place in the body of a structured field, and the lexical pieces of RFC 5322 §3.2 from there on.
 * A quote or comment that is never closed is an ordinary character; looking for the end that is not
 * there happens once, so that reading stays linear.
 */
final class FieldCursor {

  private final byte[] b;
  private final int end;
  private int at;
  private boolean commentUnclosed;
  private boolean quoteUnclosed;
  private int commentStart;
  private int commentEnd;

  FieldCursor(byte[] b, int from, int to) {
    this.b = b;
    this.at = from;
    this.end = to;
  }

  byte[] octets() {
    return b;
  }

  boolean atEnd() {
    return at >= end;
  }

  int at() {
    return at;
  }

  int end() {
    return end;
  }

  void moveTo(int position) {
    at = position;
  }

  /** The octet here, -1 at the end; octets above 127 are positive. */
  int peek() {
    return at < end ? b[at] & 0xff : -1;
  }

  void skip() {
    at++;
  }

  boolean atSpace() {
    return at < end && HeaderText.isSpace(b[at]);
  }

  /** Passes white space; tells whether there was any. */
  boolean skipSpace() {
    int before = at;
    while (atSpace()) {
      at++;
    }
    return at > before;
  }

  /** Passes comments and folding white space (RFC 5322 §3.2.2); tells whether there were any. */
  boolean skipCfws() {
    int before = at;
    do {
      skipSpace();
    } while (peek() == '(' && skipComment());
    return at > before;
  }

  /** Passes the comment that begins here; false, and nothing passed, if it never ends. */
  boolean skipComment() {
    if (commentUnclosed) {
      return false;
    }
    int depth = 0;
    for (int i = at; i < end; i++) {
      if (b[i] == '\\') {
        i++;
      } else if (b[i] == '(') {
        depth++;
      } else if (b[i] == ')' && --depth == 0) {
        commentStart = at + 1;
        commentEnd = i;
        at = i + 1;
        return true;
      }
    }
    commentUnclosed = true;
    return false;
  }

  /** The text of the comment passed last, quoted pairs resolved. */
  String comment() {
    var text = new ByteBuilder(commentEnd - commentStart + 1);
    for (int i = commentStart; i < commentEnd; i++) {
      if (b[i] == '\\' && i + 1 < commentEnd) {
        i++;
      }
      text.append(b[i]);
    }
    return HeaderText.unfold(text.octets(), 0, text.length());
  }

  /**
   * Reads the quoted string that begins here (RFC 5322 §3.2.4), without its quotes and line ends
   * and with quoted pairs resolved; false, and nothing read, if it never ends.
   */
  boolean quotedString(ByteBuilder into) {
    if (quoteUnclosed) {
      return false;
    }
    int before = into.length();
    for (int i = at + 1; i < end; i++) {
      byte c = b[i];
      if (c == '"') {
        at = i + 1;
        return true;
      }
      if (c == '\\' && i + 1 < end) {
        c = b[++i];
      }
      if (c != '\r' && c != '\n') {
        into.append(c);
      }
    }
    into.truncate(before);
    quoteUnclosed = true;
    return false;
  }

  /** Passes the token that begins here (RFC 2045 §5.1, raw 8-bit allowed); tells how long it is. */
  int skipToken() {
    int before = at;
    while (at < end && isTokenChar(b[at])) {
      at++;
    }
    return at - before;
  }

  /** The token that begins here in lower case, empty if none does. */
  String token() {
    int before = at;
    return skipToken() == 0 ? "" : lowerCase(before, at);
  }

  /** The text of {@code [from, to)} with its ASCII letters in lower case. */
  String lowerCase(int from, int to) {
    return HeaderText.decode(b, from, to).toLowerCase(java.util.Locale.ROOT);
  }

  private static boolean isTokenChar(byte c) {
    return switch (c) {
      case '(', ')', '<', '>', '@', ',', ';', ':', '\\', '"', '/', '[', ']', '?', '=', 127 -> false;
      default -> c < 0 || c > ' ';
    };
  }
}
