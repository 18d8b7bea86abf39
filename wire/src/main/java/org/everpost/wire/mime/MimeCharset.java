package org.everpost.wire.mime;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.HashMap;
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

  /** Names seen in mail, behind the set each stands for. */
  private static final Map<String, String> NAMES =
      table(
          """
          utf-8: utf-8 utf8 unicode-1-1-utf-8
          utf-16: utf-16
          utf-16be: utf-16be
          utf-16le: utf-16le
          utf-32: utf-32
          windows-1252: iso-8859-1 iso8859-1 iso_8859-1 latin1 latin-1 windows-1252 cp1252 x-ansi ansi
          iso-8859-2: iso-8859-2 iso8859-2 latin2
          iso-8859-3: iso-8859-3
          iso-8859-4: iso-8859-4
          iso-8859-5: iso-8859-5
          iso-8859-6: iso-8859-6 iso-8859-6-i iso-8859-6-e
          iso-8859-7: iso-8859-7
          iso-8859-8: iso-8859-8 iso-8859-8-i iso-8859-8-e
          iso-8859-13: iso-8859-13
          iso-8859-15: iso-8859-15 iso8859-15 latin9 latin-9
          iso-8859-16: iso-8859-16
          windows-1254: iso-8859-9 latin5 windows-1254 cp1254
          x-windows-874: iso-8859-11 tis-620 windows-874
          windows-1250: windows-1250 cp1250
          windows-1251: windows-1251 cp1251
          windows-1253: windows-1253 cp1253
          windows-1255: windows-1255 cp1255
          windows-1256: windows-1256 cp1256
          windows-1257: windows-1257 cp1257
          windows-1258: windows-1258 cp1258
          koi8-r: koi8-r
          koi8-u: koi8-u
          ibm437: cp437 ibm437
          ibm850: cp850 cp-850 ibm850
          ibm852: cp852 ibm852
          ibm866: cp866 ibm866
          x-macroman: macintosh x-mac-roman
          x-maccyrillic: x-mac-cyrillic
          gb18030: gb18030 gb2312 gbk x-gbk cp936
          big5-hkscs: big5 big5-hkscs cp950
          windows-31j: shift_jis shift-jis x-sjis sjis windows-31j cp932
          euc-jp: euc-jp x-euc-jp
          iso-2022-jp: iso-2022-jp iso-2022-jp-1
          iso-2022-jp-2: iso-2022-jp-2
          iso-2022-kr: iso-2022-kr
          x-windows-949: ks_c_5601-1987 ks_c_5601 euc-kr cp949
          """);

  private MimeCharset() {}

  /** The set of that name; null if the name says nothing, so that the octets must tell. */
  public static @Nullable Charset named(@Nullable String name) {
    String known = name == null ? null : NAMES.get(name.strip().toLowerCase(Locale.ROOT));
    try {
      return known == null ? null : Charset.forName(known);
    } catch (UnsupportedCharsetException leftOutOfThisRuntime) {
      return null;
    }
  }

  private static Map<String, String> table(String lines) {
    var names = new HashMap<String, String>();
    for (String line : lines.lines().toList()) {
      int colon = line.indexOf(':');
      for (String name : line.substring(colon + 2).split(" ", -1)) {
        names.put(name, line.substring(0, colon));
      }
    }
    return Map.copyOf(names);
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
