package org.everpost.store.rocksdb;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.everpost.store.ContractLimits;
import org.everpost.store.KeyRange;
import org.everpost.store.PartitionView;
import org.jspecify.annotations.Nullable;

/**
 * One look at a partition.
 *
 * @param cached whether blocks that are scanned are kept in memory: a queue is read seldom, and all
 *     of it, and would drive out what users read
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record RocksDbView(Rows rows, byte[] prefix, long version, boolean cached)
    implements PartitionView {

  @Override
  public byte @Nullable [] get(byte[] key) {
    ContractLimits.checkKey(key);
    return rows.get(RocksDbLayout.rowKey(prefix, key));
  }

  @Override
  public List<byte @Nullable []> getAll(List<byte[]> keys) {
    keys.forEach(ContractLimits::checkKey);
    List<byte @Nullable []> values = new ArrayList<>(keys.size());
    for (byte[] key : keys) {
      values.add(rows.get(RocksDbLayout.rowKey(prefix, key)));
    }
    return values;
  }

  @Override
  public List<Row> scan(KeyRange range, int limit, Direction direction) {
    ContractLimits.checkScan(range, limit);
    return range.to() != null && Arrays.compareUnsigned(range.from(), range.to()) >= 0
        ? List.of()
        : rows.scan(prefix, range, limit, direction, cached);
  }
}
