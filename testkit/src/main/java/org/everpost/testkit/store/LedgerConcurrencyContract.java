package org.everpost.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.testkit.store.Ledgers.atOnce;
import static org.everpost.testkit.store.Ledgers.bytes;
import static org.everpost.testkit.store.Ledgers.commit;
import static org.everpost.testkit.store.Ledgers.commitId;
import static org.everpost.testkit.store.Ledgers.number;
import static org.everpost.testkit.store.Ledgers.partition;
import static org.everpost.testkit.store.Ledgers.put;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.CommitResult.Committed;
import org.everpost.store.CommitResult.Conflict;
import org.everpost.store.KeyRange;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;
import org.everpost.store.Store;
import org.everpost.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a ledger promises to many callers at once. */
public abstract class LedgerConcurrencyContract {

  private static final int ACCOUNTS = 10;
  private static final int ROWS = 40;
  private static final byte[] COUNTER = bytes("counter");

  /** The engine under test; it may have been used before. */
  protected abstract Store store();

  protected Effort effort() {
    return Effort.QUICK;
  }

  @Test
  void noUpdateOfACounterIsLost() throws Exception {
    Partition partition = partition();
    int writers = Math.min(16, effort().writers());
    int commits = effort().commits();
    List<List<Long>> versions =
        atOnce(
            Collections.nCopies(
                writers,
                () -> {
                  List<Long> made = new ArrayList<>();
                  while (made.size() < commits) {
                    increment(partition, made);
                  }
                  return made;
                }));
    long total = (long) writers * commits;
    assertThat(versions.stream().flatMap(List::stream).sorted())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, total).boxed().toList());
    PartitionView view = store().ledger().read(partition);
    assertThat(view.version()).isEqualTo(total);
    assertThat(number(view.get(COUNTER))).isEqualTo(total);
  }

  private void increment(Partition partition, List<Long> made) {
    PartitionView view = store().ledger().read(partition);
    long before = number(view.get(COUNTER));
    List<Mutation> mutations = List.of(put(COUNTER, bytes(before + 1)));
    switch (store().ledger().commit(partition, view.version(), commitId(), mutations)) {
      case Committed(long version) -> made.add(version);
      case Conflict(long actual) -> assertThat(actual).isGreaterThan(view.version());
    }
  }

  @Test
  void writersOfDifferentPartitionsDoNotMeet() throws Exception {
    List<Partition> partitions = new ArrayList<>();
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int i = 0; i < effort().writers(); i++) {
      Partition partition = partition();
      partitions.add(partition);
      tasks.add(() -> {
        for (int version = 0; version < effort().commits(); version++) {
          commit(store().ledger(), partition, version, put("row " + version, "x"));
        }
        return true;
      });
    }
    atOnce(tasks);
    for (Partition partition : partitions) {
      PartitionView view = store().ledger().read(partition);
      assertThat(view.version()).isEqualTo(effort().commits());
      assertThat(view.scan(KeyRange.ALL, 10_000, Direction.ASCENDING)).hasSize(effort().commits());
    }
  }

  @Test
  void noReaderSeesHalfACommit() throws Exception {
    Partition partition = partition();
    AtomicBoolean done = new AtomicBoolean();
    List<Callable<Integer>> tasks = new ArrayList<>();
    tasks.add(() -> {
      try {
        for (int version = 0; version < 4 * effort().commits(); version++) {
          commit(store().ledger(), partition, version, allRows(version + 1));
        }
      } finally {
        done.set(true);
      }
      return 0;
    });
    for (int i = 0; i < 4; i++) {
      Direction direction = i % 2 == 0 ? Direction.ASCENDING : Direction.DESCENDING;
      tasks.add(() -> {
        int looks = 0;
        while (!done.get()) {
          look(partition, direction);
          looks++;
        }
        return looks;
      });
    }
    atOnce(tasks);
  }

  /** Every row carries the version; every other commit leaves out the odd rows. */
  private static Mutation[] allRows(long version) {
    List<Mutation> mutations = new ArrayList<>();
    mutations.add(new Mutation.DeleteRange(KeyRange.ALL));
    for (int row = 0; row < ROWS; row++) {
      if (version % 2 == 0 || row % 2 == 0) {
        mutations.add(put(bytes(row), bytes(version)));
      }
    }
    return mutations.toArray(Mutation[]::new);
  }

  private void look(Partition partition, Direction direction) {
    PartitionView view = store().ledger().read(partition);
    List<Row> rows = view.scan(KeyRange.ALL, 1_000, direction);
    boolean quiet = store().ledger().read(partition).version() == view.version();
    if (rows.isEmpty()) {
      assertThat(view.version()).isZero();
      return;
    }
    List<Long> seen = rows.stream().map(row -> number(row.value())).distinct().toList();
    assertThat(seen).allMatch(version -> version >= view.version());
    if (quiet || !store().shared()) {
      long version = seen.getFirst();
      assertThat(seen).hasSize(1);
      assertThat(rows).hasSize(version % 2 == 0 ? ROWS : ROWS / 2);
      if (quiet) {
        assertThat(version).isEqualTo(view.version());
      }
    }
  }

  @Test
  void whatADecisionReadIsWhatItCommitsAgainst() throws Exception {
    Partition partition = partition();
    Mutation[] opening =
        IntStream.range(0, ACCOUNTS)
            .mapToObj(account -> put(bytes(account), bytes(100)))
            .toArray(Mutation[]::new);
    commit(store().ledger(), partition, 0, opening);
    int writers = Math.min(8, effort().writers());
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      SplittableRandom random = new SplittableRandom(i);
      tasks.add(() -> {
        int done = 0;
        while (done < effort().commits()) {
          done += transfer(partition, random) ? 1 : 0;
        }
        return true;
      });
    }
    atOnce(tasks);
    PartitionView view = store().ledger().read(partition);
    assertThat(view.version()).isEqualTo(1 + (long) writers * effort().commits());
    assertThat(sum(view)).isEqualTo(100 * ACCOUNTS);
  }

  private boolean transfer(Partition partition, SplittableRandom random) {
    int from = random.nextInt(ACCOUNTS);
    int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
    PartitionView view = store().ledger().read(partition);
    List<byte @Nullable []> both = view.getAll(List.of(bytes(from), bytes(to)));
    long sum = sum(view);
    List<Mutation> mutations =
        List.of(
            put(bytes(from), bytes(number(both.get(0)) - 1)),
            put(bytes(to), bytes(number(both.get(1)) + 1)));
    CommitResult result = store().ledger().commit(partition, view.version(), commitId(), mutations);
    if (result instanceof Conflict) {
      return false;
    }
    assertThat(sum).isEqualTo(100 * ACCOUNTS);
    return true;
  }

  private static long sum(PartitionView view) {
    return view.scan(KeyRange.ALL, 100, Direction.ASCENDING).stream()
        .mapToLong(row -> number(row.value()))
        .sum();
  }

  @Test
  void oneCommitSentByManyIsAppliedOnce() throws Exception {
    Partition partition = partition();
    for (int version = 0; version < 5; version++) {
      CommitId id = commitId();
      long expected = version;
      Callable<CommitResult> call =
          () -> store().ledger().commit(partition, expected, id, List.of(put("a", "1")));
      assertThat(atOnce(Collections.nCopies(8, call))).containsOnly(new Committed(version + 1));
    }
    assertThat(store().ledger().read(partition).version()).isEqualTo(5);
  }

  @Test
  void anOutcomeThatStayedUnknownIsClearedUpByRepeating() throws Exception {
    Partition partition = partition();
    int writers = Math.min(8, effort().writers());
    int commits = effort().commits();
    atOnce(
        Collections.nCopies(
            writers,
            () -> {
              int done = 0;
              while (done < commits) {
                done += incrementInterrupted(partition) ? 1 : 0;
              }
              return true;
            }));
    PartitionView view = store().ledger().read(partition);
    assertThat(number(view.get(COUNTER))).isEqualTo((long) writers * commits);
    assertThat(view.version()).isEqualTo((long) writers * commits);
  }

  /** The first call is made by an interrupted thread: it gets its answer or must ask again. */
  private boolean incrementInterrupted(Partition partition) {
    PartitionView view = store().ledger().read(partition);
    CommitId id = commitId();
    List<Mutation> mutations = List.of(put(COUNTER, bytes(number(view.get(COUNTER)) + 1)));
    Thread.currentThread().interrupt();
    CommitResult result;
    try {
      result = store().ledger().commit(partition, view.version(), id, mutations);
      assertThat(Thread.interrupted()).isTrue();
    } catch (StoreUnavailableException e) {
      assertThat(Thread.interrupted()).isTrue();
      result = store().ledger().commit(partition, view.version(), id, mutations);
    }
    return result instanceof Committed;
  }
}
