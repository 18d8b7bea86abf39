package org.everpost.server.imap.search;

/** Finds one text in another that comes in pieces, in linear time (Knuth, Morris and Pratt). */
final class TextMatcher {
  private final char[] wanted;

  /** How much of the text still matches when the character behind so much of it does not. */
  private final int[] fallback;

  private int matched;

  /**
   * @param folded as {@link Text#fold} makes it
   */
  TextMatcher(char[] folded) {
    wanted = folded;
    fallback = new int[folded.length];
    int length = 0;
    for (int i = 1; i < folded.length; i++) {
      while (length > 0 && folded[i] != folded[length]) {
        length = fallback[length - 1];
      }
      length += folded[i] == folded[length] ? 1 : 0;
      fallback[i] = length;
    }
  }

  /** Begins anew. */
  void reset() {
    matched = 0;
  }

  /** Takes the next characters; true once the text has been found. */
  boolean feed(char[] some, int length) {
    if (matched == wanted.length) {
      return true;
    }
    int state = matched;
    for (int i = 0; i < length; i++) {
      char c = Text.fold(some[i]);
      while (state > 0 && c != wanted[state]) {
        state = fallback[state - 1];
      }
      if (c == wanted[state]) {
        state++;
        if (state == wanted.length) {
          matched = state;
          return true;
        }
      }
    }
    matched = state;
    return false;
  }
}
