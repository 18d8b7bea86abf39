package org.everpost.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Ledger#read} returns: a version, and the rows as of that version or later. Holds
 * nothing that must be given back. Every call that reads may throw {@link
 * StoreUnavailableException}.
 */
public interface PartitionView {

  /** The version read when this view was made; 0 if the partition was never written. */
  long version();

  /** The value of a row, or null if there is none. The caller owns the array. */
  byte @Nullable [] get(byte[] key);

  /**
   * The values of many rows, in the order of {@code keys}, null where there is none. One round trip
   * where the engine can.
   */
  List<byte @Nullable []> getAll(List<byte[]> keys);

  /**
   * Up to {@code limit} rows of a range (at least 1); fewer only if the range has no more. One scan
   * sees each commit whole or not at all in the rows it returns, where the engine is not shared; on
   * a shared one it may see the rows of a later commit behind those of an earlier. To go on, scan
   * again from just behind the last key ({@link KeyRange#after}), or before it when descending.
   */
  List<Row> scan(KeyRange range, int limit, Direction direction);

  /** The order of a scan. */
  enum Direction {
    ASCENDING,
    DESCENDING
  }

  /** One row. The arrays belong to the caller. */
  @SuppressWarnings(
      "ArrayRecordComponent") // rows are compared nowhere; copies would double the cost
  record Row(byte[] key, byte[] value) {}
}
