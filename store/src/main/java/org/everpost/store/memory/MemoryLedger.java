package org.everpost.store.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.ContractLimits;
import org.everpost.store.KeyRange;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView;
import org.jspecify.annotations.Nullable;

/** Partitions as sorted maps, each under its own lock. */
final class MemoryLedger implements Ledger {

  private final Map<Partition, Rows> partitions = new ConcurrentHashMap<>();
  private final Runnable requireOpen;

  MemoryLedger(Runnable requireOpen) {
    this.requireOpen = requireOpen;
  }

  /** One partition. Guarded by itself. */
  private static final class Rows {
    long version;
    final NavigableMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
    final LinkedHashMap<CommitId, Long> remembered = new LinkedHashMap<>();

    void apply(Mutation mutation) {
      switch (mutation) {
        case Mutation.Put(byte[] key, byte[] value) -> rows.put(key.clone(), value.clone());
        case Mutation.Delete(byte[] key) -> rows.remove(key);
        case Mutation.DeleteRange(KeyRange range) -> within(range).clear();
      }
    }

    NavigableMap<byte[], byte[]> within(KeyRange range) {
      byte[] to = range.to();
      if (to == null) {
        return rows.tailMap(range.from(), true);
      }
      boolean empty = Arrays.compareUnsigned(range.from(), to) >= 0;
      return rows.subMap(range.from(), true, empty ? range.from() : to, false);
    }
  }

  @Override
  public PartitionView read(Partition partition) {
    requireOpen.run();
    Rows rows = partitions.get(partition);
    if (rows == null) {
      return new View(partition, 0);
    }
    synchronized (rows) {
      return new View(partition, rows.version);
    }
  }

  @Override
  public CommitResult commit(
      Partition partition, long expectedVersion, CommitId commitId, List<Mutation> mutations) {
    ContractLimits.checkCommit(expectedVersion, mutations);
    requireOpen.run();
    Rows rows = partitions.computeIfAbsent(partition, p -> new Rows());
    synchronized (rows) {
      Long before = rows.remembered.get(commitId);
      if (before != null) {
        if (before != expectedVersion + 1) {
          throw new IllegalArgumentException("a commit id used for two commits");
        }
        return new CommitResult.Committed(before);
      }
      if (rows.version != expectedVersion) {
        return new CommitResult.Conflict(rows.version);
      }
      mutations.forEach(rows::apply);
      rows.version++;
      rows.remembered.put(commitId, rows.version);
      if (rows.remembered.size() > REMEMBERED_COMMITS) {
        rows.remembered.pollFirstEntry();
      }
      return new CommitResult.Committed(rows.version);
    }
  }

  @Override
  public void partitions(PartitionKind kind, Consumer<Partition> visitor) {
    requireOpen.run();
    partitions.forEach((partition, rows) -> {
      if (partition.kind() == kind && read(partition).version() > 0) {
        visitor.accept(partition);
      }
    });
  }

  private final class View implements PartitionView {

    private final Partition partition;
    private final long version;

    View(Partition partition, long version) {
      this.partition = partition;
      this.version = version;
    }

    @Override
    public long version() {
      return version;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
      ContractLimits.checkKey(key);
      requireOpen.run();
      Rows rows = partitions.get(partition);
      if (rows == null) {
        return null;
      }
      synchronized (rows) {
        byte[] value = rows.rows.get(key);
        return value == null ? null : value.clone();
      }
    }

    @Override
    public List<byte @Nullable []> getAll(List<byte[]> keys) {
      List<byte @Nullable []> values = new ArrayList<>(keys.size());
      for (byte[] key : keys) {
        values.add(get(key));
      }
      return values;
    }

    @Override
    public List<Row> scan(KeyRange range, int limit, Direction direction) {
      ContractLimits.checkScan(range, limit);
      requireOpen.run();
      List<Row> found = new ArrayList<>();
      Rows rows = partitions.get(partition);
      if (rows == null) {
        return found;
      }
      synchronized (rows) {
        NavigableMap<byte[], byte[]> within = rows.within(range);
        var ordered = direction == Direction.ASCENDING ? within : within.descendingMap();
        for (Map.Entry<byte[], byte[]> row : ordered.entrySet()) {
          if (found.size() == limit) {
            break;
          }
          found.add(new Row(row.getKey().clone(), row.getValue().clone()));
        }
        return found;
      }
    }
  }
}
