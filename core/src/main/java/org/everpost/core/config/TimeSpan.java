package org.everpost.core.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A duration, as a person writes it: {@code 30s}, {@code 5m}, {@code 4h}, {@code 5d}. */
public record TimeSpan(Duration duration) {

  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})\\s*([smhd])");
  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  public TimeSpan {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("a duration is not negative");
    }
  }

  static TimeSpan ofSeconds(long seconds) {
    return new TimeSpan(Duration.ofSeconds(seconds));
  }

  /**
   * Parses a whole number with a unit.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static TimeSpan of(String text) {
    Matcher m = FORM.matcher(text.strip());
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a duration with a unit, like 30s, 5m, 4h or 5d");
    }
    return ofSeconds(Long.parseLong(m.group(1)) * unit(m.group(2).charAt(0)));
  }

  private static long unit(char letter) {
    return switch (letter) {
      case 'm' -> MINUTE;
      case 'h' -> HOUR;
      case 'd' -> DAY;
      default -> 1;
    };
  }

  /** With the largest unit that needs no fraction. */
  @Override
  public String toString() {
    long seconds = duration.toSeconds();
    for (char letter : new char[] {'d', 'h', 'm'}) {
      if (seconds > 0 && seconds % unit(letter) == 0) {
        return seconds / unit(letter) + String.valueOf(letter);
      }
    }
    return seconds + "s";
  }
}
