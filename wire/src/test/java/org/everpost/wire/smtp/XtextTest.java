package org.everpost.wire.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/** RFC 3461 §4, RFC 6533 §3. */
class XtextTest {

  @Test
  void whatIsEncodedIsDecoded() {
    StringBuilder all = new StringBuilder();
    for (char c = ' '; c <= '~'; c++) {
      all.append(c);
    }
    String text = all.toString();
    assertThat(Xtext.encode(text)).matches("[!-<>-~]*");
    assertThat(Xtext.decode(Xtext.encode(text))).isEqualTo(text);
    assertThat(Xtext.encode("a+b=c d")).isEqualTo("a+2Bb+3Dc+20d");
    assertThatIllegalArgumentException().isThrownBy(() -> Xtext.encode("\u00e4"));
    assertThatIllegalArgumentException().isThrownBy(() -> Xtext.encode("a\r\n"));

    String unicode = text + "\u00e4\u4e2d\ud83d\ude00";
    assertThat(Xtext.encodeUnicode(unicode, false)).matches("[!-*,-<>-~]*");
    assertThat(Xtext.decodeUnicode(Xtext.encodeUnicode(unicode, false))).isEqualTo(unicode);
    assertThat(Xtext.encodeUnicode("j\u00f6rg\\+", false)).isEqualTo("j\\x{F6}rg\\x{5C}\\x{2B}");
  }
}
