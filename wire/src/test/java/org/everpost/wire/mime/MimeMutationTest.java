package org.everpost.wire.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damages the recorded messages in many ways; a failure names the seed that repeats it. */
@Timeout(60)
class MimeMutationTest {

  private static final int MUTANTS = 750;
  private static final int LONGEST = 40_000;

  private static final List<String> PIECES =
      List.of(
          "\r\n",
          "\n",
          "\r",
          "\r\n\r\n",
          "--",
          "--boundary",
          "--boundary--",
          " ",
          "\t",
          "\0",
          "\u00ff",
          "\"",
          "(",
          ")",
          "<",
          ">",
          ";",
          ":",
          ",",
          "=",
          "=?utf-8?Q?",
          "?=",
          "*0*=",
          "Content-Type: multipart/mixed; boundary=boundary\r\n",
          "Content-Type: multipart/digest; boundary=\"b\"\r\n\r\n--b\r\n",
          "Content-Type: message/rfc822\r\n\r\n",
          "Content-Transfer-Encoding: base64\r\n",
          "To: x: a@b, c;\r\n",
          "From ");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void mutantsScanSanely(long seed) throws IOException {
    var random = new Random(seed);
    List<Path> files = MimeCorpus.files();
    for (int i = 0; i < MUTANTS; i++) {
      byte[] message = MimeCorpus.read(files.get(random.nextInt(files.size())));
      message = Arrays.copyOf(message, Math.min(message.length, LONGEST));
      for (int n = 1 + random.nextInt(6); n > 0; n--) {
        message = mutate(message, random);
      }
      check(message, random);
    }
  }

  static void check(byte[] message, Random random) throws IOException {
    MimePart root = MimeSanity.scan(message);
    MimeSanity.check(root, message);
    int longest = 1 + random.nextInt(2000);
    assertThat(MimeSanity.scanInPieces(message, random, longest)).isEqualTo(root);
    readBodies(root, message);
    int fields = 0;
    for (HeaderField field : HeaderFields.of(message, 0, (int) root.headerSize())) {
      fields += field.value().length() + field.addresses().size();
      EncodedWord.decode(field.value());
    }
    assertThat(fields).isLessThanOrEqualTo(3 * message.length);
  }

  private static void readBodies(MimePart part, byte[] message) throws IOException {
    if (part.parts().isEmpty()) {
      var body = new ByteArrayInputStream(message, (int) part.bodyOffset(), (int) part.bodySize());
      try (var text = ContentDecoder.text(body, part)) {
        assertThat(text.skip(Long.MAX_VALUE)).isLessThanOrEqualTo(2 * part.bodySize());
      }
    }
    for (MimePart child : part.parts()) {
      readBodies(child, message);
    }
  }

  private static byte[] mutate(byte[] message, Random random) {
    int at = random.nextInt(message.length + 1);
    int end = Math.min(message.length, at + random.nextInt(1 << random.nextInt(12)));
    return switch (random.nextInt(6)) {
      case 0 -> splice(message, at, at, bytes(PIECES.get(random.nextInt(PIECES.size()))));
      case 1 -> splice(message, at, end, new byte[0]);
      case 2 -> {
        int to = random.nextInt(message.length + 1);
        yield splice(message, to, to, Arrays.copyOfRange(message, at, end));
      }
      case 3 -> {
        byte[] noise = new byte[random.nextInt(8)];
        random.nextBytes(noise);
        yield splice(message, at, Math.min(message.length, at + noise.length), noise);
      }
      case 4 ->
          splice(message, at, at, bytes(PIECES.get(random.nextInt(PIECES.size())).repeat(20)));
      default -> Arrays.copyOf(message, at);
    };
  }

  private static byte[] splice(byte[] message, int from, int to, byte[] piece) {
    byte[] result = new byte[message.length - (to - from) + piece.length];
    System.arraycopy(message, 0, result, 0, from);
    System.arraycopy(piece, 0, result, from, piece.length);
    System.arraycopy(message, to, result, from + piece.length, message.length - to);
    return result;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
