package org.everpost.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.everpost.store.BlobId;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.KeyRange;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.Store;
import org.everpost.store.StoreUnavailableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full disk is a temporary error. Needs a small file system of its own, so it needs root. */
@Tag("slow")
final class DiskFullTest {

  private static final int DISK_MEBIBYTES = 176;
  private static final int BALLAST_OCTETS = 100 << 20;
  private static final int MESSAGE_OCTETS = 300_000;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  @TempDir private Path directory;
  private Path disk;
  private Path ballast;

  private final Partition partition = new Partition(PartitionKind.ACCOUNT, "full");
  private final List<BlobId> acknowledged = new ArrayList<>();
  private final SplittableRandom random = new SplittableRandom(5);
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger recoveries = new AtomicInteger();

  private final StoreWatcher watcher =
      new StoreWatcher() {
        @Override
        public void unavailable(Throwable cause) {
          failures.incrementAndGet();
        }

        @Override
        public void recovered() {
          recoveries.incrementAndGet();
        }
      };

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(directory.resolve("disk"));
    run("mount", "-t", "tmpfs", "-o", "size=" + DISK_MEBIBYTES + "m", "tmpfs", disk.toString());
    ballast = Files.write(disk.resolve("ballast"), new byte[BALLAST_OCTETS]);
  }

  @AfterEach
  void unmount() throws Exception {
    // Lazily: the native library may have been loaded from there.
    run("umount", "-l", disk.toString());
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s (needs root): %s", command[0], output).isZero();
  }

  private Store open(long reservedOctets) {
    RocksDbOptions options = new RocksDbOptions(16 << 20, 64, 4, reservedOctets);
    return RocksDbStore.open(
        disk.resolve("data"), options, InstantSource.system(), new SplittableRandom(), watcher);
  }

  @Test
  void writingFailsCleanlyReadingGoesOnAndSpaceBringsItBack() throws Exception {
    try (Store store = open(0)) {
      for (int round = 1; round <= 2; round++) {
        fill(store);
        assertThat(acknowledged).hasSizeGreaterThan(10);
        verify(store);
        Files.write(ballast, new byte[round == 1 ? BALLAST_OCTETS / 2 : 0]);
        for (int i = 0; i < 5; i++) {
          deliverInTheEnd(store);
        }
        verify(store);
        assertThat(recoveries).hasValueGreaterThanOrEqualTo(round);
      }
    }
    try (Store store = open(0)) {
      verify(store);
      deliverInTheEnd(store);
      verify(store);
    }
  }

  /** Delivers until it fails, and some more. */
  private void fill(Store store) throws IOException {
    int refused = 0;
    while (refused < 20) {
      try {
        deliver(store);
      } catch (StoreUnavailableException e) {
        refused++;
      }
    }
    // Whoever waits for a commit is told before the watcher is.
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (failures.get() == 0 && System.nanoTime() - deadline < 0) {
      Thread.onSpinWait();
    }
    assertThat(failures.get()).isPositive();
  }

  private void deliver(Store store) throws IOException {
    byte[] message = new byte[MESSAGE_OCTETS];
    random.nextBytes(message);
    BlobId blob = store.blobs().put(new ByteArrayInputStream(message));
    long version = store.ledger().read(partition).version();
    CommitId id = new CommitId(random.nextLong(), random.nextLong());
    List<Mutation> mutations =
        List.of(new Mutation.Put(CrashWriter.key(version + 1, 0), blob.toBytes()));
    CommitResult result = commit(store, version, id, mutations);
    assertThat(result).isEqualTo(new CommitResult.Committed(version + 1));
    acknowledged.add(blob);
  }

  /** Repeats once what failed, with the same id, as a caller may. */
  private CommitResult commit(Store store, long version, CommitId id, List<Mutation> mutations) {
    try {
      return store.ledger().commit(partition, version, id, mutations);
    } catch (StoreUnavailableException e) {
      return store.ledger().commit(partition, version, id, mutations);
    }
  }

  /** Every acknowledged blob is there, and so is its row. */
  private void verify(Store store) throws IOException {
    for (BlobId blob : acknowledged) {
      assertThat(CrashWriter.read(store, blob)).hasSize(MESSAGE_OCTETS);
    }
    List<String> rows =
        store
            .ledger()
            .read(partition)
            .scan(KeyRange.ALL, Integer.MAX_VALUE, Direction.ASCENDING)
            .stream()
            .map(row -> BlobId.fromBytes(row.value()).toString())
            .toList();
    assertThat(rows).containsAll(acknowledged.stream().map(BlobId::toString).toList());
    assertThat(store.ledger().read(partition).version()).isEqualTo(rows.size());
  }

  /** There is space again: waits until writing works. */
  private void deliverInTheEnd(Store store) throws IOException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      try {
        deliver(store);
        return;
      } catch (StoreUnavailableException e) {
        assertThat(System.nanoTime() - deadline)
            .as(() -> "recovered in time: %s; on the disk are %s".formatted(e, files()))
            .isNegative();
      }
    }
  }

  private List<String> files() {
    try (Stream<Path> paths = Files.walk(disk)) {
      List<String> files = new ArrayList<>();
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.add("%s %,d".formatted(path.getFileName(), Files.size(path)));
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theReserveIsLeftToEverythingButBlobs() throws Exception {
    try (Store store = open(30 << 20)) {
      assertThatThrownBy(
              () -> {
                while (true) {
                  deliver(store);
                }
              })
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("nearly full");
      assertThat(failures).hasValue(0);
      long version = store.ledger().read(partition).version();
      for (int i = 0; i < 100; i++) {
        Mutation delete = new Mutation.Delete(CrashWriter.key(1, 0));
        CommitId id = new CommitId(random.nextLong(), random.nextLong());
        assertThat(store.ledger().commit(partition, version + i, id, List.of(delete)))
            .isEqualTo(new CommitResult.Committed(version + i + 1));
      }
      Files.write(ballast, new byte[0]);
      deliver(store);
    }
  }
}
