package org.everpost.core.spool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.everpost.core.cluster.NodeId;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.commit.OptimisticCommit.Decision;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;
import org.jspecify.annotations.Nullable;

/**
 * What nodes tell each other to hold. An order is carried out by each node once, so that what an
 * operator releases afterwards goes, also when the node has started again meanwhile: the order says
 * who has done it. A node that is down for longer than an hour never hears of it. Safe for any
 * number of threads.
 */
public final class HoldOrders {

  /** How long an order waits for nodes that have not seen it. */
  static final Duration LIFE = Duration.ofHours(1);

  private static final Partition PARTITION = new Partition(PartitionKind.CLUSTER, "holds");

  /** An account is reported once an hour; more orders than this are a fault. */
  private static final int MAX_ORDERS = 10_000;

  /** So many that are over are forgotten with each new one. */
  private static final int MAX_OLD = 100;

  private final NodeId node;
  private final boolean shared;
  private final OptimisticCommit commits;
  private final Clock clock;
  private final RandomSource random;

  /**
   * @param shared whether there are other nodes
   */
  HoldOrders(
      NodeId node, boolean shared, OptimisticCommit commits, Clock clock, RandomSource random) {
    this.node = Objects.requireNonNull(node, "node");
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
    HoldOrder order = new HoldOrder(now, random.nextLong(), sender, reason, List.of(node));
    boolean _ =
        commits.change(
            PARTITION,
            view -> {
              List<Mutation> changes = new ArrayList<>();
              changes.add(new Mutation.Put(order.key(), order.encode()));
              for (Row row : view.scan(HoldOrder.RANGE, MAX_OLD, Direction.ASCENDING)) {
                if (HoldOrder.time(row.key()).isBefore(now.minus(LIFE))) {
                  changes.add(new Mutation.Delete(row.key()));
                }
              }
              return new Decision<>(changes, true);
            });
  }

  /** The orders of others that this node has not carried out. */
  public List<HoldOrder> pending() {
    if (!shared) {
      return List.of();
    }
    List<Row> rows =
        commits.change(
            PARTITION,
            view -> Decision.nothing(view.scan(HoldOrder.RANGE, MAX_ORDERS, Direction.ASCENDING)));
    Instant oldest = clock.instant().minus(LIFE);
    return rows.stream()
        .map(HoldOrders::readable)
        .filter(Objects::nonNull)
        .filter(order -> order.at().isAfter(oldest) && !order.obeyed().contains(node))
        .toList();
  }

  /** A damaged order keeps no other from being carried out, and is forgotten with its time. */
  private static @Nullable HoldOrder readable(Row row) {
    try {
      return HoldOrder.decode(row.key(), row.value());
    } catch (IllegalStateException e) {
      return null;
    }
  }

  /** Notes that this node has carried out an order. */
  public void obeyed(HoldOrder order) {
    boolean _ =
        commits.change(
            PARTITION,
            view -> {
              byte[] value = view.get(order.key());
              if (value == null) {
                return Decision.nothing(false); // it is over, and forgotten
              }
              HoldOrder done = HoldOrder.decode(order.key(), value).obeyedBy(node);
              return new Decision<>(List.of(new Mutation.Put(order.key(), done.encode())), true);
            });
  }
}
