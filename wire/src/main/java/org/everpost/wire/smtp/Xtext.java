package org.everpost.wire.smtp;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The escaping of values that may not hold every character (RFC 3461 §4, RFC 6533 §3). */
public final class Xtext {

  private static final String HEX = "0123456789ABCDEF";

  private Xtext() {}

  /**
   * Encodes as xtext.
   *
   * @param text printable ASCII, as {@link #decode} gives it
   */
  public static String encode(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        throw new IllegalArgumentException("xtext is printable ASCII");
      }
      if (isPlain(c)) {
        out.append(c);
      } else {
        out.append('+').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
    return out.toString();
  }

  /** What stands for itself in xtext. */
  private static boolean isPlain(char c) {
    return c > ' ' && c <= '~' && c != '+' && c != '=';
  }

  /** Decodes xtext; null if it is none, or hides what is not printable ASCII. */
  static @Nullable String decode(String text) {
    String decoded = decodeUtf8(text);
    return decoded != null && decoded.chars().allMatch(c -> c <= '~') ? decoded : null;
  }

  /** Decodes xtext whose octets are UTF-8; null if it is none, or hides control characters. */
  static @Nullable String decodeUtf8(String text) {
    byte[] octets = new byte[text.length()];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '+') {
        if (i + 3 > text.length()) {
          return null;
        }
        int code = hex(text, i + 1, i + 3);
        if (code < ' ' || code == 127) {
          return null; // also keeps line ends out of the notifications it may be used in
        }
        octets[length++] = (byte) code;
        i += 2;
      } else if (isPlain(c)) {
        octets[length++] = (byte) c;
      } else {
        return null;
      }
    }
    try {
      CharBuffer decoded =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets, 0, length));
      // U+0080 to U+009F are control characters, too, and U+0085 ends lines.
      return decoded.chars().anyMatch(Character::isISOControl) ? null : decoded.toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** Decodes utf-8-addr-xtext and utf-8-addr-unitext; null if it is neither. */
  static @Nullable String decodeUnicode(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '\\') {
        int end = text.indexOf('}', i);
        if (!text.startsWith("\\x{", i) || end < 0 || end - i - 3 > 6) {
          return null;
        }
        int code = hex(text, i + 3, end);
        if (code < ' ' || code == 127 || !isScalar(code)) {
          return null;
        }
        out.appendCodePoint(code);
        i = end + 1;
      } else if (c > ' ' && c != 127 && c != '+' && c != '=') {
        out.append(c);
        i++;
      } else {
        return null;
      }
    }
    return out.toString();
  }

  /**
   * Encodes as utf-8-addr-xtext.
   *
   * @param unitext whether characters beyond ASCII may stand for themselves, as SMTPUTF8 allows
   */
  static String encodeUnicode(String text, boolean unitext) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          boolean plain = c != '\\' && c < 128 && isPlain((char) c);
          if (plain || (unitext && c >= 0xa0)) {
            out.appendCodePoint(c);
          } else {
            String digits = Integer.toHexString(c).toUpperCase(Locale.ROOT);
            out.append("\\x{").append(digits.length() < 2 ? "0" : "").append(digits).append('}');
          }
        });
    return out.toString();
  }

  private static boolean isScalar(int code) {
    return code <= Character.MAX_CODE_POINT && (code < 0xD800 || code > 0xDFFF);
  }

  /** The value of the hexadecimal digits; -1 if there are none or other characters. */
  private static int hex(String s, int from, int to) {
    int value = from < to ? 0 : -1;
    for (int i = from; i < to && value >= 0; i++) {
      char c = s.charAt(i);
      int digit = c > 'f' ? -1 : Character.digit(c, 16);
      value = digit < 0 ? -1 : value * 16 + digit;
    }
    return value;
  }
}
