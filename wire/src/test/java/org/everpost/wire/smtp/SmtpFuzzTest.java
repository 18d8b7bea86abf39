package org.everpost.wire.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code JAZZER_FUZZ=1} these look for new inputs; otherwise they repeat the known ones. */
@Tag("slow")
class SmtpFuzzTest {

  static Stream<byte[]> lines() {
    return SmtpParserMutationTest.SEEDS.stream().map(s -> s.getBytes(StandardCharsets.UTF_8));
  }

  static Stream<byte[]> replies() {
    return ReplyParserTest.SEEDS.stream().map(s -> s.getBytes(StandardCharsets.ISO_8859_1));
  }

  static Stream<byte[]> messages() {
    return Stream.of(
            "Received: a\r\nreceived : b\r\n\r\n..x\r\n.\r\nNOOP\r\n",
            "a\r\n.\r\r\n",
            "x\n.\r\n\r\n.\r\n")
        .map(s -> s.getBytes(StandardCharsets.US_ASCII));
  }

  @MethodSource("lines")
  @FuzzTest
  void anyLine(byte[] line) {
    SmtpParserMutationTest.check(line);
  }

  @MethodSource("replies")
  @FuzzTest
  void anyReply(byte[] octets) {
    ReplyParserTest.check(octets);
  }

  @MethodSource("messages")
  @FuzzTest
  void anyData(byte[] wire) {
    DataDecoder whole = new DataDecoder();
    byte[] message = new byte[wire.length];
    int used = whole.decode(wire, 0, wire.length, message, 0);
    DataDecoder pieces = new DataDecoder();
    byte[] again = new byte[wire.length];
    int at = 0;
    int produced = 0;
    while (at < wire.length && !pieces.ended()) {
      at += pieces.decode(wire, at, Math.min(wire.length, at + 3), again, produced);
      produced += pieces.produced();
    }
    assertThat(at).isEqualTo(used);
    assertThat(pieces.ended()).isEqualTo(whole.ended());
    assertThat(pieces.malformed()).isEqualTo(whole.malformed());
    if (!whole.malformed()) {
      assertThat(again).isEqualTo(message);
    }
  }

  @MethodSource("messages")
  @FuzzTest
  void anyMessage(byte[] message) throws IOException {
    DataEncoderTest.check(message, 1 + message.length % 5);
  }

  /** How a message is cut into pieces changes nothing of what is found in it. */
  @MethodSource("messages")
  @FuzzTest
  void anyPieces(byte[] message) {
    LineEnds ends = new LineEnds();
    ends.check(message, 0, message.length);
    ReceivedCounter fields = new ReceivedCounter();
    fields.feed(message, 0, message.length);
    PassingField tls = new PassingField("TLS-Required", 2);
    tls.feed(message, 0, message.length);
    LineEnds endsInPieces = new LineEnds();
    PassingField tlsInPieces = new PassingField("TLS-Required", 2);
    ReceivedCounter fieldsInPieces = new ReceivedCounter();
    int piece = 1 + message.length % 7;
    for (int at = 0; at < message.length; at += piece) {
      int to = Math.min(message.length, at + piece);
      endsInPieces.check(message, at, to);
      fieldsInPieces.feed(message, at, to);
      tlsInPieces.feed(message, at, to);
    }
    String text = new String(message, StandardCharsets.ISO_8859_1);
    boolean bare = text.replace("\r\n", "").matches("(?s).*[\r\n].*");
    assertThat(ends.bare(true)).isEqualTo(bare);
    assertThat(endsInPieces.bare(true)).isEqualTo(bare);
    assertThat(fieldsInPieces.count()).isEqualTo(fields.count());
    assertThat(tlsInPieces.values()).isEqualTo(tls.values());
  }
}
