package org.everpost.store.rocksdb;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.everpost.store.KeyRange;
import org.everpost.store.Mutation;
import org.jspecify.annotations.Nullable;

/**
 * The mutations of a commit with their stored keys, made by the caller so that the committer has
 * less to do.
 *
 * <p>A range is deleted row by row if it holds few: RocksDB keeps a range deletion in memory as a
 * whole and goes through all of them at every read. The rows are those of the expected version; if
 * the partition has moved on the commit will be a conflict anyway.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record CommitOps(List<Work.Op> list, int octets) {

  /** With more rows than this in its ranges a commit deletes ranges. */
  private static final int MAX_ROWS_DELETED_SINGLY = 1_000;

  private static final int OCTETS_A_ROW = 48;

  static CommitOps of(Rows rows, byte[] prefix, long expected, List<Mutation> mutations) {
    List<KeyRange> ranges = new ArrayList<>();
    for (Mutation mutation : mutations) {
      if (mutation instanceof Mutation.DeleteRange(KeyRange range)) {
        ranges.add(range);
      }
    }
    return ranges.isEmpty()
        ? plain(prefix, mutations)
        : withRanges(
            prefix, mutations, rows.keys(prefix, expected, ranges, MAX_ROWS_DELETED_SINGLY));
  }

  private static CommitOps plain(byte[] prefix, List<Mutation> mutations) {
    return withRanges(prefix, mutations, null);
  }

  private static CommitOps withRanges(
      byte[] prefix, List<Mutation> mutations, @Nullable List<List<byte[]>> rangeKeys) {
    List<Work.Op> ops = new ArrayList<>(mutations.size());
    NavigableSet<byte[]> put = new TreeSet<>(Arrays::compareUnsigned);
    int octets = 2 * OCTETS_A_ROW;
    int range = 0;
    for (Mutation mutation : mutations) {
      switch (mutation) {
        case Mutation.Put(byte[] key, byte[] value) -> {
          byte[] stored = RocksDbLayout.rowKey(prefix, key);
          ops.add(new Work.Op.Put(stored, value));
          octets += stored.length + value.length;
          if (rangeKeys != null) {
            put.add(stored);
          }
        }
        case Mutation.Delete(byte[] key) ->
            ops.add(new Work.Op.Delete(RocksDbLayout.rowKey(prefix, key)));
        case Mutation.DeleteRange(KeyRange deleted) -> {
          byte[] from = RocksDbLayout.rowKey(prefix, deleted.from());
          byte[] end = RocksDbLayout.rangeEnd(prefix, deleted);
          if (Arrays.compareUnsigned(from, end) >= 0) {
            range++;
          } else if (rangeKeys == null) {
            ops.add(new Work.Op.DeleteRange(from, end));
          } else {
            rangeKeys.get(range++).forEach(key -> ops.add(new Work.Op.Delete(key)));
            NavigableSet<byte[]> within = put.subSet(from, true, end, false);
            within.forEach(key -> ops.add(new Work.Op.Delete(key)));
            within.clear();
          }
        }
      }
    }
    return new CommitOps(ops, octets + ops.size() * OCTETS_A_ROW);
  }
}
