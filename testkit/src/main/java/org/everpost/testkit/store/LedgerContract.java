package org.everpost.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.everpost.testkit.store.Ledgers.bytes;
import static org.everpost.testkit.store.Ledgers.commit;
import static org.everpost.testkit.store.Ledgers.commitId;
import static org.everpost.testkit.store.Ledgers.delete;
import static org.everpost.testkit.store.Ledgers.deleteRange;
import static org.everpost.testkit.store.Ledgers.partition;
import static org.everpost.testkit.store.Ledgers.put;
import static org.everpost.testkit.store.Ledgers.rows;
import static org.everpost.testkit.store.Ledgers.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.CommitResult.Committed;
import org.everpost.store.CommitResult.Conflict;
import org.everpost.store.KeyRange;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a ledger promises to one caller. */
public abstract class LedgerContract {

  /** The engine under test; it may have been used before. */
  protected abstract Ledger ledger();

  protected Effort effort() {
    return Effort.QUICK;
  }

  @Test
  void aPartitionNeverWrittenIsEmpty() {
    PartitionView view = ledger().read(partition());
    assertThat(view.version()).isZero();
    assertThat(view.get(bytes("a"))).isNull();
    assertThat(view.getAll(List.of(bytes("a"), bytes("b")))).containsExactly(null, null);
    assertThat(view.getAll(List.of())).isEmpty();
    assertThat(view.scan(KeyRange.ALL, 10, Direction.ASCENDING)).isEmpty();
    assertThat(view.scan(KeyRange.ALL, 10, Direction.DESCENDING)).isEmpty();
  }

  @Test
  void eachCommitRaisesTheVersionByOne() {
    Partition partition = partition();
    for (int version = 0; version < 5; version++) {
      assertThat(ledger().read(partition).version()).isEqualTo(version);
      commit(ledger(), partition, version, put("key", "v" + version));
    }
    assertThat(rows(ledger(), partition)).containsExactly("key=v4");
  }

  @Test
  void aCommitWithoutMutationsRaisesTheVersion() {
    Partition partition = partition();
    commit(ledger(), partition, 0);
    commit(ledger(), partition, 1);
    assertThat(ledger().read(partition).version()).isEqualTo(2);
    assertThat(rows(ledger(), partition)).isEmpty();
  }

  @Test
  void aConflictTellsTheVersionAndChangesNothing() {
    Partition partition = partition();
    assertThat(ledger().commit(partition, 1, commitId(), List.of(put("a", "x"))))
        .isEqualTo(new Conflict(0));
    commit(ledger(), partition, 0, put("a", "1"));
    commit(ledger(), partition, 1, put("b", "2"));
    for (long expected : new long[] {0, 1, 3, 1000, Long.MAX_VALUE - 1}) {
      assertThat(
              ledger().commit(partition, expected, commitId(), List.of(delete("a"), put("c", "3"))))
          .isEqualTo(new Conflict(2));
    }
    assertThat(ledger().read(partition).version()).isEqualTo(2);
    assertThat(rows(ledger(), partition)).containsExactly("a=1", "b=2");
  }

  @Test
  void aPartitionKeepsItsVersionWhenAllRowsAreDeleted() {
    Partition partition = partition();
    commit(ledger(), partition, 0, put("a", "1"), put("b", "2"));
    commit(ledger(), partition, 1, new Mutation.DeleteRange(KeyRange.ALL));
    assertThat(ledger().read(partition).version()).isEqualTo(2);
    assertThat(rows(ledger(), partition)).isEmpty();
    commit(ledger(), partition, 2, put("a", "3"));
    assertThat(rows(ledger(), partition)).containsExactly("a=3");
  }

  @Test
  void mutationsApplyInTheirOrder() {
    Partition partition = partition();
    commit(
        ledger(),
        partition,
        0,
        put("a", "1"),
        put("a", "2"),
        put("b", "1"),
        delete("b"),
        delete("c"),
        put("c", "1"),
        delete("never there"));
    assertThat(rows(ledger(), partition)).containsExactly("a=2", "c=1");
  }

