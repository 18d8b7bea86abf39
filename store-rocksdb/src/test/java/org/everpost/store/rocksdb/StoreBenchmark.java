package org.everpost.store.rocksdb;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.everpost.store.BlobId;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.KeyRange;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.jspecify.annotations.Nullable;

/**
 * Measures the store alone: deliveries, reads, and how late a timer wakes meanwhile (a late one
 * means that virtual threads starve). Arguments: directory, seconds a round, writers.
 */
final class StoreBenchmark {

  private static final int MESSAGE_OCTETS = 10 << 10;
  private static final PrintStream OUT = System.out;

  private final RocksDbStore store;
  private final int writers;
  private final Duration round;
  private final byte[] message;
  private final AtomicLongArray versions;
  private final List<BlobId> blobs = new CopyOnWriteArrayList<>();

  private StoreBenchmark(RocksDbStore store, int writers, Duration round, byte[] message) {
    this.store = store;
    this.writers = writers;
    this.round = round;
    this.message = message;
    this.versions = new AtomicLongArray(writers);
  }

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    Duration round = Duration.ofSeconds(Long.parseLong(arguments[1]));
    int writers = Integer.parseInt(arguments[2]);
    byte[] message = message(arguments.length > 3 ? Path.of(arguments[3]) : null);
    long start = System.nanoTime();
    SecureRandom random = new SecureRandom();
    try (RocksDbStore store =
        RocksDbStore.open(
            directory, RocksDbOptions.DEFAULT, InstantSource.system(), random, StoreWatcher.NONE)) {
      OUT.printf("opened in %d ms%n", (System.nanoTime() - start) / 1_000_000);
      new StoreBenchmark(store, writers, round, message).run();
    }
  }

  private static byte[] message(@Nullable Path sample) throws IOException {
    byte[] text =
        sample != null
            ? Files.readAllBytes(sample)
            : "X".repeat(78).concat("\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] message = new byte[MESSAGE_OCTETS];
    for (int i = 0; i < message.length; i++) {
      message[i] = text[i % text.length];
    }
    return message;
  }

  private void run() throws Exception {
    for (int warm = 0; warm < 3; warm++) {
      measure("put and commit", this::deliver);
    }
    store.flushForTest();
    for (int warm = 0; warm < 2; warm++) {
      measure("read version", writer -> store.ledger().read(partition(writer)).version());
      measure("get row", this::get);
      measure("scan 100 rows", this::scan);
      measure("open and read blob", this::readBlob);
    }
    try (var status = Files.lines(Path.of("/proc/self/status"))) {
      status.filter(line -> line.startsWith("VmRSS")).forEach(OUT::println);
    }
  }

  @FunctionalInterface
  private interface Operation {
    long run(int writer) throws Exception;
  }

  /** Sleeps now and then, as a session does when it waits for its peer. */
  private void measure(String name, Operation operation) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    List<Callable<Long>> tasks = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      int writer = i;
      tasks.add(() -> {
        long count = 0;
        while (!stop.get()) {
          operation.run(writer);
          count++;
        }
        return count;
      });
    }
    long cpu = cpuNanos();
    long begin = System.nanoTime();
    List<Long> late = new ArrayList<>(List.of(0L));
    long total = 0;
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> running = tasks.stream().map(executor::submit).toList();
      Future<?> timer = executor.submit(() -> tick(stop, late));
      Thread.sleep(round);
      stop.set(true);
      for (Future<Long> future : running) {
        total += future.get();
      }
      timer.get();
    }
    long wall = System.nanoTime() - begin;
    late.sort(null);
    OUT.printf(
        "%-20s %,9.0f/s  %6.1f us CPU each   timer late p50 %.1f ms, max %.1f ms%n",
        name,
        total * 1e9 / wall,
        (cpuNanos() - cpu) / 1e3 / total,
        late.get(late.size() / 2) / 1e6,
        late.getLast() / 1e6);
  }

  private static void tick(AtomicBoolean stop, List<Long> late) {
    try {
      while (!stop.get()) {
        long before = System.nanoTime();
        Thread.sleep(10);
        late.add(System.nanoTime() - before - 10_000_000);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static Partition partition(int writer) {
    return new Partition(PartitionKind.ACCOUNT, "account-" + writer);
  }

  /** What a delivery stores: the message, three rows new, two changed. */
  private long deliver(int writer) throws IOException {
    BlobId blob = store.blobs().put(new ByteArrayInputStream(message));
    if (blobs.size() < 2_000) {
      blobs.add(blob);
    }
    long version = versions.get(writer);
    List<Mutation> mutations =
        List.of(
            new Mutation.Put(key('m', version), new byte[60]),
            new Mutation.Put(key('e', version), new byte[400]),
            new Mutation.Put(key('c', version), new byte[24]),
            new Mutation.Put(key('b', 0), new byte[80]),
            new Mutation.Put(key('a', 0), new byte[120]));
    CommitId id = new CommitId(writer, version);
    CommitResult result = store.ledger().commit(partition(writer), version, id, mutations);
    versions.set(
        writer,
        switch (result) {
          case CommitResult.Committed(long now) -> now;
          case CommitResult.Conflict(long now) -> now;
        });
    return version;
  }

  private static byte[] key(char kind, long number) {
    return ByteBuffer.allocate(9).put((byte) kind).putLong(number).array();
  }

  private long get(int writer) {
    PartitionView view =
        new RocksDbView(store.rows(), RocksDbLayout.prefix(partition(writer)), 0, true);
    byte[] value = view.get(key('e', view.hashCode() & 0xff));
    return value == null ? 0 : value.length;
  }

  private long scan(int writer) {
    KeyRange range = KeyRange.prefix(new byte[] {'m'});
    return store.ledger().read(partition(writer)).scan(range, 100, Direction.ASCENDING).size();
  }

  private long readBlob(int writer) throws IOException {
    BlobId id = blobs.get(new SplittableRandom().nextInt(blobs.size()));
    try (InputStream in = store.blobs().open(id, 0, Long.MAX_VALUE)) {
      byte[] read = in.readAllBytes();
      if (!Arrays.equals(read, message)) {
        throw new IllegalStateException("blob " + id + " is not what was put");
      }
      return read.length;
    }
  }
}
