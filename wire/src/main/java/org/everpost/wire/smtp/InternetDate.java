package org.everpost.wire.smtp;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** A point in time as header fields give it (RFC 5322 §3.3), in UTC. */
public final class InternetDate {

  private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  private static final String[] MONTHS = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };

  private InternetDate() {}

  /** For example {@code Mon, 23 Nov 2026 18:40:41 +0000}. */
  public static String format(Instant instant) {
    LocalDateTime t = LocalDateTime.ofEpochSecond(instant.getEpochSecond(), 0, ZoneOffset.UTC);
    StringBuilder out = new StringBuilder(32);
    out.append(DAYS[t.getDayOfWeek().getValue() - 1]).append(", ");
    out.append(t.getDayOfMonth()).append(' ').append(MONTHS[t.getMonthValue() - 1]).append(' ');
    out.append(t.getYear()).append(' ');
    twoDigits(out, t.getHour()).append(':');
    twoDigits(out, t.getMinute()).append(':');
    return twoDigits(out, t.getSecond()).append(" +0000").toString();
  }

  private static StringBuilder twoDigits(StringBuilder out, int number) {
    return out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }
}
