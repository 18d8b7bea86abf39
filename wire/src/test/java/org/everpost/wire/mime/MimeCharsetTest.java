package org.everpost.wire.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MimeCharsetTest {

  @ParameterizedTest
  @CsvSource({
    "UTF-8, UTF-8",
    "utf8, UTF-8",
    "iso-8859-1, windows-1252",
    "ISO-8859-16, ISO-8859-16",
    "gb2312, GB18030",
    "ks_c_5601-1987, x-windows-949",
    "Shift_JIS, windows-31j",
    "big5, Big5-HKSCS",
    "iso-8859-11, x-windows-874",
    "koi8-u, KOI8-U",
    "ibm850, IBM850",
    "macintosh, x-MacRoman",
    "iso-2022-jp-2, ISO-2022-JP-2",
    "' windows-1258 ', windows-1258"
  })
  void names(String name, String expected) {
    assertThat(MimeCharset.named(name)).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "us-ascii", "no-such", "utf-8; format=flowed", "\0"})
  void namesThatSayNothing(String name) {
    assertThat(MimeCharset.named(name)).isNull();
  }

  @Test
  void guess() {
    assertThat(decode("abc".getBytes(StandardCharsets.UTF_8))).isEqualTo("abc");
    assertThat(decode("aü€😀".getBytes(StandardCharsets.UTF_8))).isEqualTo("aü€😀");
    assertThat(decode(new byte[] {'a', (byte) 0xfc})).isEqualTo("aü");
    assertThat(decode(new byte[] {(byte) 0xc0, (byte) 0x80})).isEqualTo("À€");
    assertThat(decode(new byte[] {(byte) 0xe2, (byte) 0x82})).isEqualTo("â‚");
  }

  private static String decode(byte[] b) {
    return MimeCharset.decode(b, 0, b.length, null);
  }
}
