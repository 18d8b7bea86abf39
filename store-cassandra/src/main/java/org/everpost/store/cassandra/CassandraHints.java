package org.everpost.store.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.everpost.store.ContractLimits;
import org.everpost.store.Hints;
import org.jspecify.annotations.Nullable;

/**
 * Hints as a table whose rows expire: written to and read from the nearest replica, the others hear
 * of it when they can, and no commit log waits for it. Safe for any number of threads.
 */
final class CassandraHints implements Hints {

  private final Requests requests;
  private final PreparedStatement put;
  private final PreparedStatement get;
  private final PreparedStatement delete;

  CassandraHints(Requests requests, String keyspace) {
    String table = keyspace + ".hints";
    this.requests = requests;
    this.put =
        requests.prepare(
            "INSERT INTO " + table + " (name, key, value) VALUES (?, ?, ?) USING TTL ?");
    this.get = requests.prepare("SELECT value FROM " + table + " WHERE name = ? AND key = ?");
    this.delete = requests.prepare("DELETE FROM " + table + " WHERE name = ? AND key = ?");
  }

  @Override
  public void put(String table, byte[] key, byte[] value, Duration timeToLive) {
    ContractLimits.checkHint(table, key, value, timeToLive);
    int seconds = Math.toIntExact(timeToLive.toSeconds());
    requests.rows(nearest(put.bind(table, ByteBuffer.wrap(key), ByteBuffer.wrap(value), seconds)));
  }

  @Override
  public byte @Nullable [] get(String table, byte[] key) {
    ContractLimits.checkHintKey(table, key);
    Row row = requests.row(nearest(get.bind(table, ByteBuffer.wrap(key))));
    ByteBuffer value = row == null ? null : row.getByteBuffer("value");
    return value == null ? null : RowKeys.bytes(value);
  }

  @Override
  public void delete(String table, byte[] key) {
    ContractLimits.checkHintKey(table, key);
    requests.rows(nearest(delete.bind(table, ByteBuffer.wrap(key))));
  }

  private static BoundStatement nearest(BoundStatement statement) {
    return statement
        .setConsistencyLevel(ConsistencyLevel.LOCAL_ONE)
        .setIdempotent(true)
        .setTimeout(Requests.HINT_LIMIT);
  }
}
