package org.everpost.server.imap;

import org.everpost.core.mailbox.MailboxNames;

/**
 * A pattern of LIST (RFC 9051 §6.3.9): {@code *} stands for anything, {@code %} for anything but
 * the delimiter. Matching takes at most pattern times name steps, however it is made.
 */
final class MailboxPattern {
  private final String pattern;

  private MailboxPattern(String pattern) {
    this.pattern = pattern;
  }

  static MailboxPattern of(String reference, String pattern) {
    String whole = reference + pattern;
    int end = whole.indexOf(MailboxNames.SEPARATOR);
    String first = end < 0 ? whole : whole.substring(0, end);
    // RFC 9051 §5.1: INBOX does not tell case apart.
    return new MailboxPattern(
        first.equalsIgnoreCase(MailboxNames.INBOX)
            ? MailboxNames.INBOX + whole.substring(first.length())
            : whole);
  }

  boolean matches(String name) {
    return run(pattern, name) || (name.equals(MailboxNames.INBOX) && run(upperCase(pattern), name));
  }

  /** ASCII only: no other letters become those of INBOX. */
  private static String upperCase(String text) {
    StringBuilder upper = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      upper.append(c >= 'a' && c <= 'z' ? (char) (c - 32) : c);
    }
    return upper.toString();
  }

  /** Follows all ways to match at once: {@code at[p]}, whether p of the pattern are used up. */
  private static boolean run(String pattern, String name) {
    boolean[] at = new boolean[pattern.length() + 1];
    at[0] = true;
    skipWildcards(pattern, at);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean[] next = new boolean[at.length];
      boolean any = false;
      for (int p = 0; p < pattern.length(); p++) {
        if (!at[p]) {
          continue;
        }
        char wanted = pattern.charAt(p);
        if (wanted == '*' || (wanted == '%' && c != MailboxNames.SEPARATOR)) {
          next[p] = true;
          any = true;
        } else if (wanted == c) {
          next[p + 1] = true;
          any = true;
        }
      }
      if (!any) {
        return false;
      }
      skipWildcards(pattern, next);
      at = next;
    }
    return at[pattern.length()];
  }

  /** A wildcard may stand for nothing. */
  private static void skipWildcards(String pattern, boolean[] at) {
    for (int p = 0; p < pattern.length(); p++) {
      if (at[p] && (pattern.charAt(p) == '*' || pattern.charAt(p) == '%')) {
        at[p + 1] = true;
      }
    }
  }
}
