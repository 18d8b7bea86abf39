package org.everpost.server.imap.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Finding texts in pieces. */
class TextMatcherTest {

  @Test
  void caseDoesNotCount() {
    assertThat(Text.contains("Grüße aus KÖLN", Text.fold("GRÜßE"))).isTrue();
    assertThat(Text.contains("ΣΊΣΥΦΟΣ", Text.fold("σίσυφος"))).isTrue();
    assertThat(Text.contains("abc", Text.fold("abd"))).isFalse();
    assertThat(Text.contains("abc", Text.fold(""))).isTrue();
  }

  /** The same as the JDK's search, however the text is cut. */
  @Test
  void randomTextsInRandomPieces() {
    for (long seed = 0; seed < 5_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      String text = random(random, random.nextInt(60));
      String wanted = random(random, 1 + random.nextInt(6));
      TextMatcher matcher = new TextMatcher(Text.fold(wanted));
      boolean found = false;
      int at = 0;
      while (at < text.length()) {
        int n = Math.min(text.length() - at, 1 + random.nextInt(7));
        found = matcher.feed(text.substring(at, at + n).toCharArray(), n);
        at += n;
      }
      assertThat(found).as("seed " + seed).isEqualTo(text.contains(wanted));
    }
  }

  private static String random(SplittableRandom random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + random.nextInt(2)));
    }
    return text.toString();
  }

  /** A text that almost matches everywhere takes no longer than another. */
  @Test
  void linearTime() {
    char[] piece = "a".repeat(10_000).toCharArray();
    TextMatcher matcher = new TextMatcher(Text.fold("a".repeat(5_000) + "b"));
    for (int i = 0; i < 1_000; i++) {
      assertThat(matcher.feed(piece, piece.length)).isFalse();
    }
  }
}
