package org.everpost.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.everpost.store.BlobId;
import org.everpost.store.KeyRange;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;
import org.everpost.store.Store;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged survives SIGKILL, whole; what was not is there whole or not at all. */
@Tag("slow")
final class CrashTest {

  private static final int KILLS = 50;
  private static final int HEAP_MEBIBYTES = 128;

  private final SplittableRandom random = new SplittableRandom(20261120);
  private final long[] versions = new long[CrashWriter.WRITERS];

  @Test
  void nothingAcknowledgedIsLost(@TempDir Path directory) throws Exception {
    long total = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      long[] acknowledged = writeUntilKilled(directory);
      try (Store store = Stores.open(directory)) {
        for (int writer = 0; writer < CrashWriter.WRITERS; writer++) {
          verify(store, writer, acknowledged[writer]);
        }
      }
      total = Arrays.stream(versions).sum();
    }
    assertThat(total).as("commits in all").isGreaterThan(10L * KILLS);
  }

  /** The last version each writer was told; kills after some time or some acknowledgements. */
  private long[] writeUntilKilled(Path directory) throws IOException, InterruptedException {
    long[] acknowledged = versions.clone();
    int enough = random.nextInt(2_000);
    try (Child child = Child.start(CrashWriter.class, HEAP_MEBIBYTES, directory)) {
      long deadline = 0;
      int lines = 0;
      for (String line = child.line(); line != null; line = child.line()) {
        String[] words = line.split(" ", -1);
        if (words.length == 2 && !words[1].isEmpty()) {
          note(acknowledged, words);
        }
        if (lines++ == 0) {
          deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(500));
        }
        if (lines > enough || System.nanoTime() > deadline) {
          child.kill();
        }
      }
      child.exitCode();
    }
    return acknowledged;
  }

  private static void note(long[] acknowledged, String[] words) {
    int writer = Integer.parseInt(words[0]);
    acknowledged[writer] = Math.max(acknowledged[writer], Long.parseLong(words[1]));
  }

  private void verify(Store store, int writer, long acknowledged) throws IOException {
    PartitionView view = store.ledger().read(CrashWriter.partition(writer));
    long version = view.version();
    assertThat(version).isBetween(acknowledged, acknowledged + 1);
    assertThat(version).isGreaterThanOrEqualTo(versions[writer]);
    if (version == 0) {
      return;
    }
    List<Row> rows =
        view.scan(KeyRange.prefix(new byte[] {'m'}), Integer.MAX_VALUE, Direction.ASCENDING);
    long first = CrashWriter.kept(version);
    assertThat(rows).hasSize((int) (version - first + 1) * CrashWriter.ROWS);
    for (int i = 0; i < rows.size(); i++) {
      long made = first + i / CrashWriter.ROWS;
      BlobId blob = blob(rows.get(i / CrashWriter.ROWS * CrashWriter.ROWS).value());
      assertThat(rows.get(i).key()).isEqualTo(CrashWriter.key(made, i % CrashWriter.ROWS));
      assertThat(rows.get(i).value()).isEqualTo(CrashWriter.value(made, blob));
      if (i % CrashWriter.ROWS == 0) {
        assertThat(CrashWriter.read(store, blob)).isEqualTo(CrashWriter.blob(writer, made));
      }
    }
    assertThat(view.get(CrashWriter.newestKey())).isEqualTo(rows.getLast().value());
    versions[writer] = version;
  }

  private static BlobId blob(byte[] value) {
    return BlobId.fromBytes(Arrays.copyOfRange(value, Long.BYTES, value.length));
  }
}
