package org.everpost.store.cassandra;

import java.nio.ByteBuffer;
import java.util.List;
import org.everpost.store.ContractLimits;
import org.everpost.store.KeyRange;
import org.everpost.store.PartitionView;
import org.jspecify.annotations.Nullable;

/**
 * A version that is on a quorum, and rows read when asked for: each read meets that quorum, so none
 * is older.
 */
record CassandraView(RowReader rows, ByteBuffer partition, long version) implements PartitionView {

  @Override
  public byte @Nullable [] get(byte[] key) {
    ContractLimits.checkKey(key);
    return rows.get(partition, RowKeys.row(key));
  }

  @Override
  public List<byte @Nullable []> getAll(List<byte[]> keys) {
    keys.forEach(ContractLimits::checkKey);
    return rows.getAll(partition, keys.stream().map(RowKeys::row).toList());
  }

  @Override
  public List<Row> scan(KeyRange range, int limit, Direction direction) {
    ContractLimits.checkScan(range, limit);
    return rows.scan(partition, range, limit, direction);
  }
}
