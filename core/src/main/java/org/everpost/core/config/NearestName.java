package org.everpost.core.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses what somebody meant to write. */
final class NearestName {

  private NearestName() {}

  /** The name that begins with what was written, else the one that takes the fewest changes. */
  static Optional<String> of(String wrong, Collection<String> names) {
    return names.stream()
        .min(
            Comparator.comparingInt(
                    (String name) -> name.startsWith(wrong) ? 0 : distance(wrong, name))
                .thenComparing(n -> n));
  }

  /** How many letters have to be put in, taken out, exchanged or swapped (optimal alignment). */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
