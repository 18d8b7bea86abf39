package org.everpost.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.everpost.store.cassandra.managed.ManagedCassandra;
import org.everpost.store.cassandra.managed.ManagedOptions;

/**
 * For tests: one Cassandra node on 127.0.0.1, or several from there on, all supervised by this
 * process. They are gone when this is closed; their files are the caller's.
 */
public final class CassandraCluster implements AutoCloseable {

  private static final String DATACENTER = "dc1";
  private static final int PORT_ATTEMPTS = 100;
  private static final Duration ACQUAINTANCE_LIMIT = Duration.ofMinutes(2);
  private static final Duration ACQUAINTANCE_PAUSE = Duration.ofMillis(100);

  private final List<InetSocketAddress> contactPoints;
  private final List<ManagedCassandra> nodes;

  private CassandraCluster(List<InetSocketAddress> contactPoints, List<ManagedCassandra> nodes) {
    this.contactPoints = contactPoints;
    this.nodes = nodes;
  }

  /**
   * Starts a cluster with its files below {@code data} and returns when all nodes serve and each
   * knows all the others: what is made on a node that does not is not made on the others.
   */
  public static CassandraCluster start(int size, Path data)
      throws IOException, InterruptedException {
    List<InetAddress> addresses = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      addresses.add(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) i}));
    }
    int nativePort = freePort(addresses);
    int storagePort = freePort(addresses);
    List<ManagedCassandra> nodes = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ManagedCassandra>> starting = new ArrayList<>();
      for (InetAddress address : addresses) {
        ManagedOptions options =
            new ManagedOptions(
                home(),
                Files.createDirectories(data.resolve(address.getHostAddress())),
                address,
                nativePort,
                storagePort,
                addresses,
                "test",
                DATACENTER,
                512,
                true,
                Duration.ofMinutes(3),
                Duration.ofSeconds(10));
        starting.add(
            threads.submit(
                () -> ManagedCassandra.start(options, InstantSource.system(), event -> {})));
      }
      try {
        for (Future<ManagedCassandra> node : starting) {
          nodes.add(node.get());
        }
      } catch (ExecutionException e) {
        nodes.forEach(ManagedCassandra::close);
        throw new IllegalStateException("the test cluster does not start", e);
      }
    }
    List<InetSocketAddress> contactPoints =
        addresses.stream().map(a -> new InetSocketAddress(a, nativePort)).toList();
    CassandraCluster cluster = new CassandraCluster(contactPoints, nodes);
    try {
      cluster.awaitAcquaintance();
    } catch (RuntimeException | InterruptedException e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  private void awaitAcquaintance() throws InterruptedException {
    long begun = System.nanoTime();
    for (InetSocketAddress address : contactPoints) {
      CassandraOptions one = CassandraOptions.of(List.of(address), DATACENTER, 1);
      try (CqlSession session = Driver.connect(one)) {
        Node node = session.getMetadata().findNode(address).orElseThrow();
        SimpleStatement peers =
            SimpleStatement.newInstance("SELECT schema_version FROM system.peers_v2").setNode(node);
        while (session.execute(peers).all().stream()
                .filter(row -> row.getUuid("schema_version") != null)
                .count()
            < nodes.size() - 1) {
          if (System.nanoTime() - begun > ACQUAINTANCE_LIMIT.toNanos()) {
            throw new IllegalStateException(address + " does not know the other nodes");
          }
          Thread.sleep(ACQUAINTANCE_PAUSE);
        }
      }
    }
  }

  /** A port that is free on all of {@code addresses}. */
  private static int freePort(List<InetAddress> addresses) throws IOException {
    for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
      try (ServerSocket first = new ServerSocket(0, 1, addresses.getFirst())) {
        int port = first.getLocalPort();
        if (isFree(port, addresses.subList(1, addresses.size()))) {
          return port;
        }
      }
    }
    throw new IOException("no port is free on all of " + addresses);
  }

  private static boolean isFree(int port, List<InetAddress> addresses) {
    for (InetAddress address : addresses) {
      try (ServerSocket socket = new ServerSocket(port, 1, address)) {
        socket.setReuseAddress(true);
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  /** What the build has put together for the child processes, seen from any module's directory. */
  public static Path home() {
    Path directory = Path.of("").toAbsolutePath();
    while (directory != null) {
      Path home = directory.resolve("store-cassandra").resolve("target").resolve("cassandra");
      if (Files.isDirectory(home)) {
        return home;
      }
      directory = directory.getParent();
    }
    throw new IllegalStateException("store-cassandra/target/cassandra is not built");
  }

  /** Options that reach this cluster, every node holding a copy. */
  public CassandraOptions options(String keyspace) {
    return CassandraOptions.of(contactPoints, DATACENTER, nodes.size()).withKeyspace(keyspace);
  }

  /** A store of its own in a keyspace that is made when first used. */
  public CassandraStore open(String keyspace) {
    return CassandraStore.open(options(keyspace), InstantSource.system(), new SecureRandom());
  }

  public ManagedCassandra node(int index) {
    return nodes.get(index);
  }

  /** Stops all nodes at once. */
  @Override
  public void close() {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      nodes.forEach(node -> threads.execute(node::close));
    }
  }
}
