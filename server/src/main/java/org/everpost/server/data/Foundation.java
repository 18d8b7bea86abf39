package org.everpost.server.data;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.everpost.core.cluster.NodeId;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.config.Config;
import org.everpost.core.config.StoreConfig;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.SigningKeys;
import org.everpost.core.dns.CachingResolver;
import org.everpost.core.dns.DnsSettings;
import org.everpost.core.dns.ResolvConf;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.Reason;
import org.everpost.core.event.StoreEvent;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.password.PasswordHashing;
import org.everpost.core.peer.PeerLists;
import org.everpost.core.spool.Spool;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Ledger;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.Store;
import org.everpost.store.StoreException;
import org.everpost.store.StoreUnavailableException;
import org.everpost.store.cassandra.CassandraOptions;
import org.everpost.store.cassandra.CassandraStore;
import org.everpost.store.cassandra.managed.ManagedCassandra;
import org.everpost.store.cassandra.managed.ManagedOptions;
import org.everpost.store.cassandra.managed.NodeEvent;
import org.everpost.store.rocksdb.RocksDbOptions;
import org.everpost.store.rocksdb.RocksDbStore;
import org.everpost.store.rocksdb.StoreWatcher;

/**
 * The store the configuration asks for, and what of {@code core} every service and every command
 * needs. Safe for any number of threads.
 */
public final class Foundation implements AutoCloseable {

  /** Where the build, or the package, keeps what a Cassandra child process is made of. */
  private static final String CASSANDRA_HOME = "everpost.cassandra";

  /** From the port of the child for clients to its port for other nodes. */
  private static final int STORAGE_PORT_OFFSET = 2_000;

  /** So long whoever asks how the store is waits for it: that it does not answer is an answer. */
  private static final Duration STATE_PATIENCE = Duration.ofSeconds(1);

  private final Config config;
  private final Clock clock;
  private final RandomSource random;
  private final EventSink events;
  private final Store store;
  private final Directory directory;
  private final SigningKeys keys;
  private final Mailboxes mailboxes;
  private final PasswordHashing hashing;
  private final Deque<AutoCloseable> parts;

  private Foundation(
      Config config,
      Clock clock,
      RandomSource random,
      EventSink events,
      Store store,
      Deque<AutoCloseable> parts) {
    this.config = config;
    this.clock = clock;
    this.random = random;
    this.events = events;
    this.store = store;
    this.parts = parts;
    this.directory = new Directory(store.ledger(), store.shared(), clock, random, events);
    this.keys = new SigningKeys(store.ledger(), directory, clock, random, events);
    this.mailboxes = new Mailboxes(store, clock, random);
    this.hashing = new PasswordHashing(random);
    parts.push(hashing);
    parts.push(Upkeep.start(store, directory, mailboxes, clock, random, events));
  }

  /**
   * Owns the data directory and opens the store.
   *
   * @throws DataInUseException if another process has the data directory
   * @throws StartException if either cannot be done
   */
  public static Foundation open(Config config, Clock clock, RandomSource random, EventSink events)
      throws StartException {
    Objects.requireNonNull(config, "config");
    Deque<AutoCloseable> parts = new ArrayDeque<>();
    try {
      parts.push(DataDirectory.own(config.data()));
      Store store =
          switch (config.store()) {
            case StoreConfig.RocksDb() ->
                RocksDbStore.open(
                    config.data(), RocksDbOptions.DEFAULT, clock, random, watcher(events));
            case StoreConfig.Cassandra cassandra ->
                cassandra(config.data(), cassandra, clock, random, events, parts);
          };
      parts.push(store);
      return new Foundation(config, clock, random, events, store, parts);
    } catch (StoreUnavailableException e) {
      closeAll(parts);
      throw new StartException("the store cannot be opened: " + Reason.withCauses(e), e);
    } catch (StartException | RuntimeException e) {
      closeAll(parts);
      throw e;
    }
  }

  static StoreWatcher watcher(EventSink events) {
    return new StoreWatcher() {
      @Override
      public void unavailable(Throwable cause) {
        events.accept(new StoreEvent.Unavailable(Reason.of(cause)));
      }

      @Override
      public void recovered() {
        events.accept(new StoreEvent.Recovered());
      }
    };
  }

  private static Store cassandra(
      Path data,
      StoreConfig.Cassandra cassandra,
      Clock clock,
      RandomSource random,
      EventSink events,
      Deque<AutoCloseable> parts)
      throws StartException {
    // What the driver logs is for its authors; what matters reaches us as an exception or an event.
    Logger.getLogger("").setLevel(Level.OFF);
    CassandraOptions options =
        switch (cassandra.mode()) {
          case EXTERNAL ->
              CassandraOptions.of(
                  cassandra.contactPoints(), cassandra.datacenter(), cassandra.replicationFactor());
          case MANAGED -> {
            ManagedOptions managed = managed(data, cassandra);
            parts.push(ManagedCassandra.start(managed, clock, event -> tell(event, events)));
            yield CassandraOptions.of(List.of(managed.contactPoint()), managed.datacenter(), 1)
                .withDisk(managed.data());
          }
        };
    return CassandraStore.open(options, clock, random);
  }

