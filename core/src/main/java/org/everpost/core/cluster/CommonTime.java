package org.everpost.core.cluster;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.everpost.core.time.Clock;
import org.everpost.store.Ledger;
import org.everpost.store.PartitionView.Direction;

/** What time it is where no clock alone may decide. */
public final class CommonTime {

  private static final int MAX_NODES = 10_000;

  private CommonTime() {}

  /**
   * The time by this node's clock, or, if that is earlier, the latest but one of the times at which
   * nodes renewed their leases: a single clock that is ahead, this one's or another's, moves
   * nothing. It stands still while only one node is up.
   */
  public static Instant now(Ledger ledger, Clock clock) {
    Instant mine = clock.instant();
    List<Instant> renewed =
        ledger
            .read(NodeLease.PARTITION)
            .scan(NodeRow.RANGE, MAX_NODES, Direction.ASCENDING)
            .stream()
            .map(row -> NodeRow.decode(row.value()).until().minus(NodeLease.TERM))
            .sorted(Comparator.reverseOrder())
            .toList();
    return renewed.size() < 2 || mine.isBefore(renewed.get(1)) ? mine : renewed.get(1);
  }
}
