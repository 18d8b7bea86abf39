package org.everpost.server.admin;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How old something is, or how long it takes, as people say it: {@code 3h 12m}. */
final class Age {

  private static final Pattern TEXT =
      Pattern.compile("(?:(\\d{1,5})d)? ?(?:(\\d{1,5})h)? ?(?:(\\d{1,5})m)? ?(?:(\\d{1,5})s)?");

  private Age() {}

  static Duration parse(String text) throws CommandException {
    Matcher matcher = TEXT.matcher(text.strip());
    if (text.isBlank() || !matcher.matches()) {
      throw new CommandException("'" + text + "' is not an age; write it like 90m, 3h or 2d");
    }
    return Duration.ofDays(number(matcher.group(1)))
        .plusHours(number(matcher.group(2)))
        .plusMinutes(number(matcher.group(3)))
        .plusSeconds(number(matcher.group(4)));
  }

  private static long number(String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  /** The two largest units; less than nothing is nothing. */
  static String text(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3_600) {
      return seconds / 60 + "m " + seconds % 60 + "s";
    }
    return seconds < 86_400
        ? seconds / 3_600 + "h " + seconds % 3_600 / 60 + "m"
        : seconds / 86_400 + "d " + seconds % 86_400 / 3_600 + "h";
  }
}
