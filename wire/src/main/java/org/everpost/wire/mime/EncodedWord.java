package org.everpost.wire.mime;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Encoded words (RFC 2047): text beyond ASCII in header fields. Tolerated when decoding, because
 * mail has it: words longer than 75 characters, without white space around them or with it inside,
 * and characters divided between neighbouring words.
 */
public final class EncodedWord {

  private static final int LONGEST_CHARSET = 60;

  /** RFC 2047 §2: 75 characters in all, less {@code =?UTF-8?B??=}. */
  private static final int ENCODED_LENGTH = 63;

  private static final String HEX = "0123456789ABCDEF";

  private EncodedWord() {}

  /** The text with its encoded words decoded; what is not quite one stays as it is. */
  public static String decode(String text) {
    int start = text.indexOf("=?");
    if (start < 0) {
      return text;
    }
    var decoder = new Decoder(text);
    int copied = 0;
    while (start >= 0) {
      int end = decoder.word(copied, start);
      if (end < 0) {
        start = text.indexOf("=?", start + 2);
      } else {
        copied = end;
        start = text.indexOf("=?", end);
      }
    }
    return decoder.finish(copied);
  }

  /**
   * The text in printable ASCII, as encoded words if it needs them: fit for unstructured fields and
   * for display names (RFC 2047 §5).
   */
  public static String encode(String text) {
    if (text.chars().allMatch(c -> c >= ' ' && c < 127) && !text.contains("=?")) {
      return text;
    }
    byte[] all = text.getBytes(StandardCharsets.UTF_8);
    int escapes = 0;
    for (byte octet : all) {
      escapes += isPlain(octet) || octet == ' ' ? 0 : 1;
    }
    boolean quoted = escapes * 6 < all.length; // then Q is the shorter one
    var words = new StringBuilder();
    int from = 0;
    while (from < all.length) {
      int to = wordEnd(all, from, quoted);
      words.append(words.isEmpty() ? "" : " ").append(quoted ? "=?UTF-8?Q?" : "=?UTF-8?B?");
      if (quoted) {
        appendQuoted(words, all, from, to);
      } else {
        byte[] part = java.util.Arrays.copyOfRange(all, from, to);
        words.append(Base64.getEncoder().encodeToString(part));
      }
      words.append("?=");
      from = to;
    }
    return words.toString();
  }

  /** How far one word reaches: whole characters only (RFC 2047 §5). */
  private static int wordEnd(byte[] all, int from, boolean quoted) {
    int to = from;
    int length = 0;
    while (to < all.length) {
      int next = to + 1;
      while (next < all.length && (all[next] & 0xc0) == 0x80) {
        next++;
      }
      for (int i = to; i < next; i++) {
        length += isPlain(all[i]) || all[i] == ' ' ? 1 : 3;
      }
      int encoded = quoted ? length : (next - from + 2) / 3 * 4;
      if (encoded > ENCODED_LENGTH && to > from) {
        return to;
      }
      to = next;
    }
    return to;
  }

  private static void appendQuoted(StringBuilder words, byte[] all, int from, int to) {
    for (int i = from; i < to; i++) {
      if (isPlain(all[i])) {
        words.append((char) all[i]);
      } else if (all[i] == ' ') {
        words.append('_');
      } else {
        words.append('=').append(HEX.charAt(all[i] >> 4 & 15)).append(HEX.charAt(all[i] & 15));
      }
    }
  }

  /** RFC 2047 §5(3): what may stand for itself even in a phrase. */
  private static boolean isPlain(byte c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '!'
        || c == '*'
        || c == '+'
        || c == '-'
        || c == '/';
  }

  /** Gathers the octets of neighbouring words in one character set, so that none is cut. */
  private static final class Decoder {

    private final String text;
    private final StringBuilder decoded;
    private final ByteBuilder octets = new ByteBuilder(64);
    private @Nullable String charset;

    Decoder(String text) {
      this.text = text;
      this.decoded = new StringBuilder(text.length());
    }

    /**
     * Reads the word that begins at {@code start}, behind text from {@code copied} on.
     *
     * @return where it ends; -1 if there is none
     */
    int word(int copied, int start) {
      int charsetEnd = charsetEnd(start + 2);
      if (charsetEnd < 0 || charsetEnd + 3 > text.length() || text.charAt(charsetEnd + 2) != '?') {
        return -1;
      }
      char encoding = (char) (text.charAt(charsetEnd + 1) | 0x20);
      int from = charsetEnd + 3;
      int to = encoding == 'b' || encoding == 'q' ? textEnd(from, encoding == 'q') : -1;
      if (to < 0) {
        return -1;
      }
      if (charset == null || !text.substring(copied, start).isBlank()) {
        flush();
        decoded.append(text, copied, start); // RFC 2047 §6.2: white space between words is none
      }
      begin(text.substring(start + 2, charsetEnd));
      if (encoding == 'q') {
        quoted(from, to);
      } else {
        base64(from, to);
      }
      return to + 2;
    }

    String finish(int copied) {
      flush();
      return decoded.append(text, copied, text.length()).toString();
    }

    private int charsetEnd(int from) {
      int limit = Math.min(text.length(), from + LONGEST_CHARSET);
      for (int i = from; i < limit; i++) {
        char c = text.charAt(i);
        if (c == '?') {
          return i > from ? i : -1;
        }
        if (c <= ' ' || c > '~' || c == '=') {
          return -1;
        }
      }
      return -1;
    }

    /** Where {@code ?=} stands; a question mark alone is tolerated in Q, another word is not. */
    private int textEnd(int from, boolean quoted) {
      int question = text.indexOf('?', from);
      while (question >= 0 && question + 1 < text.length()) {
        if (text.charAt(question + 1) == '=') {
          return question;
        }
        if (!quoted || (question > from && text.charAt(question - 1) == '=')) {
          return -1;
        }
        question = text.indexOf('?', question + 1);
      }
      return -1;
    }

    private void begin(String name) {
      int language = name.indexOf('*'); // RFC 2231 §5
      String next = (language < 0 ? name : name.substring(0, language)).toLowerCase(Locale.ROOT);
      if (!next.equals(charset)) {
        flush();
        charset = next;
      }
    }

    private void flush() {
      if (charset != null) {
        String some = MimeCharset.decode(octets.octets(), 0, octets.length(), charset);
        decoded.append(HeaderText.clean(some));
        octets.truncate(0);
        charset = null;
      }
    }

    private void quoted(int from, int to) {
      for (int i = from; i < to; i++) {
        char c = text.charAt(i);
        int high = c == '=' && i + 2 < to ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
        if (low >= 0) {
          octets.append(high << 4 | low);
          i += 2;
        } else if (c == '_') {
          octets.append(' ');
        } else if (c < 128) {
          octets.append(c);
        } else {
          byte[] utf8 = String.valueOf(c).getBytes(StandardCharsets.UTF_8);
          octets.append(utf8, 0, utf8.length);
        }
      }
    }

    private void base64(int from, int to) {
      byte[] in = text.substring(from, to).getBytes(StandardCharsets.ISO_8859_1);
      byte[] out = new byte[in.length / 4 * 3 + 6];
      var decoder = new Base64Decoder();
      int n = decoder.decode(in, 0, in.length, out, 0);
      n += decoder.finish(out, n);
      octets.append(out, 0, n);
    }
  }
}
