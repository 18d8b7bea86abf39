package org.everpost.wire.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodedWordTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        // RFC 2047 §8
        "=?ISO-8859-1?Q?a?=|a",
        "=?ISO-8859-1?Q?a?= b|a b",
        "=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=|ab",
        "=?ISO-8859-1?Q?a?=   =?ISO-8859-1?Q?b?=|ab",
        "=?ISO-8859-1?Q?a_b?=|a b",
        "=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=|a b",
        "=?ISO-8859-1?Q?Patrik_F=E4ltstr=F6m?= <p@x>|Patrik Fältström <p@x>",
        "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=|If you can read this yo",
        // seen in mail
        "=?utf-8?q?=C3?= =?utf-8?q?=BC?=|ü",
        "=?UTF-8?B?w7w=?==?UTF-8?B?w7w=?=|üü",
        "x=?utf-8?q?=C3=BC?=y|xüy",
        "=?utf-8*de?Q?=C3=BC?=|ü",
        "=?utf-8?Q?a b?=|a b",
        "=?utf-8?Q?why??=|why?",
        "=?utf-8?Q?a=?=|a=",
        "=?utf-8?Q?=zz=4?=|=zz=4",
        "=?utf-8?B?w7w?=|ü",
        "=?utf-8?B?w!7w=?=|ü",
        "=?no-such-set?Q?=C3=BC?=|ü",
        "=?us-ascii?Q?=FC?=|ü",
        "=?gb2312?B?xOO6ww==?=|你好",
        "=?utf-8?Q??=|",
        "=?iso-8859-1?Q?Fr=F6ü?=|FröÃ¼",
        // not encoded words
        "=?|=?",
        "=??Q?a?=|=??Q?a?=",
        "=?utf-8?X?a?=|=?utf-8?X?a?=",
        "=?utf-8?Q?a|=?utf-8?Q?a",
        "=?utf-8?Q|=?utf-8?Q",
        "=?utf-8?B?a?b?=|=?utf-8?B?a?b?=",
        "=?utf-8?Q?a =?utf-8?Q?b?=|=?utf-8?Q?a b",
        "1 =? 2 ?= 3|1 =? 2 ?= 3",
      })
  void decode(String text, String expected) {
    assertThat(EncodedWord.decode(text)).isEqualTo(expected == null ? "" : expected);
  }

  @Test
  void lineEndsDoNotComeOut() {
    assertThat(EncodedWord.decode("=?utf-8?Q?a=0D=0Ab=00?=")).isEqualTo("a  b ");
  }

  @Test
  void plainTextStaysAsItIs() {
    assertThat(EncodedWord.encode("Plain (text), \"quoted\""))
        .isEqualTo("Plain (text), \"quoted\"");
  }

  @Test
  void encodesTheShorterWay() {
    assertThat(EncodedWord.encode("Grüße, Welt")).isEqualTo("=?UTF-8?B?R3LDvMOfZSwgV2VsdA==?=");
    assertThat(EncodedWord.encode("Hello dear old wörld again"))
        .isEqualTo("=?UTF-8?Q?Hello_dear_old_w=C3=B6rld_again?=");
    assertThat(EncodedWord.encode("a =?b")).isEqualTo("=?UTF-8?B?YSA9P2I=?=");
  }

  @Test
  void whatIsEncodedDecodesToTheSame() {
    var random = new Random(20261123);
    for (int i = 0; i < 2_000; i++) {
      var text = new StringBuilder();
      int beyondAscii = random.nextInt(10);
      for (int n = 1 + random.nextInt(200); n > 0; n--) {
        int codePoint =
            random.nextInt(10) < beyondAscii
                ? 0xa1 + random.nextInt(0x1f900)
                : 32 + random.nextInt(95);
        text.appendCodePoint(
            codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE
                ? 'x'
                : codePoint);
      }
      String encoded = EncodedWord.encode(text.toString());
      assertThat(encoded).isPrintable().isASCII();
      assertThat(EncodedWord.decode(encoded)).isEqualTo(text.toString());
      if (!encoded.contentEquals(text)) {
        assertThat(encoded.split(" ")).allMatch(word -> word.length() <= 75);
      }
    }
  }

  @Test
  void manyWordsAndManyThatAreNone() {
    String word = "=?utf-8?Q?=C3=BC?= ";
    assertThat(EncodedWord.decode(word.repeat(100_000))).hasSize(100_001);
    for (String piece : new String[] {"=?", "=?utf-8?Q?", "=?utf-8?Q?a", "=?a?b?c?", "=?x?Q?= "}) {
      String text = piece.repeat(100_000);
      assertThat(EncodedWord.decode(text).length()).isLessThanOrEqualTo(text.length());
    }
  }

  @Test
  void anyTextDecodesToSomething() {
    var random = new Random(7);
    String alphabet = "=?==??QqBb utf-8?_aZ0+/ü";
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(40); n > 0; n--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String decoded = EncodedWord.decode(text.toString());
      assertThat(decoded.getBytes(StandardCharsets.UTF_8).length)
          .isLessThanOrEqualTo(4 * text.length());
    }
  }
}
