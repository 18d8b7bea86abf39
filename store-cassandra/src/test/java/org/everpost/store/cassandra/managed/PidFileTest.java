package org.everpost.store.cassandra.managed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir Path directory;

  @Test
  void endsTheProcessItNames() throws IOException {
    Process child = new ProcessBuilder("sleep", "60").start();
    PidFile file = new PidFile(directory.resolve("pid"));
    file.write(child.toHandle());

    assertThat(file.endLeftover(LIMIT)).hasValue(child.pid());
    assertThat(child.isAlive()).isFalse();
    assertThat(file.endLeftover(LIMIT)).isEmpty();
  }

  @Test
  void leavesAnotherProcessOfThatNumberAlone() throws IOException {
    Process child = new ProcessBuilder("sleep", "60").start();
    try {
      Path path = directory.resolve("pid");
      Files.writeString(path, child.pid() + " 1000000\n");

      assertThat(new PidFile(path).endLeftover(LIMIT)).isEmpty();
      assertThat(child.isAlive()).isTrue();
    } finally {
      child.destroyForcibly();
    }
  }

  @Test
  void nothingToEnd() throws IOException {
    Path path = directory.resolve("pid");
    assertThat(new PidFile(path).endLeftover(LIMIT)).isEmpty();
    Files.writeString(path, "what is this\n");
    assertThat(new PidFile(path).endLeftover(LIMIT)).isEmpty();
  }
}
