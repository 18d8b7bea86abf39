package org.everpost.store.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.everpost.store.KeyRange;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.jspecify.annotations.Nullable;

/** Reads rows of the ledger, all at QUORUM. Safe for any number of threads. */
final class RowReader {

  private static final int KEYS_AT_ONCE = 100;

  /**
   * So many rows are asked for first, and after that as many as were about {@link #PAGE_OCTETS}.
   */
  private static final int FIRST_PAGE = 256;

  private static final int LARGEST_PAGE = 2_000;
  private static final int PAGE_OCTETS = 1 << 20;

  private final Requests requests;
  private final PreparedStatement readRow;
  private final PreparedStatement readRows;
  private final PreparedStatement scanUp;
  private final PreparedStatement scanDown;

  RowReader(Requests requests, String table) {
    this.requests = requests;
    String rows = "SELECT key, value FROM " + table + " WHERE partition = ? AND key ";
    this.readRow = requests.prepare(rows + "= ?");
    this.readRows = requests.prepare(rows + "IN ?");
    this.scanUp = requests.prepare(rows + ">= ? AND key < ? LIMIT ?");
    this.scanDown = requests.prepare(rows + ">= ? AND key < ? ORDER BY key DESC LIMIT ?");
  }

  byte @Nullable [] get(ByteBuffer partition, ByteBuffer key) {
    Row row = requests.row(reading(readRow.bind(partition, key)));
    return row == null ? null : RowKeys.bytes(value(row));
  }

  List<byte @Nullable []> getAll(ByteBuffer partition, List<ByteBuffer> keys) {
    Map<ByteBuffer, byte[]> found = new HashMap<>();
    for (int from = 0; from < keys.size(); from += KEYS_AT_ONCE) {
      List<ByteBuffer> some = keys.subList(from, Math.min(keys.size(), from + KEYS_AT_ONCE));
      for (Row row : requests.rows(reading(readRows.bind(partition, some)))) {
        found.put(key(row), RowKeys.bytes(value(row)));
      }
    }
    List<byte @Nullable []> values = new ArrayList<>(keys.size());
    keys.forEach(key -> values.add(found.get(key)));
    return values;
  }

  List<PartitionView.Row> scan(
      ByteBuffer partition, KeyRange range, int limit, Direction direction) {
    boolean up = direction == Direction.ASCENDING;
    List<PartitionView.Row> found = new ArrayList<>();
    KeyRange rest = range;
    int page = FIRST_PAGE;
    while (true) {
      int asked = Math.min(page, limit - found.size());
      BoundStatement statement =
          (up ? scanUp : scanDown)
              .bind(partition, RowKeys.row(rest.from()), RowKeys.rangeEnd(rest.to()), asked);
      long octets = 0;
      int rows = 0;
      for (Row row : requests.rows(reading(statement.setPageSize(asked)))) {
        byte[] value = RowKeys.bytes(value(row));
        found.add(new PartitionView.Row(RowKeys.key(key(row)), value));
        octets += value.length;
        rows++;
      }
      if (rows < asked || found.size() == limit) {
        return found;
      }
      byte[] last = found.getLast().key();
      rest = up ? rest.after(last) : rest.before(last);
      page = Math.clamp(PAGE_OCTETS * (long) rows / Math.max(1, octets), 1, LARGEST_PAGE);
    }
  }

  private static BoundStatement reading(BoundStatement statement) {
    return statement
        .setConsistencyLevel(ConsistencyLevel.QUORUM)
        .setIdempotent(true)
        .setTimeout(Requests.READ_LIMIT);
  }

  private static ByteBuffer key(Row row) {
    return Objects.requireNonNull(row.getByteBuffer("key"));
  }

  /** A row's only cell: without it there is no row. */
  private static ByteBuffer value(Row row) {
    return Objects.requireNonNull(row.getByteBuffer("value"));
  }
}
