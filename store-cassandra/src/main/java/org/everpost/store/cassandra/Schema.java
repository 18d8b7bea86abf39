package org.everpost.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.NodeState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
    Map<String, List<String>> tables =
        Map.of(
            options.keyspace(),
            List.of("ledger", "blobs"),
            hintsKeyspace(options),
            List.of("hints"));
    if (!tables.entrySet().stream().allMatch(e -> knows(e.getKey(), e.getValue()))) {
      createAll(anyNode());
    }
    long begun = System.nanoTime();
    for (Node node : session.getMetadata().getNodes().values()) {
      tables.forEach((keyspace, names) -> awaitAt(node, keyspace, names, begun));
    }
  }

  private boolean knows(String keyspace, List<String> tables) {
    return session
        .getMetadata()
        .getKeyspace(keyspace)
        .filter(k -> tables.stream().allMatch(table -> k.getTable(table).isPresent()))
        .isPresent();
  }

  private Node anyNode() {
    return session.getMetadata().getNodes().values().stream()
        .filter(node -> node.getState() == NodeState.UP)
        .findFirst()
        .orElseThrow(() -> new StoreUnavailableException("no Cassandra node is up"));
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

  /** Returns when {@code node} has the tables, or gives no answer: then others serve without it. */
  private void awaitAt(Node node, String keyspace, List<String> tables, long begun) {
    SimpleStatement ask =
        SimpleStatement.newInstance(
                "SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?", keyspace)
            .setIdempotent(true)
            .setNode(node);
    while (true) {
      Set<String> has = new HashSet<>();
      try {
        session.execute(ask).forEach(row -> has.add(row.getString("table_name")));
      } catch (DriverException e) {
        return;
      }
      if (has.containsAll(tables)) {
        return;
      }
      if (System.nanoTime() - begun > LIMIT.toNanos()) {
        throw new StoreUnavailableException(
            "the Cassandra node at "
                + node.getEndPoint()
                + " does not hear of the keyspace "
                + keyspace);
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
