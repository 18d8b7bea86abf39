package org.everpost.wire.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataDecoderTest {

  /** What came out, how much was left over, and the decoder in its last state. */
  private record Decoded(String text, String rest, DataDecoder decoder) {}

  /** Decodes in pieces of at most {@code piece} octets, each in place. */
  private static Decoded decode(String wire, int piece) {
    byte[] octets = wire.getBytes(ISO_8859_1);
    DataDecoder decoder = new DataDecoder();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int i = 0;
    while (i < octets.length && !decoder.ended()) {
      int end = Math.min(octets.length, i + piece);
      byte[] buffer = octets.clone();
      int used = decoder.decode(buffer, i, end, buffer, i);
      assertThat(used == end - i || decoder.ended()).isTrue();
      out.write(buffer, i, decoder.produced());
      i += used;
    }
    return new Decoded(out.toString(ISO_8859_1), wire.substring(i), decoder);
  }

  @Test
  void takesDotsAwayAndFindsTheEnd() {
    String wire = "a\r\n..\r\n.b.\r\n\r\n...c\r\n.\r\nQUIT\r\n";
    for (int piece = 1; piece <= wire.length(); piece++) {
      Decoded decoded = decode(wire, piece);
      assertThat(decoded.text()).isEqualTo("a\r\n.\r\nb.\r\n\r\n..c\r\n");
      assertThat(decoded.rest()).isEqualTo("QUIT\r\n");
      assertThat(decoded.decoder().ended()).isTrue();
      assertThat(decoded.decoder().malformed()).isFalse();
    }
  }

  @Test
  void anEmptyMessage() {
    Decoded decoded = decode(".\r\n", 1);
    assertThat(decoded.text()).isEmpty();
    assertThat(decoded.decoder().ended()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n.\n",
        "\r.\r",
        "\n.\r\n",
        "\r\n.\n",
        "\r\n.\r",
        "\r.\r\n",
        "\r\r\n.\n",
        "\n\r.\r\n",
        "\n",
        "\r",
        "\r\r\n",
        "\r\n.\r\r\n",
        "\n\r\n",
        "\r\n\n.\n"
      })
  void nothingElseEndsAMessage(String fake) {
    String smuggled = "x" + fake + "MAIL FROM:<evil@example.test>\r\nDATA\r\ny";
    for (int piece = 1; piece < 40; piece++) {
      Decoded open = decode(smuggled, piece);
      assertThat(open.decoder().ended()).isFalse();
      assertThat(open.decoder().malformed()).isTrue();
      Decoded whole = decode(smuggled + "\r\n.\r\nNOOP\r\n", piece);
      assertThat(whole.decoder().ended()).isTrue();
      assertThat(whole.decoder().malformed()).isTrue();
      assertThat(whole.rest()).isEqualTo("NOOP\r\n");
    }
  }

  @Test
  void anyMessageComesThroughWhateverThePieces() {
    Random random = new Random(5);
    for (int round = 0; round < 20_000; round++) {
      String message = randomMessage(random);
      Decoded decoded = decode(stuffed(message) + ".\r\nNEXT", 1 + random.nextInt(60));
      assertThat(decoded.text()).isEqualTo(message);
      assertThat(decoded.rest()).isEqualTo("NEXT");
      assertThat(decoded.decoder().malformed()).isFalse();
    }
  }

  @Test
  void agreesWithAPlainReadingOfTheRuleOnNoise() {
    Random random = new Random(6);
    String alphabet = "\r\n..ab\t\u0000\u00ff";
    for (int round = 0; round < 50_000; round++) {
      StringBuilder noise = new StringBuilder();
      for (int i = random.nextInt(40); i > 0; i--) {
        noise.append(
            random.nextInt(3) == 0 ? "\r\n" : alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String wire = noise.toString();
      int end = ("\r\n" + wire).indexOf("\r\n.\r\n");
      Decoded decoded = decode(wire, 1 + random.nextInt(20));
      assertThat(decoded.decoder().ended()).isEqualTo(end >= 0);
      if (end >= 0) {
        assertThat(decoded.rest()).isEqualTo(wire.substring(end + 3));
        String sent = wire.substring(0, end);
        boolean bare = sent.replace("\r\n", "").matches("(?s).*[\r\n].*");
        assertThat(decoded.decoder().malformed()).isEqualTo(bare);
        if (!bare) {
          assertThat(decoded.text()).isEqualTo(unstuffed(sent));
        }
      }
    }
  }

  @Test
  void lineEndsOfChunks() {
    assertThat(bare("a\r\nb\r\n\r\nc")).isFalse();
    assertThat(bare("a\nb")).isTrue();
    assertThat(bare("a\rb")).isTrue();
    assertThat(bare("a\r")).isTrue();
    assertThat(bare("\r\r\n")).isTrue();
    assertThat(bare("abcdefgh\tijklmnop\u0001qrstuvw\r\nxyz")).isFalse();
    assertThat(bare("abcdefgh\tijklmnop\u0001qrstuvw\r\nx\nz")).isTrue();
  }

  private static boolean bare(String text) {
    boolean bare = false;
    for (int piece = 1; piece <= text.length(); piece++) {
      LineEnds lineEnds = new LineEnds();
      byte[] octets = text.getBytes(ISO_8859_1);
      for (int i = 0; i < octets.length; i += piece) {
        lineEnds.check(octets, i, Math.min(octets.length, i + piece));
      }
      if (piece == 1) {
        bare = lineEnds.bare(true);
      }
      assertThat(lineEnds.bare(true)).isEqualTo(bare);
    }
    return bare;
  }

  private static String randomMessage(Random random) {
    StringBuilder out = new StringBuilder();
    for (int lines = random.nextInt(6); lines > 0; lines--) {
      for (int i = random.nextInt(20); i > 0; i--) {
        out.append(random.nextInt(4) == 0 ? '.' : (char) (14 + random.nextInt(242)));
      }
      out.append("\r\n");
    }
    return out.toString();
  }

  private static String stuffed(String message) {
    return ("\r\n" + message).replace("\r\n.", "\r\n..").substring(2);
  }

  private static String unstuffed(String sent) {
    return ("\r\n" + sent).replace("\r\n.", "\r\n").substring(2);
  }
}
