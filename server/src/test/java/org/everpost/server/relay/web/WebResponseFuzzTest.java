package org.everpost.server.relay.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code JAZZER_FUZZ=1} this looks for new inputs; otherwise it repeats the known ones. */
@Tag("slow")
class WebResponseFuzzTest {

  private static final int MOST = 20;

  static Stream<byte[]> answers() {
    return Stream.of(
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".getBytes(ISO_8859_1),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n0\r\n\r\n"
            .getBytes(ISO_8859_1));
  }

  @MethodSource("answers")
  @FuzzTest
  void anyAnswer(byte[] octets) {
    try {
      WebResponse response = WebResponse.read(new ByteArrayInputStream(octets), MOST);
      assertThat(response.body()).hasSizeLessThanOrEqualTo(MOST);
    } catch (IOException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }
}
