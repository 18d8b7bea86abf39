package org.everpost.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.everpost.store.BlobId;
import org.everpost.store.Store;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes, of which two are enough for everything: no caller notices that one is lost, or that
 * its disk gives something else than it was given.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("Finally") // a writer that failed explains why what waits for it did
final class NodeLossTest {

  private static final int NODES = 3;
  private static final int ACCOUNTS = 3;
  private static final int LOSSES = 3;
  private static final Duration WHOLE_LIMIT = Duration.ofMinutes(2);
  private static final int LOG_LINES = 60;
  private static final Duration FROZEN = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** So many commits are made between a node's return and the next loss. */
  private static final int COMMITS_BETWEEN = 20;

  private Path directory;
  private CassandraCluster cluster;

  @BeforeAll
  void start(@TempDir Path data) throws Exception {
    directory = data;
    cluster = CassandraCluster.start(NODES, data);
  }

  @AfterAll
  void close() {
    cluster.close();
  }

  /** Two stores write to the same partitions, and one node after the other is lost under load. */
  @Test
  void losingOneNodeOfThreeLosesNothingAndFailsNobody() throws Exception {
    try (CassandraStore one = open();
        CassandraStore two = open();
        CqlSession session = Driver.connect(cluster.options("loss"))) {
      LedgerLoad load = new LedgerLoad(List.of(one, two), ACCOUNTS);
      underLoad(
          load,
          () -> {
            for (int loss = 0; loss < LOSSES; loss++) {
              lose(cluster.node(loss % NODES).pid(), loss == 1);
              awaitCommits(load);
              awaitWhole(session);
              awaitCommits(load);
            }
          });
      for (int i = 0; i < NODES; i++) {
        kill(cluster.node(i).pid());
      }
      awaitWhole(session);
      try (Store later = open()) {
        LedgerLoad.check(later, load);
      }
    }
  }

  @Test
  void aDamagedCopyIsPassedOverAndReplaced() throws Exception {
    byte[] content = new byte[1_000];
    new SplittableRandom(1).nextBytes(content);
    content[500] = 0; // so that what the disk makes of it is greater, and wins
    try (CassandraStore store = open();
        CqlSession session = Driver.connect(cluster.options("loss"))) {
      awaitWhole(
          session); // a node that does not know the table yet gets no hint of what it refuses
      BlobId id = store.blobs().put(new ByteArrayInputStream(content));
      // A put waits for two of three.
      await("three copies", () -> copies(session, id).size() == NODES);
      long pid = cluster.node(0).pid();
      kill(pid); // what is in its memory is in its files when it is back
      await("another process", () -> cluster.node(0).pid() != pid);
      awaitWhole(session);
      assertThat(BlobDamage.damage(directory.resolve("127.0.0.1"), content, 500)).isPositive();
      assertThat(Set.copyOf(copies(session, id))).as("different copies").hasSize(2);
      kill(cluster.node(1).pid()); // so that a quorum cannot do without the damaged copy
      for (int i = 0; i < 10; i++) {
        try (InputStream in = store.blobs().open(id, 0, Long.MAX_VALUE)) {
          assertThat(in.readAllBytes()).isEqualTo(content);
        }
      }
      awaitWhole(session);
      await("the damaged copy is replaced", () -> Set.copyOf(copies(session, id)).size() == 1);
    }
  }

  /** A store that is as patient as three nodes on two busy processors need. */
  private CassandraStore open() {
    CassandraOptions usual = cluster.options("loss");
    CassandraOptions patient =
        new CassandraOptions(
            usual.contactPoints(),
            usual.datacenter(),
            usual.replicationFactor(),
            usual.keyspace(),
            usual.maxInFlight(),
            PATIENCE,
            usual.disk());
    return CassandraStore.open(patient, InstantSource.system(), new SecureRandom());
  }

  /** What the nodes have, each for itself. */
  private static List<ByteBuffer> copies(CqlSession session, BlobId id) {
    List<ByteBuffer> copies = new ArrayList<>();
    for (Node node : session.getMetadata().getNodes().values()) {
      SimpleStatement read = chunks(id).setConsistencyLevel(ConsistencyLevel.ONE).setNode(node);
      for (Row row : session.execute(read)) {
        copies.add(Objects.requireNonNull(row.getByteBuffer("data")));
      }
    }
    return copies;
  }

  private static SimpleStatement chunks(BlobId id) {
    return SimpleStatement.newInstance(
        "SELECT data FROM loss.blobs WHERE id = ?", ByteBuffer.wrap(id.toBytes()));
  }

  /** Something that a test does. */
  private interface Action {
    void run() throws Exception;
  }

  /** Runs {@code action} while the load does its work; fails if any part of it does. */
  private static void underLoad(LedgerLoad load, Action action) throws Exception {
    List<Callable<Void>> tasks = new ArrayList<>(load.writers());
    tasks.addAll(load.readers());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> running = new ArrayList<>();
      tasks.forEach(task -> running.add(threads.submit(task)));
      try {
        action.run();
      } finally {
        load.stop();
        for (Future<Void> task : running) {
          task.get();
        }
      }
    }
  }

  /** Kills a node; one that is {@code frozen} first takes requests and answers none. */
  private static void lose(long pid, boolean frozen) throws IOException, InterruptedException {
    if (frozen) {
      assertThat(new ProcessBuilder("kill", "-STOP", "" + pid).start().waitFor()).isZero();
      rest(FROZEN);
    }
    kill(pid);
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  private static void awaitCommits(LedgerLoad load) throws InterruptedException {
    long goal = load.progress() + COMMITS_BETWEEN;
    Instant limit = Instant.now().plus(WHOLE_LIMIT);
    while (load.progress() < goal) {
      assertThat(Instant.now()).as("commits go on").isBefore(limit);
      rest(Duration.ofMillis(50));
    }
  }

  /**
   * Waits until every node has all the others back, and all know the tables, which they show by
   * reading from all of them.
   */
  private void awaitWhole(CqlSession session) throws InterruptedException {
    await("the node returns", () -> isWhole(session));
  }

  private void await(String what, BooleanSupplier condition) throws InterruptedException {
    Instant limit = Instant.now().plus(WHOLE_LIMIT);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as(() -> what + "\n" + logs()).isBefore(limit);
      rest(Duration.ofMillis(200));
    }
  }

  /** The last that each node has to say. */
  private String logs() {
    StringBuilder all = new StringBuilder();
    for (int i = 1; i <= NODES; i++) {
      Path log = directory.resolve("127.0.0." + i).resolve("log").resolve("system.log");
      try {
        List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        all.append(log).append('\n');
        lines.stream()
            .skip(Math.max(0, lines.size() - LOG_LINES))
            .forEach(line -> all.append(line).append('\n'));
      } catch (IOException e) {
        all.append(e).append('\n');
      }
    }
    return all.toString();
  }

  private static boolean isWhole(CqlSession session) {
    try {
      for (Node node : session.getMetadata().getNodes().values()) {
        session.execute(
            SimpleStatement.newInstance("SELECT chunk FROM loss.blobs WHERE id = 0x00")
                .setConsistencyLevel(ConsistencyLevel.ALL)
                .setNode(node));
      }
      return true;
    } catch (DriverException e) {
      return false;
    }
  }

  private static void rest(Duration duration) throws InterruptedException {
    assertThat(new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
  }
}
