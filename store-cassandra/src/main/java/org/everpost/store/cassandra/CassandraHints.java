package org.everpost.store.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.everpost.store.ContractLimits;
import org.everpost.store.Hints;
import org.jspecify.annotations.Nullable;

/**
 * Hints as a table whose rows expire: written to and read from the nearest replica, the others hear
 * of it when they can, and no commit log waits for it.
 *
 * <p>Of two writes Cassandra keeps the one with the later time, which is given here: not earlier
 * than any time that was read, so that whoever has read a hint writes over it though the clock of
 * who wrote it was ahead. Safe for any number of threads.
 */
final class CassandraHints implements Hints {

  private final Requests requests;
  private final InstantSource clock;

  /** The latest time that was given to a write, or read, in microseconds since 1970. */
  private final AtomicLong latest = new AtomicLong();

  private final PreparedStatement put;
  private final PreparedStatement get;
  private final PreparedStatement delete;

  CassandraHints(Requests requests, String keyspace, InstantSource clock) {
    String table = keyspace + ".hints";
    this.requests = requests;
    this.clock = clock;
    this.put =
        requests.prepare(
            "INSERT INTO " + table + " (name, key, value) VALUES (?, ?, ?) USING TTL ?");
    this.get =
        requests.prepare(
            "SELECT value, WRITETIME(value) FROM " + table + " WHERE name = ? AND key = ?");
    this.delete = requests.prepare("DELETE FROM " + table + " WHERE name = ? AND key = ?");
  }

  @Override
  public void put(String table, byte[] key, byte[] value, Duration timeToLive) {
    ContractLimits.checkHint(table, key, value, timeToLive);
    int seconds = Math.toIntExact(timeToLive.toSeconds());
    requests.rows(write(put.bind(table, ByteBuffer.wrap(key), ByteBuffer.wrap(value), seconds)));
  }

  @Override
  public byte @Nullable [] get(String table, byte[] key) {
    ContractLimits.checkHintKey(table, key);
    Row row = requests.row(nearest(get.bind(table, ByteBuffer.wrap(key))));
    ByteBuffer value = row == null ? null : row.getByteBuffer("value");
    if (row == null || value == null) {
      return null;
    }
    latest.accumulateAndGet(row.getLong(1), Math::max);
    return RowKeys.bytes(value);
  }

  @Override
  public void delete(String table, byte[] key) {
    ContractLimits.checkHintKey(table, key);
    requests.rows(write(delete.bind(table, ByteBuffer.wrap(key))));
  }

  private BoundStatement write(BoundStatement statement) {
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    return nearest(statement)
        .setQueryTimestamp(latest.updateAndGet(before -> Math.max(before + 1, now)));
  }

  private static BoundStatement nearest(BoundStatement statement) {
    return statement
        .setConsistencyLevel(ConsistencyLevel.LOCAL_ONE)
        .setIdempotent(true)
        .setTimeout(Requests.HINT_LIMIT);
  }
}
