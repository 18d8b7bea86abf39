package org.everpost.wire.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code JAZZER_FUZZ=1} these look for new inputs; otherwise they repeat the known ones. */
@Tag("slow")
class Pop3FuzzTest {

  static Stream<byte[]> lines() {
    return Stream.of("USER a", "PASS  b c ", "AUTH PLAIN =", "TOP 1 0", "list 999999999", "UIDL")
        .map(s -> s.getBytes(StandardCharsets.UTF_8));
  }

  static Stream<byte[]> messages() {
    return Stream.of("a: b\r\n\r\n.c\n\r\n..\r\nd\r", "\n.\r.\n", ".")
        .map(s -> s.getBytes(StandardCharsets.UTF_8));
  }

  /** Every line is a command, if only one that nobody knows. */
  @MethodSource("lines")
  @FuzzTest
  void anyLine(byte[] line) {
    switch (Pop3Parser.parse(line)) {
      case Pop3Command.Malformed m -> assertThat(m.usage()).matches("[ -~]+");
      case Pop3Command.Retr c -> assertThat(c.message()).isPositive();
      case Pop3Command.Dele c -> assertThat(c.message()).isPositive();
      case Pop3Command.Top c -> assertThat(Math.min(c.message() - 1, c.lines())).isNotNegative();
      case Pop3Command.User c -> assertThat(c.name()).isNotEmpty();
      case Pop3Command command -> assertThat(command.toString()).isNotEmpty();
    }
  }

  /** A client that undoes the dots has the message, and its end is the only end. */
  @MethodSource("messages")
  @FuzzTest
  void anyMessage(byte[] message) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MultiLineBody body = MultiLineBody.whole(out);
    int piece = 1 + message.length % 5;
    for (int at = 0; at < message.length; at += piece) {
      body.write(message, at, Math.min(piece, message.length - at));
    }
    body.finish();
    String sent = "\r\n" + out.toString(StandardCharsets.ISO_8859_1);
    assertThat(sent.indexOf("\r\n.\r\n")).isEqualTo(sent.length() - 5);
    String got = sent.substring(2, sent.length() - 3);
    got = ("\r\n" + got).replace("\r\n.", "\r\n").substring(2);
    String whole = new String(message, StandardCharsets.ISO_8859_1).replaceAll("(?<!\r)\n", "\r\n");
    assertThat(got).isEqualTo(whole.isEmpty() || whole.endsWith("\n") ? whole : whole + "\r\n");
  }
}
