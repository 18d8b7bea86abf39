package org.everpost.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.KeyRange;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger tests share: names of their own, short ways to write rows, many threads at once.
 */
final class Ledgers {

  private Ledgers() {}

  /** A partition no other test and no earlier run has used. */
  static Partition partition() {
    return partition(PartitionKind.ACCOUNT);
  }

  static Partition partition(PartitionKind kind) {
    return new Partition(kind, "test-" + Long.toHexString(RandomGenerator.getDefault().nextLong()));
  }

  static CommitId commitId() {
    RandomGenerator random = RandomGenerator.getDefault();
    return new CommitId(random.nextLong(), random.nextLong());
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] bytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  static long number(byte @Nullable [] value) {
    return value == null ? 0 : ByteBuffer.wrap(value).getLong();
  }

  static Mutation put(String key, String value) {
    return new Mutation.Put(bytes(key), bytes(value));
  }

  static Mutation put(byte[] key, byte[] value) {
    return new Mutation.Put(key, value);
  }

  static Mutation delete(String key) {
    return new Mutation.Delete(bytes(key));
  }

  static Mutation deleteRange(String from, String to) {
    return new Mutation.DeleteRange(new KeyRange(bytes(from), bytes(to)));
  }

  /** A commit that nothing disturbs. */
  static void commit(Ledger ledger, Partition partition, long expected, Mutation... mutations) {
    assertThat(ledger.commit(partition, expected, commitId(), List.of(mutations)))
        .isEqualTo(new CommitResult.Committed(expected + 1));
  }

  /** All rows as {@code key=value}, read in pages of seven. */
  static List<String> rows(Ledger ledger, Partition partition) {
    return rows(ledger, partition, KeyRange.ALL, Direction.ASCENDING, 7).stream()
        .map(row -> text(row.key()) + "=" + text(row.value()))
        .toList();
  }

  static List<Row> rows(
      Ledger ledger, Partition partition, KeyRange range, Direction direction, int page) {
    List<Row> all = new ArrayList<>();
    KeyRange rest = range;
    while (true) {
      List<Row> rows = ledger.read(partition).scan(rest, page, direction);
      all.addAll(rows);
      if (rows.size() < page) {
        return all;
      }
      byte[] last = rows.getLast().key();
      rest = direction == Direction.ASCENDING ? rest.after(last) : rest.before(last);
    }
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Runs all tasks at once, each on a virtual thread; fails as the first that fails. */
  static <T> List<T> atOnce(List<? extends Callable<T>> tasks) throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> futures = new ArrayList<>();
      for (Callable<T> task : tasks) {
        futures.add(executor.submit(task));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        try {
          results.add(future.get());
        } catch (ExecutionException e) {
          if (e.getCause() instanceof AssertionError failed) {
            throw failed;
          }
          throw e;
        }
      }
      return results;
    }
  }
}
