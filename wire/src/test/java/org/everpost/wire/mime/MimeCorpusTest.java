package org.everpost.wire.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds every recorded message against what must be true of any. */
class MimeCorpusTest {

  @Test
  void isThere() {
    assertThat(MimeCorpus.files()).hasSize(149);
  }

  static Iterable<Path> files() {
    return MimeCorpus.files();
  }

  @ParameterizedTest
  @MethodSource("files")
  void scansSanely(Path file) {
    byte[] message = MimeCorpus.read(file);
    MimeSanity.check(MimeSanity.scan(message), message);
  }

  @ParameterizedTest
  @MethodSource("files")
  void doesNotDependOnHowItArrives(Path file) {
    byte[] message = MimeCorpus.read(file);
    MimePart whole = MimeSanity.scan(message);
    var random = new Random(file.getFileName().hashCode());
    for (int longest : new int[] {1, 2, 3, 10, 100, 1000, 5000}) {
      assertThat(MimeSanity.scanInPieces(message, random, longest)).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void lineEndsChangeNothing(Path file) {
    String text = new String(MimeCorpus.read(file), StandardCharsets.ISO_8859_1);
    String lf = text.replace("\r\n", "\n").replace('\r', ' ');
    String outline = outline(lf);
    assertThat(outline(lf.replace("\n", "\r\n"))).isEqualTo(outline);
    assertThat(outline(lf.replace('\n', '\r'))).isEqualTo(outline);
  }

  private static String outline(String message) {
    byte[] b = message.getBytes(StandardCharsets.ISO_8859_1);
    MimePart root = MimeSanity.scan(b);
    MimeSanity.check(root, b);
    return MimeOutline.of(root, b).replaceAll("\\|.*\\|", "");
  }
}
