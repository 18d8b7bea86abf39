package org.everpost.store.rocksdb;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.everpost.store.KeyRange;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;
import org.everpost.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Status;

/** Reads rows of the ledger by their stored keys. Safe for any number of threads. */
final class Rows {

  private final Database database;
  private final ReadLane lane;

  Rows(Database database, ReadLane lane) {
    this.database = database;
    this.lane = lane;
  }

  /** A value, or null. Most are in memory: asked for there first, which never waits. */
  byte @Nullable [] get(byte[] key) {
    try {
      return database.read(open -> open.db().get(open.ledger(), database.inMemory(), key));
    } catch (RocksDBException e) {
      if (!isIncomplete(e)) {
        throw unreadable(e);
      }
      return lane.read(() -> getAnywhere(key));
    }
  }

  private byte @Nullable [] getAnywhere(byte[] key) {
    try {
      return database.read(open -> open.db().get(open.ledger(), database.everywhere(), key));
    } catch (RocksDBException e) {
      throw unreadable(e);
    }
  }

  private static boolean isIncomplete(RocksDBException e) {
    Status status = e.getStatus();
    return status != null && status.getCode() == Status.Code.Incomplete;
  }

  static StoreUnavailableException unreadable(RocksDBException e) {
    return new StoreUnavailableException("the store cannot read", e);
  }

  /**
   * Up to {@code limit} rows, as of one moment.
   *
   * @param cached whether what had to be read is kept in memory
   */
  List<Row> scan(byte[] prefix, KeyRange range, int limit, Direction direction, boolean cached) {
    return lane.read(() -> {
      try {
        return database.read(open -> scan(open, prefix, range, limit, direction, cached));
      } catch (RocksDBException e) {
        throw unreadable(e);
      }
    });
  }

  private static List<Row> scan(
      Database.Handle open,
      byte[] prefix,
      KeyRange range,
      int limit,
      Direction direction,
      boolean cached)
      throws RocksDBException {
    List<Row> rows = new ArrayList<>();
    try (Slice from = new Slice(RocksDbLayout.rowKey(prefix, range.from()));
        Slice end = new Slice(RocksDbLayout.rangeEnd(prefix, range));
        ReadOptions options =
            new ReadOptions()
                .setIterateLowerBound(from)
                .setIterateUpperBound(end)
                .setFillCache(cached);
        RocksIterator iterator = open.db().newIterator(open.ledger(), options)) {
      boolean ascending = direction == Direction.ASCENDING;
      if (ascending) {
        iterator.seekToFirst();
      } else {
        iterator.seekToLast();
      }
      while (iterator.isValid()) {
        rows.add(new Row(RocksDbLayout.row(prefix, iterator.key()), iterator.value()));
        if (rows.size() == limit) {
          break;
        }
        if (ascending) {
          iterator.next();
        } else {
          iterator.prev();
        }
      }
      iterator.status();
    }
    return rows;
  }

  /**
   * The stored keys of ranges, as of one moment.
   *
   * @param version what the partition must be at, else the answer is null
   * @param limit how many keys there may be in all, else the answer is null
   */
  @Nullable List<List<byte[]>> keys(byte[] prefix, long version, List<KeyRange> ranges, int limit) {
    return lane.read(() -> {
      try {
        return database.read(open -> keys(open, prefix, version, ranges, limit));
      } catch (RocksDBException e) {
        throw unreadable(e);
      }
    });
  }

  private static @Nullable List<List<byte[]>> keys(
      Database.Handle open, byte[] prefix, long version, List<KeyRange> ranges, int limit)
      throws RocksDBException {
    List<List<byte[]>> found = new ArrayList<>();
    int left = limit;
    try (Slice end = new Slice(RocksDbLayout.partitionEnd(prefix));
        ReadOptions options = new ReadOptions().setIterateUpperBound(end);
        RocksIterator iterator = open.db().newIterator(open.ledger(), options)) {
      byte[] head = RocksDbLayout.headKey(prefix);
      iterator.seek(head);
      boolean present = iterator.isValid() && Arrays.equals(iterator.key(), head);
      if ((present ? RocksDbLayout.version(iterator.value()) : 0) != version) {
        return null;
      }
      for (KeyRange range : ranges) {
        List<byte[]> keys = new ArrayList<>();
        byte[] behind = RocksDbLayout.rangeEnd(prefix, range);
        iterator.seek(RocksDbLayout.rowKey(prefix, range.from()));
        while (iterator.isValid()) {
          byte[] key = iterator.key();
          if (Arrays.compareUnsigned(key, behind) >= 0) {
            break;
          }
          if (--left < 0) {
            return null;
          }
          keys.add(key);
          iterator.next();
        }
        found.add(keys);
      }
      iterator.status();
    }
    return found;
  }
}
