package org.everpost.wire.imap.response;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;

/** Writes {@code "17-Jul-1996 09:44:25 +0000"} (RFC 9051 §9, {@code date-time}). */
final class DateTimeRenderer {
  static final int LENGTH = 28;

  private static final byte[] MONTHS =
      "JanFebMarAprMayJunJulAugSepOctNovDec".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ZONE = " +0000\"".getBytes(StandardCharsets.US_ASCII);
  private static final long SECONDS_OF_DAY = 86_400;
  private static final long FIRST_DAY = LocalDate.of(0, 1, 1).toEpochDay();
  private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();

  private DateTimeRenderer() {}

  /** Writes {@link #LENGTH} octets; returns where they end. */
  static int render(Instant instant, byte[] to, int start) {
    long second = instant.getEpochSecond();
    long day = Math.clamp(Math.floorDiv(second, SECONDS_OF_DAY), FIRST_DAY, LAST_DAY);
    int ofDay = (int) Math.floorMod(second, SECONDS_OF_DAY);
    LocalDate date = LocalDate.ofEpochDay(day);
    int at = start;
    to[at++] = '"';
    two(to, at, date.getDayOfMonth());
    if (to[at] == '0') {
      to[at] = ' ';
    }
    at += 2;
    to[at++] = '-';
    System.arraycopy(MONTHS, 3 * (date.getMonthValue() - 1), to, at, 3);
    at += 3;
    to[at++] = '-';
    two(to, at, date.getYear() / 100);
    two(to, at + 2, date.getYear() % 100);
    at += 4;
    to[at++] = ' ';
    two(to, at, ofDay / 3600);
    to[at + 2] = ':';
    two(to, at + 3, ofDay / 60 % 60);
    to[at + 5] = ':';
    two(to, at + 6, ofDay % 60);
    at += 8;
    System.arraycopy(ZONE, 0, to, at, ZONE.length);
    return at + ZONE.length;
  }

  private static void two(byte[] to, int at, int number) {
    to[at] = (byte) ('0' + number / 10);
    to[at + 1] = (byte) ('0' + number % 10);
  }
}
