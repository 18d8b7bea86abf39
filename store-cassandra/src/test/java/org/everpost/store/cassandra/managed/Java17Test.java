package org.everpost.store.cassandra.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.everpost.store.StoreUnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Java17Test {

  @TempDir Path directory;

  @Test
  void takesTheOneOfVersion17() throws IOException {
    Path folder = directory.resolve("jvm");
    runtime(folder.resolve("a-11"), "11.0.24");
    runtime(folder.resolve("b-170"), "170.0.1");
    Path expected = runtime(folder.resolve("c-17"), "17.0.15");
    runtime(folder.resolve("d-25"), "25.0.3");
    Files.createDirectories(folder.resolve("e-empty"));

    assertThat(Java17.find(null, directory, List.of(directory.resolve("absent"), folder)))
        .isEqualTo(expected);
  }

  @Test
  void prefersTheOneShippedBesideCassandra() throws IOException {
    Path folder = directory.resolve("jvm");
    runtime(folder.resolve("c-17"), "17.0.15");
    Path shipped = runtime(directory.resolve("home").resolve("jre"), "17");

    assertThat(Java17.find("", directory.resolve("home"), List.of(folder))).isEqualTo(shipped);
  }

  @Test
  void theOverrideCountsAlone() throws IOException {
    Path folder = directory.resolve("jvm");
    runtime(folder.resolve("c-17"), "17.0.15");
    Path named = directory.resolve("named");
    Path expected = runtime(named, "17.0.1");
    Path wrong = directory.resolve("wrong");
    runtime(wrong, "21.0.1");

    assertThat(Java17.find(named.toString(), directory, List.of(folder))).isEqualTo(expected);
    assertThatThrownBy(() -> Java17.find(wrong.toString(), directory, List.of(folder)))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("EVERPOST_JAVA17")
        .hasMessageContaining(wrong.toString());
  }

  @Test
  void saysWhatToInstall() {
    assertThatThrownBy(() -> Java17.find(null, directory, List.of(directory)))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("Java 17")
        .hasMessageContaining("openjdk-17-jre-headless");
  }

  private static Path runtime(Path home, String version) throws IOException {
    Path program = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.createFile(program);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    return program;
  }
}
