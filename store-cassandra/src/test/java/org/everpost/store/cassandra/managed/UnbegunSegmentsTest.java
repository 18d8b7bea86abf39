package org.everpost.store.cassandra.managed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnbegunSegmentsTest {

  @TempDir Path directory;

  private Path file(String name, byte... octets) throws IOException {
    return Files.write(directory.resolve(name), octets);
  }

  @Test
  void onlySegmentsWithoutAHeaderGo() throws IOException {
    Path begun = file("CommitLog-8-1.log", (byte) 0, (byte) 0, (byte) 0, (byte) 8, (byte) 0);
    Path other = file("CommitLog-8-1_cdc.idx", new byte[100]);
    Path empty = file("CommitLog-8-2.log");
    Path cut = file("CommitLog-8-3.log", (byte) 0, (byte) 0, (byte) 0);
    Path zero = file("CommitLog-8-4.log", new byte[100]);
    UnbegunSegments.delete(directory);
    assertThat(begun).exists();
    assertThat(other).exists();
    assertThat(empty).doesNotExist();
    assertThat(cut).doesNotExist();
    assertThat(zero).doesNotExist();
  }

  @Test
  void beforeTheFirstStartThereIsNoCommitLog() throws IOException {
    Path none = directory.resolve("none");
    UnbegunSegments.delete(none);
    assertThat(none).doesNotExist();
  }
}
