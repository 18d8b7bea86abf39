package org.everpost.server.imap;

import org.everpost.core.mailbox.MailboxNames;

/**
 * A pattern of LIST (RFC 9051 §6.3.9): {@code *} stands for anything, {@code %} for anything but
 * the delimiter. Matching takes at most pattern times name steps, however it is made.
 */
final class MailboxPattern {

  /** A pattern that is longer asks for more characters than a name may have. */
  private static final int MAX_LENGTH = 2 * MailboxNames.MAX_OCTETS + 1;

  private final String pattern;

  private MailboxPattern(String pattern) {
    this.pattern = pattern;
  }

  static MailboxPattern of(String reference, String pattern) {
    // RFC 9051 §5.1: what is no wildcard is spelled as names are.
    return new MailboxPattern(MailboxNames.canonical(withoutRuns(reference + pattern)));
  }

  /** Some wildcards in a row mean what the strongest of them means. */
  private static String withoutRuns(String pattern) {
    StringBuilder result = new StringBuilder(pattern.length());
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      int last = result.length() - 1;
      if (!isWildcard(c) || last < 0 || !isWildcard(result.charAt(last))) {
        result.append(c);
      } else if (c == '*') {
        result.setCharAt(last, c);
      }
    }
    return result.toString();
  }

  private static boolean isWildcard(char c) {
    return c == '*' || c == '%';
  }

  /** Whether there can be names it matches. */
  boolean isPossible() {
    return pattern.length() <= MAX_LENGTH;
  }

  int length() {
    return pattern.length();
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
      if (at[p] && isWildcard(pattern.charAt(p))) {
        at[p + 1] = true;
      }
    }
  }
}
