package org.everpost.wire.imap;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Dates as IMAP writes them (RFC 9051 §9, {@code date} and {@code date-time}). */
public final class ImapDateTime {
  private static final String[] MONTHS = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };

  private static final long FIRST_SECOND =
      OffsetDateTime.of(0, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC).toEpochSecond();
  private static final long LAST_SECOND =
      OffsetDateTime.of(9999, 12, 31, 23, 59, 59, 0, ZoneOffset.UTC).toEpochSecond();

  private ImapDateTime() {}

  /** {@code 17-Jul-1996 02:44:25 -0700}, without quotes; null if it is none. */
  public static @Nullable Instant parse(String text) {
    // Fixed columns, except that the day may be one digit without the space before it.
    String padded = text.length() == 25 ? " " + text : text;
    if (padded.length() != 26
        || padded.charAt(2) != '-'
        || padded.charAt(6) != '-'
        || padded.charAt(11) != ' '
        || padded.charAt(14) != ':'
        || padded.charAt(17) != ':'
        || padded.charAt(20) != ' ') {
      return null;
    }
    int day = number(padded, padded.charAt(0) == ' ' ? 1 : 0, 2);
    int month = month(padded.substring(3, 6));
    int year = number(padded, 7, 11);
    int hour = number(padded, 12, 14);
    int minute = number(padded, 15, 17);
    int second = number(padded, 18, 20);
    int zoneHour = number(padded, 22, 24);
    int zoneMinute = number(padded, 24, 26);
    char sign = padded.charAt(21);
    if ((day | month | year | hour | minute | second | zoneHour | zoneMinute) < 0
        || (sign != '+' && sign != '-')) {
      return null;
    }
    try {
      int offset = (zoneHour * 60 + zoneMinute) * 60;
      // A leap second is the last second of its minute for us.
      return OffsetDateTime.of(
              year,
              month,
              day,
              hour,
              minute,
              Math.min(second, 59),
              0,
              ZoneOffset.ofTotalSeconds(sign == '-' ? -offset : offset))
          .toInstant();
    } catch (DateTimeException _) {
      return null;
    }
  }

  /** {@code 1-Feb-1994}, without quotes; null if it is none. */
  public static @Nullable LocalDate parseDate(String text) {
    int dash = text.indexOf('-');
    if ((dash != 1 && dash != 2) || text.length() != dash + 9 || text.charAt(dash + 4) != '-') {
      return null;
    }
    int day = number(text, 0, dash);
    int month = month(text.substring(dash + 1, dash + 4));
    int year = number(text, dash + 5, dash + 9);
    if ((day | month | year) < 0) {
      return null;
    }
    try {
      return LocalDate.of(year, month, day);
    } catch (DateTimeException _) {
      return null;
    }
  }

  /** {@code 17-Jul-1996 09:44:25 +0000}: 26 characters, always in UTC, of a year that fits. */
  public static String format(Instant instant) {
    long second = Math.clamp(instant.getEpochSecond(), FIRST_SECOND, LAST_SECOND);
    OffsetDateTime time = Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC);
    StringBuilder out = new StringBuilder(26);
    int day = time.getDayOfMonth();
    out.append(day < 10 ? " " : "").append(day);
    out.append('-').append(MONTHS[time.getMonthValue() - 1]).append('-');
    appendPadded(out, time.getYear() / 100);
    appendPadded(out, time.getYear() % 100);
    appendPadded(out.append(' '), time.getHour());
    appendPadded(out.append(':'), time.getMinute());
    appendPadded(out.append(':'), time.getSecond());
    return out.append(" +0000").toString();
  }

  /** {@code 1-Feb-1994}. */
  public static String formatDate(LocalDate date) {
    StringBuilder out = new StringBuilder(11);
    out.append(date.getDayOfMonth()).append('-').append(MONTHS[date.getMonthValue() - 1]);
    out.append('-');
    int year = Math.clamp(date.getYear(), 0, 9999);
    appendPadded(out, year / 100);
    appendPadded(out, year % 100);
    return out.toString();
  }

  private static void appendPadded(StringBuilder out, int number) {
    out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }

  /** The number in these columns; -1 if there is anything but digits. */
  private static int number(String text, int start, int end) {
    int number = 0;
    for (int i = start; i < end; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  private static int month(String name) {
    for (int i = 0; i < MONTHS.length; i++) {
      if (MONTHS[i].equalsIgnoreCase(name)) {
        return i + 1;
      }
    }
    return -1;
  }
}
