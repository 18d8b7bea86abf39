package org.everpost.wire.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataEncoderTest {

  static byte[] encoded(byte[] message, int piece) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DataEncoder encoder = new DataEncoder(out);
    for (int at = 0; at < message.length; at += piece) {
      encoder.write(message, at, Math.min(piece, message.length - at));
    }
    encoder.finish();
    return out.toByteArray();
  }

  private static String shown(String text) {
    return text.replace("\r", "<").replace("\n", ">");
  }

  /** CR is shown as &lt;, LF as &gt;. */
  @ParameterizedTest
  @CsvSource({
    "'', .<>",
    "a, a<>.<>",
    "a<>, a<>.<>",
    "., ..<>.<>",
    "..<>.a<>b., ...<>..a<>b.<>.<>",
    "a<>.<>b<>, a<>..<>b<>.<>",
    "a>.>b, a<>..<>b<>.<>",
    "a<.<>b, a<>..<>b<>.<>",
    "a<.<, a<>..<>.<>",
    "<<>>, <><><>.<>",
    "a<, a<>.<>",
    "<>, <>.<>"
  })
  void dotsAndLineEnds(String message, String wire) throws IOException {
    byte[] octets = message.replace("<", "\r").replace(">", "\n").getBytes(ISO_8859_1);
    for (int piece = 1; piece <= Math.max(1, octets.length); piece++) {
      assertThat(shown(new String(encoded(octets, piece), ISO_8859_1))).isEqualTo(wire);
    }
  }

  /** What is sent is received, and ends where it should. */
  @Test
  void randomMessages() throws IOException {
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] message = new byte[random.nextInt(40)];
      for (int i = 0; i < message.length; i++) {
        message[i] = (byte) ".\r\na\u00e4".charAt(random.nextInt(5));
      }
      check(message, 1 + random.nextInt(9));
    }
  }

  static void check(byte[] message, int piece) throws IOException {
    byte[] wire = encoded(message, piece);
    assertThat(encoded(message, message.length + 1)).isEqualTo(wire);
    DataDecoder decoder = new DataDecoder();
    byte[] received = new byte[wire.length];
    int used = decoder.decode(wire, 0, wire.length, received, 0);
    assertThat(decoder.ended()).isTrue();
    assertThat(decoder.malformed()).isFalse();
    assertThat(used).isEqualTo(wire.length);
    String expected = new String(message, ISO_8859_1).replaceAll("\r\n|\r|\n", "\r\n");
    expected += expected.isEmpty() || expected.endsWith("\r\n") ? "" : "\r\n";
    assertThat(new String(Arrays.copyOf(received, decoder.produced()), ISO_8859_1))
        .isEqualTo(expected);
  }
}
