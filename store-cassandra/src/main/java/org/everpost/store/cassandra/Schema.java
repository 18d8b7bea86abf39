package org.everpost.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.everpost.store.StoreUnavailableException;

/**
 * The keyspaces and tables. Each table has an id that follows from its name: two nodes of a new
 * cluster that create it at the same moment, each through another Cassandra node, then mean the
 * same table, where ids by chance would leave two that never agree.
 */
final class Schema {

  private static final Duration LIMIT = Duration.ofSeconds(20);

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

  /** Creates what is missing and waits until all nodes that are up know it. */
  void create() {
    String main = options.keyspace();
    String hints = hintsKeyspace(options);
    boolean complete = has(main, "ledger") && has(main, "blobs") && has(hints, "hints");
    if (!complete) {
      createKeyspace(main, true);
      createKeyspace(hints, false);
      createTable(main, "ledger", LEDGER_COLUMNS, LEDGER_OPTIONS);
      createTable(main, "blobs", BLOBS_COLUMNS, BLOBS_OPTIONS);
      createTable(hints, "hints", HINTS_COLUMNS, HINTS_OPTIONS);
    }
    if (!session.checkSchemaAgreement()) {
      throw new StoreUnavailableException("the Cassandra nodes do not agree on the schema");
    }
  }

  private boolean has(String keyspace, String table) {
    return session.getMetadata().getKeyspace(keyspace).flatMap(k -> k.getTable(table)).isPresent();
  }

  private void createKeyspace(String keyspace, boolean durable) {
    execute(
        "CREATE KEYSPACE IF NOT EXISTS %s WITH replication = {'class':'NetworkTopologyStrategy','%s':%d} AND durable_writes = %s"
            .formatted(keyspace, options.datacenter(), options.replicationFactor(), durable));
  }

  private void createTable(String keyspace, String table, String columns, List<String> with) {
    String name = keyspace + "." + table;
    UUID id = UUID.nameUUIDFromBytes(("everpost " + name).getBytes(StandardCharsets.UTF_8));
    execute(
        "CREATE TABLE IF NOT EXISTS %s (%s) WITH id = %s AND %s"
            .formatted(name, columns, id, String.join(" AND ", with)));
  }

  private void execute(String statement) {
    session.execute(SimpleStatement.newInstance(statement).setIdempotent(true).setTimeout(LIMIT));
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
