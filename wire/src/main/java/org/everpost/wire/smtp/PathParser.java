package org.everpost.wire.smtp;

import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.address.LocalPart;
import org.jspecify.annotations.Nullable;

/** Parses what stands between the angle brackets (RFC 5321 §4.1.2, RFC 6531 §3.3). */
final class PathParser {

  /** RFC 5321 §4.5.3.1.3, with room for a source route. */
  private static final int MAX_PATH = 1024;

  private PathParser() {}

  /** A Reverse-path: a Path or {@code <>}. */
  static Path reversePath(Cursor cursor) throws SmtpSyntaxException {
    open(cursor, "5.1.7");
    if (cursor.skip('>')) {
      return new Path.Null();
    }
    return path(cursor, "5.1.7");
  }

  /** A Forward-path: a Path or {@code <Postmaster>}. */
  static Path forwardPath(Cursor cursor) throws SmtpSyntaxException {
    open(cursor, "5.1.3");
    if (cursor.skipIgnoringCase("Postmaster>")) {
      return new Path.Postmaster();
    }
    return path(cursor, "5.1.3");
  }

  private static void open(Cursor cursor, String enhanced) throws SmtpSyntaxException {
    cursor.skipSpaces(); // Deviates from §3.3: a space after the colon, as PHP's mailers send it
    if (!cursor.skip('<')) {
      throw bad(cursor, enhanced);
    }
  }

  private static Path path(Cursor cursor, String enhanced) throws SmtpSyntaxException {
    int start = cursor.position();
    if (cursor.peek() == '@') {
      skipSourceRoute(cursor, enhanced);
    }
    String localPart = cursor.skip('"') ? quotedString(cursor) : dotString(cursor);
    if (localPart == null || localPart.isEmpty() || !cursor.skip('@')) {
      throw bad(cursor, enhanced);
    }
    int domainStart = cursor.position();
    while (cursor.peek() != '>') {
      if (cursor.atEnd() || cursor.position() - start > MAX_PATH || cursor.peek() == ' ') {
        throw bad(cursor, enhanced);
      }
      cursor.next();
    }
    String domain = cursor.since(domainStart);
    cursor.next();
    try {
      return of(localPart, domain);
    } catch (IllegalArgumentException _) {
      throw bad(cursor, enhanced);
    }
  }

  private static Path of(String localPart, String domain) {
    if (domain.startsWith("[")) {
      if (!domain.endsWith("]")) {
        throw new IllegalArgumentException("unfinished address literal");
      }
      return new Path.AtLiteral(
          localPart, new AddressLiteral(domain.substring(1, domain.length() - 1)));
    }
    if (domain.endsWith(".")) {
      throw new IllegalArgumentException("a final dot is not in the grammar");
    }
    return new Path.Address(new EmailAddress(localPart, DomainName.of(domain)));
  }

  /** A-d-l ":", to be accepted and ignored. */
  private static void skipSourceRoute(Cursor cursor, String enhanced) throws SmtpSyntaxException {
    int start = cursor.position();
    while (!cursor.skip(':')) {
      char c = cursor.next();
      boolean allowed = LocalPart.isAtomText(c) || "@.,".indexOf(c) >= 0;
      if (!allowed || cursor.position() - start > MAX_PATH) {
        throw bad(cursor, enhanced);
      }
    }
  }

  /** Deviates from §4.1.2: dots may stand anywhere, as mobile operators in Japan gave them out. */
  private static String dotString(Cursor cursor) {
    int start = cursor.position();
    while (cursor.peek() == '.' || LocalPart.isAtomText(cursor.peek())) {
      cursor.next();
    }
    return cursor.since(start);
  }

  /** What follows the opening quote, unquoted; null if it never ends. */
  private static @Nullable String quotedString(Cursor cursor) {
    StringBuilder out = new StringBuilder();
    while (!cursor.atEnd() && out.length() <= MAX_PATH) {
      char c = cursor.next();
      if (c == '"') {
        return out.toString();
      }
      if (c == '\\') {
        if (cursor.atEnd() || cursor.peek() > '~') {
          return null; // quoted-pairSMTP is ASCII only
        }
        c = cursor.next();
      }
      out.append(c);
    }
    return null;
  }

  private static SmtpSyntaxException bad(Cursor cursor, String enhanced) {
    return cursor.error(501, enhanced, "Bad address syntax");
  }
}
