import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.everpost.store.cassandra.managed.ManagedCassandra;
import org.everpost.store.cassandra.managed.ManagedOptions;

/**
 * For bench.py: a cluster of three Cassandra nodes on 127.0.0.1 to 127.0.0.3, as Everpost runs them,
 * until standard input ends. Arguments: Cassandra's home, a directory for the data, the port for
 * clients, the port between the nodes.
 */
void main(String[] args) throws Exception {
  List<InetAddress> addresses = new ArrayList<>();
  for (int i = 1; i <= 3; i++) {
    addresses.add(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) i}));
  }
  List<Callable<ManagedCassandra>> starts = new ArrayList<>();
  for (InetAddress address : addresses) {
    Path data = Files.createDirectories(Path.of(args[1], address.getHostAddress()));
    ManagedOptions options =
        new ManagedOptions(
            Path.of(args[0]),
            data,
            address,
            Integer.parseInt(args[2]),
            Integer.parseInt(args[3]),
            addresses,
            "bench",
            "dc1",
            0,
            false,
            Duration.ofMinutes(3),
            Duration.ofSeconds(20));
    starts.add(() -> ManagedCassandra.start(options, InstantSource.system(), event -> {}));
  }
  List<ManagedCassandra> nodes = new ArrayList<>();
  try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
    for (Future<ManagedCassandra> node : threads.invokeAll(starts)) {
      nodes.add(node.get());
    }
  }
  System.out.println("ready");
  while (System.in.read() >= 0) {
    // only the end matters
  }
  nodes.forEach(ManagedCassandra::close);
}
