package org.everpost.wire.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainNameTest {

  @ParameterizedTest
  @CsvSource({
    "Example.COM, example.com, example.com",
    "example.com., example.com, example.com",
    "_dmarc.example.com, _dmarc.example.com, _dmarc.example.com",
    "a--b.example, a--b.example, a--b.example",
    "MÜNCHEN.de, xn--mnchen-3ya.de, münchen.de",
    "Bu\u0308cher.ch, xn--bcher-kva.ch, bücher.ch",
    "XN--Mnchen-3YA.DE, xn--mnchen-3ya.de, münchen.de",
    "faß.de, xn--fa-hia.de, faß.de",
    "FAẞ.de, xn--fa-hia.de, faß.de",
    "βόλος.com, xn--nxasmm1c.com, βόλος.com",
    "ΒΌΛΟΣ.com, xn--nxasmq6b.com, βόλοσ.com",
    "日本語。ＪＰ, xn--wgv71a119e.jp, 日本語.jp",
    "пример.испытание, xn--e1afmkfd.xn--80akhbyknj4f, пример.испытание",
    "مثال.إختبار, xn--mgbh0fb.xn--kgbechtv, مثال.إختبار",
    "उदाहरण.परीक्षा, xn--p1b6ci4b4b3a.xn--11b5bs3a9aj6g, उदाहरण.परीक्षा",
    "ﬁ.example, fi.example, fi.example",
    "a\u00adb.example, ab.example, ab.example",
    "xn--zzzzzz.example, xn--zzzzzz.example, xn--zzzzzz.example",
    "xn--.example, , ",
    "l·l.cat, xn--ll-0ea.cat, l·l.cat",
  })
  void namesInAllTheirForms(String given, String ascii, String unicode) {
    if (ascii == null) {
      assertThatIllegalArgumentException().isThrownBy(() -> DomainName.of(given));
      return;
    }
    DomainName name = DomainName.of(given);
    assertThat(name.ascii()).isEqualTo(ascii);
    assertThat(name.unicode()).isEqualTo(unicode);
    assertThat(DomainName.of(name.unicode())).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "a..b",
        ".a",
        "-a.example",
        "a-.example",
        "a b.example",
        "a@b",
        "a\u0000.example",
        "☃.example",
        "\u0301a.example",
        "-ü.example",
        "ab--ü.example",
        "a\u200db.example",
        "\ud800.example",
        "example.com..",
        "ex/ample",
        "[192.0.2.1]",
      })
  void whatIsNoName(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> DomainName.of(text));
  }

  @Test
  void lengthsAreLimited() {
    assertThat(DomainName.of("a".repeat(63) + ".example").ascii()).hasSize(71);
    assertThatIllegalArgumentException().isThrownBy(() -> DomainName.of("a".repeat(64) + ".x"));
    assertThatIllegalArgumentException().isThrownBy(() -> DomainName.of("ü".repeat(63) + ".x"));
    assertThatIllegalArgumentException().isThrownBy(() -> DomainName.of("a.".repeat(128)));
    assertThatIllegalArgumentException().isThrownBy(() -> DomainName.of("ü".repeat(1_000_000)));
  }

  /** RFC 3492 §7.1. */
  @ParameterizedTest
  @CsvSource({
    "ليهمابتكلموشعربي؟, egbpdaj6bu4bxfgehfvwxn",
    "他们为什么不说中文, ihqwcrb4cv8a8dqg056pqjye",
    "Pročprostěnemluvíčesky, Proprostnemluvesky-uyb24dma41a",
    "なぜみんな日本語を話してくれないのか, n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa",
    "3年B組金八先生, 3B-ww4c5e180e575a65lsy2b",
    "-> $1.00 <-, -> $1.00 <--",
  })
  void theExamplesOfPunycode(String unicode, String punycode) {
    assertThat(Punycode.encode(unicode)).isEqualTo(punycode);
    assertThat(Punycode.decode(punycode)).isEqualTo(unicode);
  }

  @Test
  void whateverIsDecodedDoesNoHarm() {
    SplittableRandom random = new SplittableRandom(5);
    String digits = "abcdefghijklmnopqrstuvwxyz0123456789-";
    for (int round = 0; round < 100_000; round++) {
      StringBuilder label = new StringBuilder();
      for (int i = random.nextInt(30); i >= 0; i--) {
        label.append(digits.charAt(random.nextInt(digits.length())));
      }
      String decoded = Punycode.decode(label.toString());
      if (decoded != null && decoded.codePoints().anyMatch(c -> c > 127)) {
        assertThat(Punycode.encode(decoded)).isEqualTo(label.toString());
      }
    }
  }

  @Test
  void whateverIsEncodedIsDecodedAgain() {
    SplittableRandom random = new SplittableRandom(6);
    for (int round = 0; round < 20_000; round++) {
      StringBuilder label = new StringBuilder();
      for (int i = random.nextInt(20); i >= 0; i--) {
        int c = random.nextInt(random.nextBoolean() ? 0x250 : Character.MAX_CODE_POINT);
        if (Character.getType(c) != Character.SURROGATE) {
          label.appendCodePoint(c);
        }
      }
      String encoded = Punycode.encode(label.toString());
      if (encoded != null) {
        assertThat(Punycode.decode(encoded)).isEqualTo(label.toString());
      }
    }
  }

  @Test
  void namesBelow() {
    assertThat(DomainName.of("b.test").below("_smtp._tls")).hasToString("_smtp._tls.b.test");
    assertThat(DomainName.of("abcdefghij.".repeat(21) + "test").below("_mta-sts")).isNotNull();
    assertThat(DomainName.of("abcdefghij.".repeat(22) + "testtests").below("a".repeat(30)))
        .isNull();
  }
}
