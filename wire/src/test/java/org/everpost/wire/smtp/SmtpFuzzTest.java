package org.everpost.wire.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/** With {@code JAZZER_FUZZ=1} these look for new inputs; otherwise they repeat the known ones. */
@Tag("slow")
class SmtpFuzzTest {

  @FuzzTest
  void anyLine(byte[] line) {
    SmtpParserMutationTest.check(line);
  }

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
}
