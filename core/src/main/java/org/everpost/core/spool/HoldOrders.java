package org.everpost.core.spool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.commit.OptimisticCommit.Decision;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;

/**
 * What nodes tell each other to hold. An order is carried out by each node once, so that what an
 * operator releases afterwards goes; a node that is down for longer than an hour never hears of it.
 * Safe for any number of threads.
 */
public final class HoldOrders {

  /** How long an order waits for nodes that have not seen it. */
  static final Duration LIFE = Duration.ofHours(1);

  private static final Partition PARTITION = new Partition(PartitionKind.CLUSTER, "holds");

  /** An account is reported once an hour; more orders than this are a fault. */
  private static final int MAX_ORDERS = 10_000;

  /** So many that are over are forgotten with each new one. */
  private static final int MAX_OLD = 100;

  private static final HexFormat HEX = HexFormat.of();

  private final boolean shared;
  private final OptimisticCommit commits;
  private final Clock clock;
  private final RandomSource random;
  private final Set<String> seen = new HashSet<>();

  /**
   * @param shared whether there are other nodes
   */
  HoldOrders(boolean shared, OptimisticCommit commits, Clock clock, RandomSource random) {
    this.shared = shared;
    this.commits = Objects.requireNonNull(commits, "commits");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.random = Objects.requireNonNull(random, "random");
  }

  /** Gives an order to the others; this node is not told of it. */
  public void give(String sender, String reason) {
    if (!shared) {
      return;
    }
    Instant now = clock.instant();
    HoldOrder order = new HoldOrder(now, sender, reason);
    byte[] key = order.key(random.nextLong());
    synchronized (this) {
      seen.add(HEX.formatHex(key));
    }
    boolean _ =
        commits.change(
            PARTITION,
            view -> {
              List<Mutation> changes = new ArrayList<>();
              changes.add(new Mutation.Put(key, order.encode()));
              for (Row row : view.scan(HoldOrder.RANGE, MAX_OLD, Direction.ASCENDING)) {
                if (HoldOrder.decode(row.value()).at().isBefore(now.minus(LIFE))) {
                  changes.add(new Mutation.Delete(row.key()));
                }
              }
              return new Decision<>(changes, true);
            });
  }

  /** The orders of others that this process has not been told of. */
  public List<HoldOrder> take() {
    if (!shared) {
      return List.of();
    }
    List<Row> rows =
        commits.change(
            PARTITION,
            view -> Decision.nothing(view.scan(HoldOrder.RANGE, MAX_ORDERS, Direction.ASCENDING)));
    List<HoldOrder> fresh = new ArrayList<>();
    Set<String> present = new HashSet<>();
    Instant oldest = clock.instant().minus(LIFE);
    synchronized (this) {
      for (Row row : rows) {
        String key = HEX.formatHex(row.key());
        present.add(key);
        HoldOrder order = HoldOrder.decode(row.value());
        if (seen.add(key) && order.at().isAfter(oldest)) {
          fresh.add(order);
        }
      }
      seen.retainAll(present);
      return fresh;
    }
  }
}
