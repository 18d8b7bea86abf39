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
  private final OptimisticCommit commits;
  private final Clock clock;
  private final RandomSource random;

  HoldOrders(NodeId node, OptimisticCommit commits, Clock clock, RandomSource random) {
    this.node = Objects.requireNonNull(node, "node");
    this.commits = Objects.requireNonNull(commits, "commits");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.random = Objects.requireNonNull(random, "random");
  }

  /** An order that is about to be given. */
  public HoldOrder newOrder(String sender, String reason) {
    return new HoldOrder(clock.instant(), random.nextLong(), sender, reason, List.of());
  }

  /** Gives an order to all nodes, also this one: it may end before it has carried it out. */
  public void give(HoldOrder order) {
    Instant now = clock.instant();
    boolean _ =
        commits.change(
            PARTITION,
            view -> {
              if (view.get(order.key()) != null) {
                return Decision.nothing(false); // an earlier attempt has succeeded unheard
              }
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

  /** The orders that this node has not carried out. */
  public List<HoldOrder> pending() {
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
