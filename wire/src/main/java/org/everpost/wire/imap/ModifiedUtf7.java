package org.everpost.wire.imap;

import org.jspecify.annotations.Nullable;

/**
 * The encoding of mailbox names for clients without UTF-8 (RFC 3501 §5.1.3): printable US-ASCII
 * stands for itself, {@code &} is {@code &-}, all else is UTF-16 in Base64 with {@code ,} for
 * {@code /} between {@code &} and {@code -}.
 */
public final class ModifiedUtf7 {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

  private ModifiedUtf7() {}

  /** Encodes any text; a lone surrogate becomes U+FFFD. */
  public static String encode(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '&') {
        out.append("&-");
        i++;
      } else if (isDirect(c)) {
        out.append(c);
        i++;
      } else {
        i = encodeRun(text, i, out);
      }
    }
    return out.toString();
  }

  private static int encodeRun(String text, int start, StringBuilder out) {
    out.append('&');
    int bits = 0;
    int held = 0;
    int i = start;
    for (; i < text.length() && !isDirect(text.charAt(i)) && text.charAt(i) != '&'; i++) {
      bits = (bits << 16 | whole(text, i)) & 0x3F_FFFF;
      held += 16;
      while (held >= 6) {
        held -= 6;
        out.append(ALPHABET.charAt(bits >>> held & 63));
      }
    }
    if (held > 0) {
      out.append(ALPHABET.charAt(bits << (6 - held) & 63));
    }
    out.append('-');
    return i;
  }

  /** The UTF-16 unit, or U+FFFD if it is a surrogate without its other half. */
  private static char whole(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      boolean paired = i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
      return paired ? c : '\uFFFD';
    }
    if (Character.isLowSurrogate(c)) {
      return i > 0 && Character.isHighSurrogate(text.charAt(i - 1)) ? c : '\uFFFD';
    }
    return c;
  }

  /**
   * Decodes; null if it is not what {@link #encode} makes of some text. RFC 3501 §5.1.3 allows one
   * form only, so that two spellings can never name the same mailbox.
   */
  public static @Nullable String decode(String encoded) {
    if (encoded.indexOf('&') < 0) {
      return isAllDirect(encoded) ? encoded : null;
    }
    StringBuilder out = new StringBuilder(encoded.length());
    int i = 0;
    while (i < encoded.length()) {
      char c = encoded.charAt(i);
      if (c != '&') {
        out.append(c);
        i++;
        continue;
      }
      int end = encoded.indexOf('-', i + 1);
      if (end < 0) {
        return null;
      }
      if (end == i + 1) {
        out.append('&');
      } else if (!decodeRun(encoded, i + 1, end, out)) {
        return null;
      }
      i = end + 1;
    }
    String text = out.toString();
    return encode(text).equals(encoded) ? text : null;
  }

  private static boolean decodeRun(String encoded, int start, int end, StringBuilder out) {
    int bits = 0;
    int held = 0;
    for (int i = start; i < end; i++) {
      int value = ALPHABET.indexOf(encoded.charAt(i));
      if (value < 0) {
        return false;
      }
      bits = (bits << 6 | value) & 0x3F_FFFF;
      held += 6;
      if (held >= 16) {
        held -= 16;
        out.append((char) (bits >>> held));
      }
    }
    return true;
  }

  private static boolean isAllDirect(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isDirect(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDirect(char c) {
    return c >= 0x20 && c <= 0x7E;
  }
}
