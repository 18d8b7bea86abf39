package org.everpost.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.loadbalancing.NodeDistance;
import com.datastax.oss.driver.api.core.metadata.Node;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.everpost.store.StoreUnavailableException;

/**
 * The keyspaces and tables. Each table has an id that follows from its name: two nodes of a new
 * cluster that create it at the same moment, each through another Cassandra node, then mean the
 * same table, where ids by chance would leave two that never agree.
 */
final class Schema {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Set<String> TABLES = Set.of("ledger", "blobs", "hints");

  private final CqlSession session;
  private final CassandraOptions options;

  Schema(CqlSession session, CassandraOptions options) {
    this.session = session;
    this.options = options;
  }

  /** The keyspace of what may be lost: not waiting for the commit log. */
  static String hintsKeyspace(CassandraOptions options) {
    return options.keyspace() + "_hints";
  }

  /**
   * Creates what is missing and waits until all nodes that answer have it. One node is asked for
   * all of it, as another may not have heard yet of the keyspace that the tables go into. Whether
   * the nodes agree on their whole schema is not asked: they do not while Cassandra is upgraded
   * node by node.
   */
  void create() {
    boolean missing = !isKnown();
    if (missing) {
      createSomewhere();
    }
    nodes().forEach(node -> awaitAt(node, missing));
  }

  private boolean isKnown() {
    return has(options.keyspace(), "ledger")
        && has(options.keyspace(), "blobs")
        && has(hintsKeyspace(options), "hints");
  }

  private boolean has(String keyspace, String table) {
    return session.getMetadata().getKeyspace(keyspace).flatMap(k -> k.getTable(table)).isPresent();
  }

  /** Those that may be asked, in the same order for all who do so at the same moment. */
  private List<Node> nodes() {
    return session.getMetadata().getNodes().values().stream()
        .filter(node -> node.getDistance() == NodeDistance.LOCAL)
        .sorted(Comparator.comparing(node -> String.valueOf(node.getHostId())))
        .toList();
  }

  private void createSomewhere() {
    DriverException failure = null;
    for (Node node : nodes()) {
      try {
        createAll(node);
        return;
      } catch (DriverException e) {
        failure = e;
      }
    }
    throw new StoreUnavailableException("no Cassandra node makes the tables", failure);
  }

  private void createAll(Node node) {
    String main = options.keyspace();
    String hints = hintsKeyspace(options);
    createKeyspace(node, main, true);
    createKeyspace(node, hints, false);
    createTable(node, main, "ledger", LEDGER_COLUMNS, LEDGER_OPTIONS);
    createTable(node, main, "blobs", BLOBS_COLUMNS, BLOBS_OPTIONS);
    createTable(node, hints, "hints", HINTS_COLUMNS, HINTS_OPTIONS);
  }

  /**
   * Returns when {@code node} has the tables, or cannot be reached: then others serve without it.
   *
   * @param patiently whether one that is slow to answer is asked again
   */
  private void awaitAt(Node node, boolean patiently) {
    SimpleStatement ask =
        SimpleStatement.newInstance(
                "SELECT table_name FROM system_schema.tables WHERE keyspace_name IN (?, ?)",
                options.keyspace(),
                hintsKeyspace(options))
            .setIdempotent(true)
            .setNode(node);
    long begun = System.nanoTime(); // nobody sets this clock
    boolean late = false;
    while (!late) {
      late = System.nanoTime() - begun > LIMIT.toNanos();
      try {
        Set<String> tables = new HashSet<>();
        session.execute(ask).forEach(row -> tables.add(row.getString("table_name")));
        if (tables.containsAll(TABLES)) {
          return;
        }
        if (late || Thread.currentThread().isInterrupted()) {
          throw new StoreUnavailableException(
              "the Cassandra node at " + node.getEndPoint() + " does not hear of the tables");
        }
      } catch (DriverTimeoutException e) {
        if (!patiently) {
          return;
        }
      } catch (DriverException e) {
        return;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private void createKeyspace(Node node, String keyspace, boolean durable) {
    execute(
        node,
        "CREATE KEYSPACE IF NOT EXISTS %s WITH replication = {'class':'NetworkTopologyStrategy','%s':%d} AND durable_writes = %s"
            .formatted(keyspace, options.datacenter(), options.replicationFactor(), durable));
  }

  private void createTable(
      Node node, String keyspace, String table, String columns, List<String> with) {
    String name = keyspace + "." + table;
    UUID id = UUID.nameUUIDFromBytes(("everpost " + name).getBytes(StandardCharsets.UTF_8));
    execute(
        node,
        "CREATE TABLE IF NOT EXISTS %s (%s) WITH id = %s AND %s"
            .formatted(name, columns, id, String.join(" AND ", with)));
  }

  private void execute(Node node, String statement) {
    session.execute(
        SimpleStatement.newInstance(statement).setIdempotent(true).setTimeout(LIMIT).setNode(node));
  }

  private static final String LEDGER_COLUMNS =
      "partition blob, version bigint static, key blob, value blob, PRIMARY KEY (partition, key)";

  /**
   * Without read repair: it would copy single rows of a commit from one node to another, and a
   * reader could see a commit in part. Nodes get what they missed as hints and by repair, whole
   * commits both.
   */
  private static final List<String> LEDGER_OPTIONS =
      List.of(
          "read_repair = 'NONE'",
          "compaction = {'class':'UnifiedCompactionStrategy'}",
          "compression = {'class':'LZ4Compressor','chunk_length_in_kb':16}");

  private static final String BLOBS_COLUMNS =
      "id blob, chunk int, data blob, PRIMARY KEY (id, chunk)";

  /**
   * Chunks are compressed already, and carry a checksum. Without read repair: it takes the greater
   * of two different values, and could copy a damaged chunk over the good ones.
   */
  private static final List<String> BLOBS_OPTIONS =
      List.of(
          "read_repair = 'NONE'",
          "compaction = {'class':'UnifiedCompactionStrategy'}",
          "compression = {'enabled':false}");

  private static final String HINTS_COLUMNS =
      "name text, key blob, value blob, PRIMARY KEY ((name, key))";

  /**
   * Written to files every five minutes: without a commit log a node that is killed else loses all
   * that came since its memory was last full, which is weeks of whom mail is wanted from.
   */
  private static final List<String> HINTS_OPTIONS =
      List.of(
          "read_repair = 'NONE'",
          "gc_grace_seconds = 3600",
          "memtable_flush_period_in_ms = 300000",
          "compaction = {'class':'UnifiedCompactionStrategy'}");
}
