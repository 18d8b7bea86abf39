package org.everpost.wire.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MimeScannerTest {

  static MimePart scan(String message) {
    byte[] b = message.getBytes(StandardCharsets.UTF_8);
    var scanner = new MimeScanner();
    scanner.feed(b, 0, b.length);
    return scanner.finish();
  }

  @Test
  void plainText() {
    MimePart root = scan("Subject: Hi\r\nFrom: Joe <joe@example.org>\r\n\r\nOne\r\nTwo\r\n");
    assertThat(root.headerSize()).isEqualTo(44);
    assertThat(root.bodyOffset()).isEqualTo(44);
    assertThat(root.bodySize()).isEqualTo(10);
    assertThat(root.lines()).isEqualTo(2);
    assertThat(root.type()).isEqualTo("text");
    Envelope envelope = Objects.requireNonNull(root.envelope());
    assertThat(envelope.subject()).isEqualTo("Hi");
    assertThat(envelope.sender()).containsExactly(new EnvelopeAddress("Joe", "joe", "example.org"));
  }

  @Test
  void multipart() {
    String message =
        """
        Content-Type: multipart/mixed; boundary=abc

        pre
        --abc

        one
        --abc\s
        Content-Type: text/html

        <p>

        --abc--
        epilogue
        """;
    MimePart root = scan(message);
    assertThat(root.parts()).hasSize(2);
    MimePart one = root.parts().get(0);
    assertThat(message.substring((int) one.bodyOffset(), (int) (one.bodyOffset() + one.bodySize())))
        .isEqualTo("one");
    assertThat(one.lines()).isEqualTo(1);
    assertThat(root.parts().get(1).lines()).isEqualTo(1);
    assertThat(root.parts().get(1).subtype()).isEqualTo("html");
    assertThat(root.lines()).isEqualTo(11);
  }
}
