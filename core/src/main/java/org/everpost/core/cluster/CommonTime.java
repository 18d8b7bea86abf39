package org.everpost.core.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.everpost.core.time.Clock;
import org.everpost.store.Ledger;
import org.everpost.store.PartitionView.Direction;

/** What time it is where no clock alone may decide. */
public final class CommonTime {

  /** Within this who is alive renews its lease, however slow the store is. */
  private static final Duration LOOK = NodeLease.TERM.plus(NodeLease.CLOCK_SKEW);

  private CommonTime() {}

  /**
   * The time by this node's clock, or, if that is earlier, the latest but one of the times at which
   * nodes renewed their leases just now, or the only one: so a single clock that is ahead, this
   * node's or another's, moves nothing. Takes a minute.
   */
  public static Instant now(Ledger ledger, Clock clock) throws InterruptedException {
    Set<NodeRow> before = new HashSet<>(rows(ledger));
    clock.sleep(LOOK);
    List<Instant> renewed =
        rows(ledger).stream()
            .filter(row -> !before.contains(row))
            .map(row -> row.until().minus(NodeLease.TERM))
            .sorted(Comparator.reverseOrder())
            .limit(2)
            .toList();
    Instant mine = clock.instant();
    return renewed.isEmpty() || mine.isBefore(renewed.getLast()) ? mine : renewed.getLast();
  }

  private static Collection<NodeRow> rows(Ledger ledger) {
    return ledger
        .read(NodeLease.PARTITION)
        .scan(NodeRow.RANGE, NodeLease.MAX_NODES, Direction.ASCENDING)
        .stream()
        .map(row -> NodeRow.decode(row.value()))
        .toList();
  }
}
