package org.everpost.wire.mime;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The character sets of mail as they are meant. Where a name stands for a smaller set than the mail
 * that bears it uses, the larger one is taken, as browsers do; what has no known name, or claims to
 * be ASCII and is not, is UTF-8 if it can be and else windows-1252.
 */
public final class MimeCharset {

  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
  private static final int LONGEST_NAME = 40;

  private static final Map<String, String> LARGER =
      Map.ofEntries(
          Map.entry("iso-8859-1", "windows-1252"),
          Map.entry("latin1", "windows-1252"),
          Map.entry("iso-8859-9", "windows-1254"),
          Map.entry("iso-8859-8-i", "iso-8859-8"),
          Map.entry("iso-8859-6-i", "iso-8859-6"),
          Map.entry("gb2312", "gb18030"),
          Map.entry("gbk", "gb18030"),
          Map.entry("x-gbk", "gb18030"),
          Map.entry("big5", "big5-hkscs"),
          Map.entry("shift_jis", "windows-31j"),
          Map.entry("x-sjis", "windows-31j"),
          Map.entry("ks_c_5601-1987", "x-windows-949"),
          Map.entry("euc-kr", "x-windows-949"),
          Map.entry("tis-620", "x-windows-874"),
          Map.entry("utf8", "utf-8"),
          Map.entry("unicode-1-1-utf-8", "utf-8"));

  private MimeCharset() {}

  /** The set of that name; null if the name says nothing, so that the octets must tell. */
  public static @Nullable Charset named(@Nullable String name) {
    if (name == null || name.isEmpty() || name.length() > LONGEST_NAME) {
      return null;
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.equals("us-ascii") || lower.equals("ascii")) {
      return null;
    }
    try {
      return Charset.isSupported(lower) || LARGER.containsKey(lower)
          ? Charset.forName(LARGER.getOrDefault(lower, lower))
          : null;
    } catch (IllegalCharsetNameException | java.nio.charset.UnsupportedCharsetException unknown) {
      return null;
    }
  }

  /** The octets as text; what fits no character becomes U+FFFD. */
  public static String decode(byte[] b, int off, int len, @Nullable String name) {
    Charset charset = named(name);
    return new String(b, off, len, charset == null ? guess(b, off, len, false) : charset);
  }

  /** UTF-8 if the octets are that, else windows-1252. */
  static Charset guess(byte[] b, int off, int len, boolean mayBeCut) {
    int i = off;
    int end = off + len;
    while (i < end) {
      int n = utf8Length(b[i]);
      if (n == 0 || (i + n > end && !mayBeCut)) {
        return WINDOWS_1252;
      }
      for (int k = i + 1; k < Math.min(i + n, end); k++) {
        if ((b[k] & 0xc0) != 0x80) {
          return WINDOWS_1252;
        }
      }
      i += n;
    }
    return StandardCharsets.UTF_8;
  }

  /** How many octets a character has that begins with this one (RFC 3629 §4); 0 if none does. */
  private static int utf8Length(byte first) {
    int c = first & 0xff;
    if (c < 0x80) {
      return 1;
    }
    if (c < 0xc2 || c > 0xf4) {
      return 0;
    }
    return c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
  }
}
