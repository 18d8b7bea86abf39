package org.everpost.wire.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ModifiedUtf7Test {

  @Test
  void examples() {
    // RFC 3501 §5.1.3.
    same("~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語");
    same("&Jjo-!", "☺!");
    same("&-", "&");
    same("R&-D", "R&D");
    same("Entw&APw-rfe", "Entwürfe");
    same("&2D3eAA-", "😀");
    same("", "");
  }

  @Test
  void onlyOneFormIsAllowed() {
    assertThat(ModifiedUtf7.decode("&Jjo!")).isNull();
    assertThat(ModifiedUtf7.decode("&U,BTFw-&ZeVnLIqe-")).isNull();
    assertThat(ModifiedUtf7.decode("&AGE-")).isNull();
    assertThat(ModifiedUtf7.decode("&")).isNull();
    assertThat(ModifiedUtf7.decode("R&D")).isNull();
    assertThat(ModifiedUtf7.decode("&APx-")).isNull();
    assertThat(ModifiedUtf7.decode("&2D0-")).isNull();
    assertThat(ModifiedUtf7.decode("ü")).isNull();
    assertThat(ModifiedUtf7.decode("&!!!!-")).isNull();
  }

  @Test
  void loneSurrogateBecomesReplacement() {
    assertThat(ModifiedUtf7.decode(ModifiedUtf7.encode("a\uD83D"))).isEqualTo("a\uFFFD");
    assertThat(ModifiedUtf7.decode(ModifiedUtf7.encode("\uDE00\uD83D&")))
        .isEqualTo("\uFFFD\uFFFD&");
  }

  @Test
  void everyTextComesBack() {
    Random random = new Random(11);
    for (int round = 0; round < 2_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        int c =
            switch (random.nextInt(4)) {
              case 0 -> 0x20 + random.nextInt(0x5F);
              case 1 -> '&';
              case 2 -> 0xA0 + random.nextInt(0xD000);
              default -> 0x10000 + random.nextInt(0x100000);
            };
        text.appendCodePoint(c);
      }
      same(ModifiedUtf7.encode(text.toString()), text.toString());
    }
  }

  private static void same(String encoded, String text) {
    assertThat(ModifiedUtf7.encode(text)).isEqualTo(encoded);
    assertThat(ModifiedUtf7.decode(encoded)).isEqualTo(text);
  }
}