  private static ManagedOptions managed(Path data, StoreConfig.Cassandra cassandra)
      throws StartException {
    String home = System.getProperty(CASSANDRA_HOME);
    if (home == null) {
      throw new StartException("the system property " + CASSANDRA_HOME + " is not set");
    }
    InetSocketAddress listen = cassandra.contactPoints().getFirst();
    if (listen.isUnresolved() || !listen.getAddress().isLoopbackAddress()) {
      throw new StartException(
          "in managed mode store.cassandra.contact-points is where Cassandra listens: a loopback"
              + " address");
    }
    ManagedOptions usual =
        ManagedOptions.single(
            Path.of(home),
            data.resolve("cassandra"),
            listen.getPort(),
            listen.getPort() - STORAGE_PORT_OFFSET,
            cassandra.datacenter());
    return new ManagedOptions(
        usual.home(),
        usual.data(),
        listen.getAddress(),
        usual.nativePort(),
        usual.storagePort(),
        List.of(listen.getAddress()),
        usual.clusterName(),
        usual.datacenter(),
        usual.heapMegabytes(),
        usual.throwaway(),
        usual.startLimit(),
        usual.stopLimit());
  }

  private static void tell(NodeEvent event, EventSink events) {
    events.accept(
        switch (event) {
          case NodeEvent.Started(long pid) -> node(pid, "started");
          case NodeEvent.Ready(long pid, var took) ->
              node(pid, "ready after " + took.toMillis() + " ms");
          case NodeEvent.Stopped(long pid, boolean killed) ->
              node(pid, killed ? "killed, it did not stop in time" : "stopped");
          case NodeEvent.LeftoverEnded(long pid) ->
              node(pid, "ended, an earlier server had left it behind");
          case NodeEvent.Died(long pid, int exit, var pause) ->
              new StoreEvent.NodeTroubled(
                  pid, "died with " + exit + ", again in " + pause.toMillis() + " ms");
          case NodeEvent.Unresponsive(long pid) ->
              new StoreEvent.NodeTroubled(pid, "does not answer, is ended and started again");
          case NodeEvent.Damaged(long pid, String what) -> new StoreEvent.NodeTroubled(pid, what);
          case NodeEvent.NotStarted(String reason) -> new StoreEvent.NodeTroubled(0, reason);
        });
  }

  private static StoreEvent node(long pid, String state) {
    return new StoreEvent.NodeChanged(pid, state);
  }

  public Config config() {
    return config;
  }

  public Clock clock() {
    return clock;
  }

  public RandomSource random() {
    return random;
  }

  public EventSink events() {
    return events;
  }

  public Store store() {
    return store;
  }

  public Directory directory() {
    return directory;
  }

  public SigningKeys keys() {
    return keys;
  }

  public Mailboxes mailboxes() {
    return mailboxes;
  }

  public PasswordHashing hashing() {
    return hashing;
  }

  /**
   * Opens this node's queue, which it may have left behind when it ran before.
   *
   * @throws StartException if the node's name cannot be read
   */
  public Spool openSpool() throws StartException {
    try {
      NodeId node = NodeId.of(config.data(), random);
      return Spool.open(node, config.hostname().ascii(), store, clock, random, events);
    } catch (IOException e) {
      throw new StartException("the name of this node: " + e.getMessage(), e);
    } catch (StoreException e) {
      throw new StartException("the queue cannot be opened: " + e.getMessage(), e);
    }
  }

  /** A way to the domain name system, as configured; it remembers nothing yet. */
  public CachingResolver newResolver() {
    return new CachingResolver(
        DnsSettings.of(config.dns(), ResolvConf.system()), clock, random, events);
  }

  /** The networks an operator allowed or denied. */
  public PeerLists newPeerLists() {
    return new PeerLists(new OptimisticCommit(store.ledger(), clock, random), clock, events);
  }

  /** Asks the engine something: {@code ok}, or what is wrong; does not wait for it for long. */
  public String storeState() {
    return state(store.ledger());
  }

  static String state(Ledger ledger) {
    AtomicReference<String> state =
        new AtomicReference<>("no answer within " + STATE_PATIENCE.toMillis() + " ms");
    Thread asking =
        Thread.ofVirtual().name("store-state").start(() -> state.set(askForState(ledger)));
    try {
      boolean _ = asking.join(STATE_PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Objects.requireNonNull(state.get());
  }

  private static String askForState(Ledger ledger) {
    try {
      return ledger.read(new Partition(PartitionKind.CLUSTER, "status")).version() >= 0
          ? "ok"
          : "damaged";
    } catch (StoreException e) {
      return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public void close() {
    closeAll(parts);
  }

  private static void closeAll(Deque<AutoCloseable> parts) {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (IOException | RuntimeException e) {
        // The others have to be closed all the same; what was acknowledged is durable.
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