  @Test
  void rangeDeletesApplyInTheirOrder() {
    Partition partition = partition();
    commit(ledger(), partition, 0, put("a", "0"), put("b", "0"), put("c", "0"), put("d", "0"));
    commit(
        ledger(),
        partition,
        1,
        put("bb", "1"),
        deleteRange("b", "d"),
        put("b", "2"),
        put("c", "2"),
        deleteRange("c", "ca"),
        put("e", "2"),
        delete("e"));
    assertThat(rows(ledger(), partition)).containsExactly("a=0", "b=2", "d=0");
  }

  @Test
  void rangeDeletesReachExactlyTheirRange() {
    Partition partition = partition();
    Partition neighbour = new Partition(partition.kind(), partition.id() + "0");
    commit(ledger(), neighbour, 0, put("b", "untouched"));
    commit(ledger(), partition, 0, put("a", "0"), put("b", "0"), put("ba", "0"), put("c", "0"));
    commit(ledger(), partition, 1, new Mutation.DeleteRange(KeyRange.prefix(bytes("b"))));
    assertThat(rows(ledger(), partition)).containsExactly("a=0", "c=0");
    commit(ledger(), partition, 2, deleteRange("z", "a"), deleteRange("a", "a"));
    assertThat(rows(ledger(), partition)).containsExactly("a=0", "c=0");
    commit(ledger(), partition, 3, new Mutation.DeleteRange(KeyRange.from(bytes("b"))));
    assertThat(rows(ledger(), partition)).containsExactly("a=0");
    commit(ledger(), partition, 4, new Mutation.DeleteRange(KeyRange.ALL), put("z", "1"));
    assertThat(rows(ledger(), partition)).containsExactly("z=1");
    assertThat(rows(ledger(), neighbour)).containsExactly("b=untouched");
  }

  @Test
  void keysAreOrderedAsUnsignedBytes() {
    List<String> keys =
        List.of("00", "0000", "0001", "01", "7f", "7fff", "80", "8000", "fe", "ff", "ff00", "ffff");
    List<String> shuffled = new ArrayList<>(keys);
    Collections.shuffle(shuffled, new Random(7));
    Partition partition = partition();
    commit(
        ledger(),
        partition,
        0,
        shuffled.stream()
            .map(hex -> put(HexFormat.of().parseHex(hex), bytes(hex)))
            .toArray(Mutation[]::new));
    PartitionView view = ledger().read(partition);
    assertThat(view.scan(KeyRange.ALL, 100, Direction.ASCENDING))
        .extracting(row -> text(row.value()))
        .containsExactlyElementsOf(keys);
    assertThat(view.scan(KeyRange.ALL, 100, Direction.DESCENDING))
        .extracting(row -> text(row.value()))
        .containsExactlyElementsOf(keys.reversed());
    assertThat(view.scan(KeyRange.prefix(new byte[] {(byte) 0xff}), 9, Direction.DESCENDING))
        .extracting(row -> text(row.value()))
        .containsExactly("ffff", "ff00", "ff");
    assertThat(view.scan(KeyRange.prefix(new byte[] {0}), 9, Direction.ASCENDING))
        .extracting(row -> text(row.value()))
        .containsExactly("00", "0000", "0001");
  }

  @Test
  void aScanKeepsToItsRangeAndLimit() {
    Partition partition = partition();
    commit(ledger(), partition, 0, put("b", "1"), put("d", "2"), put("f", "3"), put("h", "4"));
    assertThat(scan(partition, "b", "f", 9, Direction.ASCENDING)).containsExactly("b", "d");
    assertThat(scan(partition, "b", "f", 9, Direction.DESCENDING)).containsExactly("d", "b");
    assertThat(scan(partition, "a", "z", 2, Direction.ASCENDING)).containsExactly("b", "d");
    assertThat(scan(partition, "a", "z", 2, Direction.DESCENDING)).containsExactly("h", "f");
    assertThat(scan(partition, "c", "d", 9, Direction.ASCENDING)).isEmpty();
    assertThat(scan(partition, "c", "e", 9, Direction.DESCENDING)).containsExactly("d");
    assertThat(scan(partition, "i", "z", 9, Direction.DESCENDING)).isEmpty();
    assertThat(scan(partition, "f", "b", 9, Direction.ASCENDING)).isEmpty();
    assertThat(scan(partition, "f", "b", 9, Direction.DESCENDING)).isEmpty();
    assertThat(scan(partition, "f", "f", 9, Direction.ASCENDING)).isEmpty();
  }

