package org.everpost.server.imap.search;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The day of a Date field (RFC 5322 §3.3, §4.3), as its writer's calendar showed it. */
final class SentDate {
  private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";

  private SentDate() {}

  /** Null if it is none. */
  static @Nullable LocalDate parse(@Nullable String field) {
    if (field == null) {
      return null;
    }
    String[] words = field.strip().split("[ \t,-]+", 6);
    int first = words.length > 0 && !startsWithDigit(words[0]) ? 1 : 0;
    if (words.length < first + 3) {
      return null;
    }
    int day = number(words[first]);
    int month = month(words[first + 1]);
    int year = number(words[first + 2]);
    if (words[first + 2].length() < 4 && year >= 0) {
      // RFC 5322 §4.3.
      year += words[first + 2].length() == 2 && year < 50 ? 2000 : 1900;
    }
    try {
      return day < 0 || month < 0 || year < 0 ? null : LocalDate.of(year, month, day);
    } catch (DateTimeException _) {
      return null;
    }
  }

  private static boolean startsWithDigit(String word) {
    return !word.isEmpty() && word.charAt(0) >= '0' && word.charAt(0) <= '9';
  }

  private static int number(String word) {
    if (word.isEmpty() || word.length() > 4) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < word.length(); i++) {
      int digit = word.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = 10 * number + digit;
    }
    return number;
  }

  private static int month(String word) {
    if (word.length() < 3) {
      return -1;
    }
    int at = MONTHS.indexOf(word.substring(0, 3).toLowerCase(Locale.ROOT));
    return at >= 0 && at % 3 == 0 ? at / 3 + 1 : -1;
  }
}
