package org.everpost.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.KeyRange;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;
import org.everpost.store.memory.MemoryStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random operations have the same results on the engine as on the model, the engine in memory. */
public abstract class LedgerModelContract {

  /** The engine under test; it may have been used before. */
  protected abstract Ledger ledger();

  protected Effort effort() {
    return Effort.QUICK;
  }

  /** Lets the engine do what it does from time to time (flush, compact), between two steps. */
  protected void settle() {}

  @Test
  void randomOperationsMatchTheModel() {
    for (int seed = 1; seed <= effort().runs(); seed++) {
      try (MemoryStore model = new MemoryStore(() -> Instant.EPOCH, new SplittableRandom(seed))) {
        new Run(seed, model.ledger()).steps(effort().operations());
      }
    }
  }

  private record Sent(Partition partition, long expected, CommitId id, List<Mutation> mutations) {}

  private final class Run {

    private final long seed;
    private final SplittableRandom random;
    private final Ledger model;
    private final List<Partition> partitions = new ArrayList<>();
    private final List<Sent> sent = new ArrayList<>();

    Run(long seed, Ledger model) {
      this.seed = seed;
      this.random = new SplittableRandom(seed);
      this.model = model;
      for (int i = 0; i < 3; i++) {
        partitions.add(Ledgers.partition());
      }
    }

    void steps(int count) {
      for (int step = 0; step < count; step++) {
        Partition partition = partitions.get(random.nextInt(partitions.size()));
        String where = "seed " + seed + ", step " + step;
        switch (random.nextInt(10)) {
          case 0 -> repeat(where);
          case 1, 2, 3 -> compareScan(where, partition);
          case 4 -> compareGets(where, partition);
          default -> compareCommit(where, partition);
        }
        if (random.nextInt(50) == 0) {
          settle();
        }
      }
      for (Partition partition : partitions) {
        assertSame(
            "seed " + seed + ", at the end",
            partition,
            KeyRange.ALL,
            1_000_000,
            Direction.ASCENDING);
      }
    }

    private void compareCommit(String where, Partition partition) {
      long version = model.read(partition).version();
      long expected =
          switch (random.nextInt(8)) {
            case 0 -> Math.max(0, version - 1 - random.nextInt(3));
            case 1 -> version + 1 + random.nextInt(3);
            default -> version;
          };
      CommitId id = new CommitId(random.nextLong(), random.nextLong());
      send(where, new Sent(partition, expected, id, mutations()));
    }

    private void repeat(String where) {
      if (!sent.isEmpty()) {
        Sent again = sent.get(random.nextInt(sent.size()));
        if (model.read(again.partition).version() - again.expected <= Ledger.REMEMBERED_COMMITS) {
          send(where, again);
        }
      }
    }

    private void send(String where, Sent call) {
      CommitResult wanted = model.commit(call.partition, call.expected, call.id, call.mutations);
      assertThat(ledger().commit(call.partition, call.expected, call.id, call.mutations))
          .as(where)
          .isEqualTo(wanted);
      assertThat(ledger().read(call.partition).version())
          .as(where)
          .isEqualTo(model.read(call.partition).version());
      if (wanted instanceof CommitResult.Committed) {
        sent.add(call);
      }
    }

    private List<Mutation> mutations() {
      List<Mutation> mutations = new ArrayList<>();
      int count = random.nextInt(12);
      for (int i = 0; i < count; i++) {
        mutations.add(
            switch (random.nextInt(6)) {
              case 0 -> new Mutation.Delete(key());
              case 1 -> new Mutation.DeleteRange(range());
              default -> new Mutation.Put(key(), value());
            });
      }
      return mutations;
    }

    /** Short keys of few different octets: they meet often. */
    private byte[] key() {
      byte[] octets = {0, 1, 'a', 'b', 0x7f, (byte) 0x80, (byte) 0xff};
      byte[] key = new byte[1 + random.nextInt(3)];
      for (int i = 0; i < key.length; i++) {
        key[i] = octets[random.nextInt(octets.length)];
      }
      return key;
    }

    private byte[] value() {
      byte[] value = new byte[random.nextInt(4) == 0 ? random.nextInt(3_000) : random.nextInt(20)];
      random.nextBytes(value);
      return value;
    }

    private KeyRange range() {
      return switch (random.nextInt(6)) {
        case 0 -> KeyRange.ALL;
        case 1 -> KeyRange.prefix(key());
        case 2 -> KeyRange.from(key());
        default -> new KeyRange(key(), key());
      };
    }

    private void compareScan(String where, Partition partition) {
      Direction direction = random.nextBoolean() ? Direction.ASCENDING : Direction.DESCENDING;
      assertSame(where, partition, range(), 1 + random.nextInt(40), direction);
    }

    private void assertSame(
        String where, Partition partition, KeyRange range, int limit, Direction direction) {
      assertThat(texts(ledger().read(partition).scan(range, limit, direction)))
          .as(where)
          .isEqualTo(texts(model.read(partition).scan(range, limit, direction)));
    }

    private List<String> texts(List<Row> rows) {
      HexFormat hex = HexFormat.of();
      return rows.stream()
          .map(row -> hex.formatHex(row.key()) + "=" + hex.formatHex(row.value()))
          .toList();
    }

    private List<String> hex(List<byte @Nullable []> values) {
      return values.stream()
          .map(value -> value == null ? "absent" : HexFormat.of().formatHex(value))
          .toList();
    }

    private void compareGets(String where, Partition partition) {
      List<byte[]> keys = new ArrayList<>();
      for (int i = random.nextInt(10); i >= 0; i--) {
        keys.add(key());
      }
      PartitionView view = ledger().read(partition);
      PartitionView wanted = model.read(partition);
      assertThat(hex(view.getAll(keys))).as(where).isEqualTo(hex(wanted.getAll(keys)));
      assertThat(view.get(keys.getFirst())).as(where).isEqualTo(wanted.get(keys.getFirst()));
    }
  }
}
