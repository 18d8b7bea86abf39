package org.everpost.core.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code JAZZER_FUZZ=1} these look for new inputs; otherwise they repeat the known ones. */
@Tag("slow")
class ConfigFuzzTest {

  static Stream<byte[]> files() throws IOException {
    return Stream.of(
        Files.readAllBytes(Path.of("../docs/everpost.toml")),
        "hostname = \"a.test\"\ndata = '/d'\n[limits]\nmessage-size = \"5MB\"\n".getBytes(UTF_8),
        "hostname = [[[\"a\"]]]\nhostname = 1\n[store]\nengine={a=1979-05-27}\n".getBytes(UTF_8));
  }

  /** Any file is a configuration, or it is said what is wrong with it. */
  @MethodSource("files")
  @FuzzTest
  void anyFile(byte[] octets) throws IOException {
    Path file = Files.createTempFile("everpost", ".toml");
    try {
      Files.write(file, octets);
      assertThat(Config.load(file).hostname().ascii()).isNotEmpty();
    } catch (ConfigException e) {
      assertThat(e.problems()).isNotEmpty();
    } finally {
      Files.delete(file);
    }
  }
}
