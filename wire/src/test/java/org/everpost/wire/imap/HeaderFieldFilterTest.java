package org.everpost.wire.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeaderFieldFilterTest {
  private static final String HEADER =
      "Received: a\r\n b\r\n\tc\r\nFrom: x\r\nSUBJECT : y\r\nnonsense\r\nFrom: z\r\n\r\n";

  @Test
  void picks() {
    assertThat(filter(HEADER, false, "from")).isEqualTo("From: x\r\nFrom: z\r\n\r\n");
    assertThat(filter(HEADER, false, "RECEIVED", "Subject"))
        .isEqualTo("Received: a\r\n b\r\n\tc\r\nSUBJECT : y\r\n\r\n");
    assertThat(filter(HEADER, false, "x")).isEqualTo("\r\n");
    assertThat(filter(HEADER, false, "")).isEqualTo("\r\n");
  }

  @Test
  void leavesOut() {
    assertThat(filter(HEADER, true, "received", "from"))
        .isEqualTo("SUBJECT : y\r\nnonsense\r\n\r\n");
    assertThat(filter(HEADER, true, "x")).isEqualTo(HEADER);
  }

  @Test
  void brokenHeaders() {
    assertThat(filter("", false, "a")).isEqualTo("\r\n");
    assertThat(filter("a: b", false, "a")).isEqualTo("a: b\r\n\r\n");
    assertThat(filter("a: b\r\n", false, "a")).isEqualTo("a: b\r\n\r\n");
    assertThat(filter("a: b\nc: d\n\nbody", true, "a")).isEqualTo("c: d\n\r\n");
    assertThat(filter(": x\r\n\r\n", false, "")).isEqualTo(": x\r\n\r\n");
    assertThat(filter("\r", true, "a")).isEqualTo("\r\r\n\r\n");
  }

  @Test
  void manyNames() {
    String[] names = IntStream.range(0, 500).mapToObj(i -> "X-" + i).toArray(String[]::new);
    assertThat(filter("x-499: a\r\nX-500: b\r\nX-0: c\r\n\r\n", false, names))
        .isEqualTo("x-499: a\r\nX-0: c\r\n\r\n");
  }

  private static String filter(String header, boolean not, String... names) {
    byte[] filtered =
        new HeaderFieldFilter(List.of(names), not)
            .filter(header.getBytes(StandardCharsets.ISO_8859_1));
    return new String(filtered, StandardCharsets.ISO_8859_1);
  }
}
