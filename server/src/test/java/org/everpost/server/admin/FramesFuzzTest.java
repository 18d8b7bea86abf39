package org.everpost.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code JAZZER_FUZZ=1} these look for new inputs; otherwise they repeat the known ones. */
@Tag("slow")
class FramesFuzzTest {

  static Stream<byte[]> commands() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    frames(new byte[0], out)
        .sendCommand(new Frames.Typed(List.of("account", "list", "", "--json"), false));
    return Stream.of(
        out.toByteArray(),
        "U\0\0\0\6status".getBytes(StandardCharsets.US_ASCII),
        "C\0\0\0\0".getBytes(StandardCharsets.US_ASCII));
  }

  private static Frames frames(byte[] received, ByteArrayOutputStream sent) {
    return new Frames(new ByteArrayInputStream(received), sent);
  }

  /** A command that was understood is the same when it is sent again. */
  @MethodSource("commands")
  @FuzzTest
  void anyCommand(byte[] octets) throws IOException {
    Frames.Typed typed;
    try {
      typed = frames(octets, new ByteArrayOutputStream()).receiveCommand();
    } catch (IOException e) {
      return;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    frames(new byte[0], out).sendCommand(typed);
    assertThat(frames(out.toByteArray(), out).receiveCommand()).isEqualTo(typed);
  }
}
