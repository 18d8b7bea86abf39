package org.everpost.server.relay.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What web servers say, and what else may come. */
class WebResponseTest {

  private static final int MOST = 20;

  private static WebResponse read(String text) throws IOException {
    return WebResponse.read(
        new ByteArrayInputStream(text.replace("\n", "\r\n").getBytes(ISO_8859_1)), MOST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\nContent-Type: Text/Plain\nContent-Length: 5\n\nhellorest",
        "HTTP/1.0 200\ncontent-type:text/plain\n\nhello",
        "HTTP/1.1 103 Soon\nLink: x\n\nHTTP/1.1 200 OK\nContent-Type: text/plain\n\nhello",
        "HTTP/1.1 200 OK\nContent-Type: text/plain\nTransfer-Encoding: Chunked\nContent-Length: 9"
            + "\n\n2;x=y\nhe\n03\nllo\n0\n\n"
      })
  void aSmallFile(String text) throws IOException {
    WebResponse response = read(text);
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.contentType()).isEqualTo("text/plain");
    assertThat(response.body()).isEqualTo("hello".getBytes(ISO_8859_1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SSH-2.0\n\n",
        "HTTP/1.1 20 OK\n\n",
        "HTTP/1.1 two OK\n\n",
        "HTTP/1.1 200 OK\nContent-Length: 5\n\nhell",
        "HTTP/1.1 200 OK\nContent-Length: -1\n\n",
        "HTTP/1.1 200 OK\nContent-Length: 21\n\n123456789012345678901",
        "HTTP/1.1 200 OK\n\n123456789012345678901",
        "HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked\n\n0\n\n",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n7fffffff\nx\n0\n\n",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nb\n12345678901\nb\n12345678901\n0\n\n",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nhello\n0\n\n",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nx\n"
      })
  void whatIsNone(String text) {
    assertThatIOException().isThrownBy(() -> read(text));
  }

  @Test
  void whatHasNoEnd() {
    String status = "HTTP/1.1 200 OK\n";
    assertThatIOException().isThrownBy(() -> read(status + "X: y\n".repeat(1_000)));
    assertThatIOException().isThrownBy(() -> read(status + "x".repeat(100_000)));
    assertThatIOException().isThrownBy(() -> read("HTTP/1.1 100 Soon\n\n".repeat(10)));
    assertThatIOException()
        .isThrownBy(() -> read(status + "Transfer-Encoding: chunked\n\n" + "1\nx\n".repeat(21)));
  }
}
