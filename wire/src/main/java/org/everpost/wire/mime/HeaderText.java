package org.everpost.wire.mime;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The text of a header field: unfolded (RFC 5322 §2.2.3), trimmed and decoded. */
final class HeaderText {

  private HeaderText() {}

  /**
   * The field body in {@code [from, to)} as one line; NUL, which no protocol can send, is a space.
   */
  static String unfold(byte[] b, int from, int to) {
    int start = from;
    int end = to;
    while (start < end && isSpace(b[start])) {
      start++;
    }
    while (end > start && isSpace(b[end - 1])) {
      end--;
    }
    boolean folded = false;
    for (int i = start; i < end && !folded; i++) {
      folded = b[i] == '\n' || b[i] == '\r' || b[i] == 0;
    }
    if (!folded) {
      return decode(b, start, end);
    }
    var line = new ByteBuilder(end - start);
    for (int i = start; i < end; i++) {
      if (b[i] == 0) {
        line.append(' ');
      } else if (b[i] != '\n' && b[i] != '\r') {
        line.append(b[i]);
      }
    }
    return decode(line.octets(), 0, line.length());
  }

  /** UTF-8 (RFC 6532) where the octets are that, else ISO 8859-1. */
  static String decode(byte[] b, int from, int to) {
    if (!hasEightBit(b, from, to)) {
      return new String(b, from, to - from, StandardCharsets.ISO_8859_1);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(b, from, to - from))
          .toString();
    } catch (CharacterCodingException notUtf8) {
      return new String(b, from, to - from, StandardCharsets.ISO_8859_1);
    }
  }

  /** Without line ends and NUL, which a decoded text can hold but no header field may. */
  static String clean(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r' || c == '\n' || c == 0) {
        return text.replace('\r', ' ').replace('\n', ' ').replace('\0', ' ');
      }
    }
    return text;
  }

  static boolean hasEightBit(byte[] b, int from, int to) {
    int seen = 0;
    for (int i = from; i < to; i++) {
      seen |= b[i];
    }
    return seen < 0;
  }

  /** White space or a line end. */
  static boolean isSpace(byte c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }
}
