package org.everpost.wire.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MultiLineBodyTest {

  private static final String MESSAGE =
      "Subject: x\r\n.dotted: y\r\n\r\n.\r\none\r\n..two\r\nthree\r\n";

  private static String whole(String message) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MultiLineBody body = MultiLineBody.whole(out);
    byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
    body.write(bytes, 0, bytes.length);
    body.finish();
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  private static String top(String message, int lines) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MultiLineBody body = MultiLineBody.top(out, lines);
    byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
    body.write(bytes, 0, bytes.length);
    body.finish();
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void dotsAtLineStartsAreDoubled() throws IOException {
    assertThat(whole(MESSAGE))
        .isEqualTo("Subject: x\r\n..dotted: y\r\n\r\n..\r\none\r\n...two\r\nthree\r\n.\r\n");
  }

  @Test
  void everyLineEndsInCrLf() throws IOException {
    assertThat(whole("a\nb\r\n.c\n\n.")).isEqualTo("a\r\nb\r\n..c\r\n\r\n..\r\n.\r\n");
    assertThat(whole("")).isEqualTo(".\r\n");
  }

  @Test
  void topEndsBehindTheLinesAskedFor() throws IOException {
    assertThat(top(MESSAGE, 0)).isEqualTo("Subject: x\r\n..dotted: y\r\n\r\n.\r\n");
    assertThat(top(MESSAGE, 2)).isEqualTo("Subject: x\r\n..dotted: y\r\n\r\n..\r\none\r\n.\r\n");
    assertThat(top(MESSAGE, 99)).isEqualTo(whole(MESSAGE));
    assertThat(top("a: b\n\nc\nd\n", 1)).isEqualTo("a: b\r\n\r\nc\r\n.\r\n");
    assertThat(top("no end of header", 0)).isEqualTo("no end of header\r\n.\r\n");
  }

  @Test
  void portionsDoNotMatter() throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    String letters = "ab.\r\n\r\n.";
    for (int i = 0; i < 5_000; i++) {
      StringBuilder message = new StringBuilder();
      for (int j = random.nextInt(40); j > 0; j--) {
        message.append(letters.charAt(random.nextInt(letters.length())));
      }
      int lines = random.nextInt(4) - 1;
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      MultiLineBody body = lines < 0 ? MultiLineBody.whole(out) : MultiLineBody.top(out, lines);
      byte[] bytes = message.toString().getBytes(StandardCharsets.ISO_8859_1);
      for (int at = 0; at < bytes.length; ) {
        int n = 1 + random.nextInt(bytes.length - at);
        body.write(bytes, at, n);
        at += n;
      }
      body.finish();
      String expected = lines < 0 ? whole(message.toString()) : top(message.toString(), lines);
      assertThat(out.toString(StandardCharsets.ISO_8859_1))
          .as(message.toString())
          .isEqualTo(expected);
    }
  }
}