  private List<String> scan(
      Partition partition, String from, String to, int limit, Direction direction) {
    return ledger()
        .read(partition)
        .scan(new KeyRange(bytes(from), bytes(to)), limit, direction)
        .stream()
        .map(row -> text(row.key()))
        .toList();
  }

  @Test
  void aLargePartitionScansWholeInBothDirections() {
    Partition partition = partition();
    int size = effort().rows();
    List<Mutation> pending = new ArrayList<>();
    long version = 0;
    for (int i = 0; i < size; i++) {
      pending.add(put(String.format("%08d", i), "value " + i));
      if (pending.size() == 1_000 || i == size - 1) {
        commit(ledger(), partition, version++, pending.toArray(Mutation[]::new));
        pending.clear();
      }
    }
    List<Row> up = rows(ledger(), partition, KeyRange.ALL, Direction.ASCENDING, 999);
    List<Row> down = rows(ledger(), partition, KeyRange.ALL, Direction.DESCENDING, 1_000);
    assertThat(up).hasSize(size);
    assertThat(down).hasSize(size);
    for (int i = 0; i < size; i++) {
      assertThat(text(up.get(i).key())).isEqualTo(String.format("%08d", i));
      assertThat(text(up.get(i).value())).isEqualTo("value " + i);
      assertThat(down.get(size - 1 - i).key()).isEqualTo(up.get(i).key());
    }
    commit(ledger(), partition, version, deleteRange("00000010", String.format("%08d", size - 10)));
    assertThat(rows(ledger(), partition, KeyRange.ALL, Direction.ASCENDING, 50)).hasSize(20);
  }

