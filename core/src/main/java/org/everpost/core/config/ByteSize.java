package org.everpost.core.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of octets, as a person writes it: {@code 50MB}. kB, MB, GB and TB count by 1000; KiB,
 * MiB, GiB and TiB by 1024; B stands for octets.
 */
public record ByteSize(long octets) {

  private static final Pattern FORM =
      Pattern.compile(
          "([0-9]{1,15}(?:\\.[0-9]{1,6})?)\\s*([KMGT]?)(I?)B?", Pattern.CASE_INSENSITIVE);
  private static final List<String> UNITS = List.of("", "k", "M", "G", "T");
  private static final int UNIT_LETTERS = "KMGT".length();

  public ByteSize {
    if (octets < 0) {
      throw new IllegalArgumentException("a size is not negative");
    }
  }

  /**
   * Parses a number with a unit; a number alone is refused, because it is so often meant in another
   * unit.
   *
   * @throws IllegalArgumentException if it is no size
   */
  public static ByteSize of(String text) {
    Matcher m = FORM.matcher(text.strip());
    boolean alone = text.strip().chars().allMatch(c -> (c >= '0' && c <= '9') || c == '.');
    if (!m.matches() || alone || (m.group(2).isEmpty() && !m.group(3).isEmpty())) {
      throw new IllegalArgumentException("'" + text + "' is not a size with a unit, like 50MB");
    }
    int power = m.group(2).isEmpty() ? 0 : "KMGT".indexOf(m.group(2).toUpperCase(Locale.ROOT)) + 1;
    BigDecimal factor = BigDecimal.valueOf(m.group(3).isEmpty() ? 1_000 : 1_024).pow(power);
    BigDecimal octets = new BigDecimal(m.group(1)).multiply(factor);
    if (octets.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException("'" + text + "' is too large");
    }
    return new ByteSize(octets.longValue());
  }

  /** With the largest unit that needs no fraction. */
  @Override
  public String toString() {
    for (int power = UNIT_LETTERS; power > 0 && octets > 0; power--) {
      long decimal = power(1_000, power);
      long binary = power(1_024, power);
      if (octets % decimal == 0) {
        return octets / decimal + UNITS.get(power) + "B";
      }
      if (octets % binary == 0) {
        return octets / binary + UNITS.get(power).toUpperCase(Locale.ROOT) + "iB";
      }
    }
    return octets + "B";
  }

  private static long power(long base, int exponent) {
    long result = 1;
    for (int i = 0; i < exponent; i++) {
      result *= base;
    }
    return result;
  }
}
