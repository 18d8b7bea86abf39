package org.everpost.store.cassandra.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.everpost.store.StoreUnavailableException;
import org.everpost.store.cassandra.CassandraCluster;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ManagedCassandraTest {

  private static final Duration PROBE_LIMIT = Duration.ofSeconds(2);

  @TempDir Path directory;

  private final BlockingQueue<NodeEvent> events = new LinkedBlockingQueue<>();

  @Test
  void aNodeThatDiesIsStartedAgainAndEndsWithItsSupervisor() throws Exception {
    ManagedOptions options = options();
    long second;
    try (ManagedCassandra node =
        ManagedCassandra.start(options, InstantSource.system(), events::add)) {
      long first = node.pid();
      assertThat(next(NodeEvent.Ready.class).pid()).isEqualTo(first);
      assertThatThrownBy(() -> ManagedCassandra.start(options, InstantSource.system(), e -> {}))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("another process uses");

      ProcessHandle.of(first).orElseThrow().destroyForcibly();

      assertThat(next(NodeEvent.Died.class).pid()).isEqualTo(first);
      second = next(NodeEvent.Ready.class).pid();
      assertThat(second).isEqualTo(node.pid()).isNotEqualTo(first);
      assertThat(CqlProbe.answers(options.contactPoint(), PROBE_LIMIT)).isTrue();
    }
    assertThat(next(NodeEvent.Stopped.class).killed()).isFalse();
    assertThat(ProcessHandle.of(second)).isEmpty();
    assertThat(CqlProbe.answers(options.contactPoint(), PROBE_LIMIT)).isFalse();
  }

  @Test
  void aNodeThatCannotStartSaysWhereToLook() throws Exception {
    ManagedOptions options = options();
    try (ServerSocket taken = new ServerSocket(options.storagePort(), 1, options.address())) {
      assertThat(taken.isBound()).isTrue();
      assertThatThrownBy(() -> ManagedCassandra.start(options, InstantSource.system(), events::add))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining(directory.toString());
    }
    assertThat(directory.resolve("pid")).doesNotExist();
    assertThat(Files.readString(directory.resolve("log").resolve("system.log")))
        .contains("" + options.storagePort());
  }

  @Test
  void whoGivesUpWaitingForANodeLeavesNone() throws Exception {
    ManagedOptions options = options();
    CompletableFuture<Throwable> refused = new CompletableFuture<>();
    Thread starting =
        Thread.ofVirtual()
            .start(() ->
                refused.complete(
                    catchThrowable(() ->
                        ManagedCassandra.start(options, InstantSource.system(), events::add))));
    long pid = next(NodeEvent.Started.class).pid();
    starting.interrupt();
    assertThat(refused.get(1, TimeUnit.MINUTES)).isInstanceOf(StoreUnavailableException.class);
    assertThat(ProcessHandle.of(pid)).isEmpty();
    assertThat(directory.resolve("pid")).doesNotExist();
  }

  /** As when a node dies of a full disk, and again while it comes up. */
  @Test
  void aNodeWithDamageInTheMiddleOfItsLogLeavesItOutAndSaysSo() throws Exception {
    ManagedOptions options = options();
    try (ManagedCassandra node =
        ManagedCassandra.start(options, InstantSource.system(), events::add)) {
      fillASegment(options);
      ProcessHandle.of(node.pid()).orElseThrow().destroyForcibly();
    }
    List<Path> segments = segments(new NodeFiles(options).commitLog());
    assertThat(segments).as("a full one and its successor").hasSizeGreaterThan(1);
    tear(segments.getFirst());
    try (ManagedCassandra node =
        ManagedCassandra.start(options, InstantSource.system(), events::add)) {
      NodeEvent.Damaged damaged = next(NodeEvent.Damaged.class);
      assertThat(damaged.pid()).isEqualTo(node.pid());
      Path kept = directory.resolve("storage").resolve("damaged-1");
      String segment = segments.getFirst().getFileName().toString();
      assertThat(damaged.what()).contains("log: 1,", segment, kept.toString());
      assertThat(kept.resolve(segment)).isNotEmptyFile();
      assertThat(segments.getFirst()).as("it was replayed").doesNotExist();
      assertThat(CqlProbe.answers(options.contactPoint(), PROBE_LIMIT)).isTrue();
    }
  }

  private static void fillASegment(ManagedOptions options) {
    try (CqlSession session =
        CqlSession.builder()
            .addContactPoint(options.contactPoint())
            .withLocalDatacenter(options.datacenter())
            .withConfigLoader(
                DriverConfigLoader.programmaticBuilder()
                    .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofMinutes(1))
                    .build())
            .build()) {
      session.execute(
          "CREATE KEYSPACE filled WITH replication = "
              + "{'class': 'SimpleStrategy', 'replication_factor': 1}");
      session.execute("CREATE TABLE filled.segment (id int PRIMARY KEY, data blob)");
      byte[] data = new byte[1 << 20];
      for (int i = 0; i < 34; i++) {
        Arrays.fill(data, (byte) (i + 1));
        session.execute(
            "INSERT INTO filled.segment (id, data) VALUES (?, ?)", i, ByteBuffer.wrap(data));
      }
    }
  }

  private static List<Path> segments(Path commitLog) throws IOException {
    try (Stream<Path> files = Files.list(commitLog)) {
      return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    }
  }

  /** Takes the last octets of what was written to a segment. */
  private static void tear(Path segment) throws IOException {
    byte[] octets = Files.readAllBytes(segment);
    int end = octets.length;
    while (octets[end - 1] == 0) {
      end--;
    }
    Arrays.fill(octets, end - 10, end, (byte) 0);
    Files.write(segment, octets);
  }

  private ManagedOptions options() throws IOException {
    InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    return new ManagedOptions(
        CassandraCluster.home(),
        directory,
        address,
        freePort(address),
        freePort(address),
        List.of(address),
        "test",
        "dc1",
        512,
        true,
        Duration.ofMinutes(2),
        Duration.ofSeconds(20));
  }

  private static int freePort(InetAddress address) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, address)) {
      return socket.getLocalPort();
    }
  }

  /** The next event of a kind; those before it are skipped. */
  private <E extends NodeEvent> E next(Class<E> kind) throws InterruptedException {
    while (true) {
      NodeEvent event = events.poll(2, TimeUnit.MINUTES);
      assertThat(event).as("waiting for " + kind).isNotNull();
      if (kind.isInstance(event)) {
        return kind.cast(event);
      }
    }
  }
}
