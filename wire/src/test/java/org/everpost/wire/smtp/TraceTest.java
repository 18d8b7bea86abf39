package org.everpost.wire.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:00Z,'Thu, 1 Jan 1970 00:00:00 +0000'",
    "2026-11-23T18:40:41.999Z,'Mon, 23 Nov 2026 18:40:41 +0000'",
    "2024-02-29T09:05:07Z,'Thu, 29 Feb 2024 09:05:07 +0000'"
  })
  void dates(String instant, String expected) {
    assertThat(InternetDate.format(Instant.parse(instant))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TLS-Required: No",
        "tls-required:no",
        "TLS-REQUIRED \t:\r\n NO \r\n",
        "Subject: x\r\nTLS-Required: No\r\nTo: y",
        "TLS-RequiredX: Yes\r\nTLS-Required: No\r\n\r\nTLS-Required: Yes"
      })
  void tlsIsWaived(String header) {
    assertThat(waivesTls(header)).containsOnly(true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "TLS-Required: Yes",
        "TLS-Required:",
        "TLS-Required: No No",
        "TLS-Required No",
        "TLS-Required: No\r\nTLS-Required: No",
        "TLS-Required: N\r\n o",
        "X-TLS-Required: No",
        "X: y\r\n TLS-Required: No",
        "Subject: x\r\n\r\nTLS-Required: No",
        "TLS-Required: No xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
      })
  void tlsIsNotWaived(String header) {
    assertThat(waivesTls(header)).containsOnly(false);
  }

  /** In pieces of every length. */
  private static Set<Boolean> waivesTls(String header) {
    byte[] octets = (header + "\r\n\r\nbody\r\n").getBytes(UTF_8);
    Set<Boolean> answers = new HashSet<>();
    for (int piece = 1; piece <= octets.length; piece++) {
      TlsRequiredField field = new TlsRequiredField();
      for (int i = 0; i < octets.length; i += piece) {
        field.feed(octets, i, Math.min(octets.length, i + piece));
      }
      answers.add(field.isNo());
    }
    return answers;
  }

  @Test
  void receivedFieldsAreCountedInTheHeaderOnly() {
    String message =
        String.join(
            "\r\n",
            "Received: 1",
            "RECEIVED: 2",
            "\tReceived: no",
            " Received: no",
            "received \t: 3",
            "Receivedx: no",
            "X-Received: no",
            "Received",
            "Received no: no",
            "Received:",
            "",
            "Received: no");
    for (int piece = 1; piece < message.length(); piece++) {
      ReceivedCounter counter = new ReceivedCounter();
      byte[] octets = message.getBytes(UTF_8);
      for (int i = 0; i < octets.length; i += piece) {
        counter.feed(octets, i, Math.min(octets.length, i + piece));
      }
      assertThat(counter.count()).isEqualTo(4);
    }
  }
}
