package org.everpost.wire.imap.response;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Header text in US-ASCII, with the words of RFC 2047 for all that is not. */
final class EncodedWords {

  /** Octets in a word: with what is around them at most 75 characters (RFC 2047 §2). */
  private static final int LONGEST = 45;

  private EncodedWords() {}

  /**
   * Encodes those words, divided by spaces, that are not US-ASCII; what is already encoded stays as
   * it is.
   */
  static String encode(String text) {
    StringBuilder out = new StringBuilder(2 * text.length());
    int at = 0;
    while (at < text.length()) {
      int end = wordEnd(text, at);
      if (isAscii(text, at, end)) {
        out.append(text, at, end);
      } else {
        // Spaces between two encoded words vanish (RFC 2047 §6.2), so those here go inside.
        int next = end + 1;
        while (next < text.length() && !isAscii(text, next, wordEnd(text, next))) {
          end = wordEnd(text, next);
          next = end + 1;
        }
        encodeRun(text, at, end, out);
      }
      at = end;
      if (at < text.length()) {
        out.append(' ');
        at++;
      }
    }
    return out.toString();
  }

  private static int wordEnd(String text, int start) {
    int space = text.indexOf(' ', start);
    return space < 0 ? text.length() : space;
  }

  private static boolean isAscii(String text, int start, int end) {
    for (int i = start; i < end; i++) {
      if (text.charAt(i) > 0x7F) {
        return false;
      }
    }
    return true;
  }

  private static void encodeRun(String text, int start, int end, StringBuilder out) {
    int at = start;
    while (at < end) {
      int octets = 0;
      int stop = at;
      while (stop < end) {
        int c = text.codePointAt(stop);
        octets += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        if (octets > LONGEST) {
          break;
        }
        stop += Character.charCount(c);
      }
      out.append(at == start ? "" : " ").append("=?UTF-8?B?");
      byte[] piece = text.substring(at, stop).getBytes(StandardCharsets.UTF_8);
      out.append(Base64.getEncoder().encodeToString(piece)).append("?=");
      at = stop;
    }
  }
}