  @Test
  void manyRowsAreReadAtOnce() {
    Partition partition = partition();
    List<Mutation> puts = new ArrayList<>();
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      keys.add(bytes("key " + i));
      if (i % 3 != 0) {
        puts.add(put("key " + i, "value " + i));
      }
    }
    commit(ledger(), partition, 0, puts.toArray(Mutation[]::new));
    List<byte @Nullable []> values = ledger().read(partition).getAll(keys);
    assertThat(values).hasSize(300);
    for (int i = 0; i < 300; i++) {
      assertThat(values.get(i)).isEqualTo(i % 3 == 0 ? null : bytes("value " + i));
    }
    assertThat(ledger().read(partition).getAll(List.of(keys.get(1), keys.get(0), keys.get(1))))
        .containsExactly(bytes("value 1"), null, bytes("value 1"));
  }

  @Test
  void anEmptyValueIsAValue() {
    Partition partition = partition();
    commit(ledger(), partition, 0, put("a", ""));
    assertThat(ledger().read(partition).get(bytes("a"))).isEmpty();
    assertThat(rows(ledger(), partition)).containsExactly("a=");
  }

  @Test
  void partitionsNeverMeet() {
    String base = partition().id();
    List<String> ids =
        List.of(base, base + "a", base + "\0", base + "\0a", base + "ä", base + "\uD83D\uDCEE");
    for (PartitionKind kind : PartitionKind.values()) {
      for (String id : ids) {
        commit(ledger(), new Partition(kind, id), 0, put("k", kind + id), put("l", "x"));
      }
    }
    for (PartitionKind kind : PartitionKind.values()) {
      for (String id : ids) {
        assertThat(rows(ledger(), new Partition(kind, id)))
            .containsExactly("k=" + kind + id, "l=x");
      }
    }
    Partition longest =
        new Partition(PartitionKind.DOMAIN, base + "\u4e16".repeat(255 - base.length()));
    commit(ledger(), longest, 0, put("k", "v"));
    assertThat(rows(ledger(), longest)).containsExactly("k=v");
  }

  @Test
  void partitionsOfAKindAreListedOnce() {
    List<Partition> accounts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Partition account = partition(PartitionKind.ACCOUNT);
      accounts.add(account);
      commit(ledger(), account, 0, put("a", "1"), put("b", "2"));
      commit(ledger(), new Partition(PartitionKind.SPOOL, account.id()), 0, put("a", "1"));
    }
    commit(ledger(), accounts.get(7), 1, new Mutation.DeleteRange(KeyRange.ALL));
    List<Partition> seen = new ArrayList<>();
    ledger()
        .partitions(
            PartitionKind.ACCOUNT,
            partition -> {
              assertThat(ledger().read(partition).version()).isPositive();
              seen.add(partition);
            });
    assertThat(seen).containsAll(accounts).doesNotHaveDuplicates();
    assertThat(seen).allMatch(partition -> partition.kind() == PartitionKind.ACCOUNT);
    assertThatThrownBy(() ->
            ledger()
                .partitions(
                    PartitionKind.SPOOL,
                    partition -> {
                      throw new IllegalStateException("enough");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("enough");
  }

  @Test
  void whatIsWithinTheLimitsWorks() {
    Partition partition = partition();
    byte[] longest = new byte[Ledger.MAX_KEY_OCTETS];
    Arrays.fill(longest, (byte) 0xff);
    byte[] largest = new byte[Ledger.MAX_VALUE_OCTETS];
    Arrays.fill(largest, (byte) 'x');
    commit(ledger(), partition, 0, put(longest, largest));
    assertThat(ledger().read(partition).get(longest)).isEqualTo(largest);
    assertThat(rows(ledger(), partition, KeyRange.ALL, Direction.DESCENDING, 1)).hasSize(1);

    List<Mutation> most = new ArrayList<>();
    for (int i = 0; i < Ledger.MAX_MUTATIONS; i++) {
      most.add(put("k" + i, "v"));
    }
    commit(ledger(), partition, 1, most.toArray(Mutation[]::new));
    assertThat(ledger().read(partition).scan(KeyRange.ALL, 10_000, Direction.ASCENDING))
        .hasSize(Ledger.MAX_MUTATIONS + 1);

    Mutation full = put(new byte[] {1}, new byte[Ledger.MAX_VALUE_OCTETS - 1]);
    commit(ledger(), partition, 2, full, full, full, full);
  }

  @Test
  void whatExceedsALimitIsRefused() {
    Partition partition = partition();
    commit(ledger(), partition, 0, put("a", "1"));
    byte[] tooLong = new byte[Ledger.MAX_KEY_OCTETS + 1];
    Mutation full = put(new byte[] {1}, new byte[Ledger.MAX_VALUE_OCTETS - 1]);
    refused(partition, 1, List.of(put(new byte[0], bytes("x"))));
    refused(partition, 1, List.of(put(tooLong, bytes("x"))));
    refused(partition, 1, List.of(new Mutation.Delete(new byte[0])));
    refused(partition, 1, List.of(new Mutation.Delete(tooLong)));
    refused(partition, 1, List.of(put("b", "2"), put(bytes("c"), new byte[(1 << 20) + 1])));
    refused(partition, 1, Collections.nCopies(Ledger.MAX_MUTATIONS + 1, put("b", "2")));
    refused(partition, 1, List.of(full, full, full, full, put("b", "2")));
    refused(partition, -1, List.of(put("b", "2")));
    PartitionView view = ledger().read(partition);
    assertThatThrownBy(() -> view.get(new byte[0])).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> view.get(tooLong)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> view.getAll(List.of(bytes("a"), tooLong)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> view.scan(KeyRange.ALL, 0, Direction.ASCENDING))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(ledger().read(partition).version()).isEqualTo(1);
    assertThat(rows(ledger(), partition)).containsExactly("a=1");
  }

  private void refused(Partition partition, long expected, List<Mutation> mutations) {
    assertThatThrownBy(() -> ledger().commit(partition, expected, commitId(), mutations))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void arraysAreNotShared() {
    Partition partition = partition();
    byte[] key = bytes("key");
    byte[] value = bytes("value");
    commit(ledger(), partition, 0, put(key, value));
    key[0] = 'X';
    value[0] = 'X';
    assertThat(rows(ledger(), partition)).containsExactly("key=value");
    byte[] read = ledger().read(partition).get(bytes("key"));
    assertThat(read).isNotNull();
    read[0] = 'X';
    Row row = ledger().read(partition).scan(KeyRange.ALL, 1, Direction.ASCENDING).getFirst();
    row.key()[0] = 'X';
    row.value()[0] = 'X';
    assertThat(rows(ledger(), partition)).containsExactly("key=value");
  }

  @Test
  void aRepeatedCommitAnswersAsBeforeAndChangesNothing() {
    Partition partition = partition();
    commit(ledger(), partition, 0, put("a", "0"));
    CommitId id = commitId();
    List<Mutation> mutations = List.of(put("a", "1"), deleteRange("b", "c"));
    assertThat(ledger().commit(partition, 1, id, mutations)).isEqualTo(new Committed(2));
    assertThat(ledger().commit(partition, 1, id, mutations)).isEqualTo(new Committed(2));
    commit(ledger(), partition, 2, put("a", "2"), put("b", "2"));
    assertThat(ledger().commit(partition, 1, id, mutations)).isEqualTo(new Committed(2));
    for (int later = 2; later < Ledger.REMEMBERED_COMMITS; later++) {
      commit(ledger(), partition, later + 1, put("a", "v" + later));
      assertThat(ledger().commit(partition, 1, id, mutations)).isEqualTo(new Committed(2));
    }
    assertThat(ledger().read(partition).version()).isEqualTo(Ledger.REMEMBERED_COMMITS + 1);
    assertThat(rows(ledger(), partition))
        .containsExactly("a=v" + (Ledger.REMEMBERED_COMMITS - 1), "b=2");
  }

  @Test
  void aCommitRepeatedTooLateIsNotDeniedToHaveBeenApplied() {
    Partition partition = partition();
    CommitId id = commitId();
    List<Mutation> mutations = List.of(put("a", "1"));
    assertThat(ledger().commit(partition, 0, id, mutations)).isEqualTo(new Committed(1));
    for (int version = 1; version < 5 * Ledger.REMEMBERED_COMMITS; version++) {
      commit(ledger(), partition, version);
      CommitResult repeated = ledger().commit(partition, 0, id, mutations);
      if (repeated instanceof Conflict conflict) {
        assertThat(conflict.coversEarlierCalls(0)).as("%s", conflict).isFalse();
      } else {
        assertThat(repeated).isEqualTo(new Committed(1));
      }
    }
    assertThat(ledger().read(partition).version()).isEqualTo(5L * Ledger.REMEMBERED_COMMITS);
  }

  @Test
  void aCommitThatMetAConflictStaysUnapplied() {
    Partition partition = partition();
    CommitId id = commitId();
    assertThat(ledger().commit(partition, 5, id, List.of(put("a", "1"))))
        .isEqualTo(new Conflict(0));
    for (int version = 0; version < 7; version++) {
      commit(ledger(), partition, version);
    }
    assertThat(ledger().commit(partition, 5, id, List.of(put("a", "1"))))
        .isEqualTo(new Conflict(7));
    assertThat(rows(ledger(), partition)).isEmpty();
  }

  @Test
  void aViewIsNeverOlderThanItsVersion() {
    Partition partition = partition();
    PartitionView before = ledger().read(partition);
    commit(ledger(), partition, 0, put("a", "1"));
    PartitionView between = ledger().read(partition);
    commit(ledger(), partition, 1, put("a", "2"));
    assertThat(before.version()).isZero();
    assertThat(between.version()).isEqualTo(1);
    assertThat(between.get(bytes("a"))).isIn(bytes("1"), bytes("2"));
    assertThat(ledger().read(partition).get(bytes("a"))).isEqualTo(bytes("2"));
  }
}
