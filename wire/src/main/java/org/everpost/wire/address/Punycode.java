package org.everpost.wire.address;

import org.jspecify.annotations.Nullable;

/** Punycode (RFC 3492): Unicode labels in letters, digits and hyphens. */
final class Punycode {

  // RFC 3492 §5
  private static final int BASE = 36;
  private static final int T_MIN = 1;
  private static final int T_MAX = 26;
  private static final int SKEW = 38;
  private static final int DAMP = 700;
  private static final int INITIAL_BIAS = 72;
  private static final int INITIAL_N = 128;

  /** No label is longer, in whatever form; nothing overflows below that. */
  private static final int MAX_LABEL = 63;

  private Punycode() {}

  /** RFC 3492 §6.3; null if the result is longer than any label. */
  static @Nullable String encode(String label) {
    int[] input = label.codePoints().toArray();
    if (input.length > MAX_LABEL) {
      return null;
    }
    StringBuilder output = new StringBuilder();
    for (int c : input) {
      if (c < INITIAL_N) {
        output.append((char) c);
      }
    }
    int basic = output.length();
    int handled = basic;
    if (basic > 0) {
      output.append('-');
    }
    int n = INITIAL_N;
    int delta = 0;
    int bias = INITIAL_BIAS;
    while (handled < input.length) {
      int next = Integer.MAX_VALUE;
      for (int c : input) {
        if (c >= n && c < next) {
          next = c;
        }
      }
      delta += (next - n) * (handled + 1);
      n = next;
      for (int c : input) {
        if (c < n) {
          delta++;
        } else if (c == n) {
          append(output, delta, bias);
          bias = adapt(delta, handled + 1, handled == basic);
          delta = 0;
          handled++;
        }
      }
      delta++;
      n++;
    }
    return output.length() > MAX_LABEL ? null : output.toString();
  }

  private static void append(StringBuilder output, int delta, int bias) {
    int q = delta;
    for (int k = BASE; ; k += BASE) {
      int t = threshold(k, bias);
      if (q < t) {
        output.append(digit(q));
        return;
      }
      output.append(digit(t + (q - t) % (BASE - t)));
      q = (q - t) / (BASE - t);
    }
  }

  /** RFC 3492 §6.2; null if it is not Punycode. */
  static @Nullable String decode(String encoded) {
    if (encoded.length() > MAX_LABEL || encoded.chars().anyMatch(c -> c >= INITIAL_N)) {
      return null;
    }
    int basic = Math.max(0, encoded.lastIndexOf('-'));
    StringBuilder output = new StringBuilder(encoded.substring(0, basic));
    int count = basic;
    long i = 0;
    int n = INITIAL_N;
    int bias = INITIAL_BIAS;
    int at = basic > 0 ? basic + 1 : 0;
    while (at < encoded.length()) {
      long before = i;
      long weight = 1;
      for (int k = BASE; ; k += BASE) {
        int digit = at < encoded.length() ? value(encoded.charAt(at++)) : -1;
        if (digit < 0) {
          return null;
        }
        i += digit * weight;
        int t = threshold(k, bias);
        if (digit < t) {
          break;
        }
        weight *= BASE - t;
        if (i > Integer.MAX_VALUE || weight > Integer.MAX_VALUE) {
          return null;
        }
      }
      count++;
      bias = adapt((int) Math.min(i - before, Integer.MAX_VALUE), count, before == 0);
      n += (int) Math.min(i / count, Character.MAX_CODE_POINT + 1);
      i %= count;
      if (n > Character.MAX_CODE_POINT || Character.getType(n) == Character.SURROGATE) {
        return null;
      }
      output.insert(output.offsetByCodePoints(0, (int) i), Character.toChars(n));
      i++;
    }
    return output.toString();
  }

  private static int threshold(int k, int bias) {
    return Math.clamp(k - bias, T_MIN, T_MAX);
  }

  private static int adapt(int delta, int points, boolean first) {
    int d = first ? delta / DAMP : delta / 2;
    d += d / points;
    int k = 0;
    while (d > ((BASE - T_MIN) * T_MAX) / 2) {
      d /= BASE - T_MIN;
      k += BASE;
    }
    return k + (BASE - T_MIN + 1) * d / (d + SKEW);
  }

  private static char digit(int value) {
    return (char) (value < 26 ? 'a' + value : '0' + value - 26);
  }

  private static int value(char digit) {
    if (digit >= 'a' && digit <= 'z') {
      return digit - 'a';
    }
    if (digit >= 'A' && digit <= 'Z') {
      return digit - 'A';
    }
    return digit >= '0' && digit <= '9' ? digit - '0' + 26 : -1;
  }
}
