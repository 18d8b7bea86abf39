package org.everpost.wire.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  @CsvSource(
      nullValues = "-",
      value = {
        "'TLS-Required: No', No",
        "'tls-required:no', no",
        "'TLS-REQUIRED \t:\r\n NO \r\n', NO",
        "'Subject: x\r\nTLS-Required: No\r\nTo: y', No",
        "'TLS-RequiredX: Yes\r\nTLS-Required: No\r\n\r\nTLS-Required: Yes', No",
        "'TLS-Required:', ''",
        "'TLS-Required: N\r\n o', N o",
        "'TLS-Required: b\u00fccher', b\u00fccher",
        "'TLS-Required: Yes\r\nTLS-Required: No', Yes|No",
        "'TLS-Required: 1\r\nTLS-Required: 2\r\nTLS-Required: 3', 1|2",
        "'', -",
        "'TLS-Required No', -",
        "'X-TLS-Required: No', -",
        "'TLS\rRequired: No', -",
        "'X: y\r\n TLS-Required: No', -",
        "'Subject: x\r\n\r\nTLS-Required: No', -"
      })
  void valuesOfAFieldInPiecesOfEveryLength(String header, @Nullable String values) {
    byte[] octets = (header + "\r\n\r\nbody\r\n").getBytes(UTF_8);
    List<String> expected = values == null ? List.of() : List.of(values.split("\\|", -1));
    for (int piece = 1; piece <= octets.length; piece++) {
      PassingField field = new PassingField("TLS-Required", 2);
      for (int i = 0; i < octets.length; i += piece) {
        field.feed(octets, i, Math.min(octets.length, i + piece));
      }
      assertThat(field.values()).isEqualTo(expected);
      assertThat(field.count()).isEqualTo(header.endsWith("3") ? 3 : expected.size());
    }
  }

  @Test
  void theHeaderMayEndWithTheMessage() {
    for (String end : List.of("", "\r", "\r\n", "\r\n\r\n")) {
      PassingField field = new PassingField("X", 1);
      byte[] octets = ("X:" + " ".repeat(1_000) + "y z " + end).getBytes(UTF_8);
      field.feed(octets, 0, octets.length);
      field.end();
      field.end();
      assertThat(field.values()).containsExactly("y z");
      assertThat(field.count()).isEqualTo(1);
    }
  }

  @Test
  void aValueThatIsTooLongIsNoOther() {
    PassingField field = new PassingField("X", 1);
    byte[] octets = ("X: " + "y".repeat(100_000) + "\r\n\r\n").getBytes(UTF_8);
    field.feed(octets, 0, octets.length);
    assertThat(field.values()).containsExactly("");
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
