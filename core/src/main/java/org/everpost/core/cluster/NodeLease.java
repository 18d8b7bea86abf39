package org.everpost.core.cluster;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.commit.OptimisticCommit.Decision;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;
import org.jspecify.annotations.Nullable;

/**
 * This node's place among the nodes: as long as it is renewed nobody takes what the node owns.
 *
 * <p>Time alone never decides who may write. Whoever takes a spool partition over commits to it,
 * and by that raises its version past what the former owner knows; a node that was only asleep then
 * meets a conflict.
 *
 * <p>Safe for any number of threads.
 */
public final class NodeLease {

  /** How long a lease lasts that nobody renews. */
  public static final Duration TERM = Duration.ofSeconds(45);

  /** How often it should be renewed. */
  public static final Duration RENEWAL = Duration.ofSeconds(15);

  /** How far the clocks of two nodes may differ: an adopter waits so much longer. */
  static final Duration CLOCK_SKEW = Duration.ofSeconds(10);

  private static final Partition PARTITION = new Partition(PartitionKind.CLUSTER, "nodes");

  /** Of a lease that need not be renewed, as nobody else can reach the store. */
  private static final Instant FOR_EVER = Instant.ofEpochSecond(1L << 40);

  private static final int MAX_ROWS = 10_000;

  private final NodeId node;
  private final String hostname;
  private final boolean shared;
  private final OptimisticCommit commits;
  private final Clock clock;
  private final long incarnation;
  private volatile long validUntilNanos;
  private volatile boolean lost;

  private NodeLease(
      NodeId node,
      String hostname,
      boolean shared,
      OptimisticCommit commits,
      Clock clock,
      long incarnation) {
    this.node = node;
    this.hostname = hostname;
    this.shared = shared;
    this.commits = commits;
    this.clock = clock;
    this.incarnation = incarnation;
  }

  /**
   * Takes the node's place, also from a process that ran it before: the caller owns the node's data
   * directory, so that one has ended.
   *
   * @param shared whether other nodes use the same store
   */
  public static NodeLease take(
      NodeId node,
      String hostname,
      boolean shared,
      OptimisticCommit commits,
      Clock clock,
      RandomSource random) {
    NodeLease lease =
        new NodeLease(
            Objects.requireNonNull(node, "node"),
            Objects.requireNonNull(hostname, "hostname"),
            shared,
            commits,
            clock,
            random.nextLong());
    long began = clock.nanoTime();
    commits.change(PARTITION, _ -> lease.put(true));
    lease.extendedAt(began);
    return lease;
  }

  /**
   * Renews it.
   *
   * @return false if another node has taken over what this one owned: it is lost for good
   */
  public boolean renew() {
    if (!shared) {
      return true;
    }
    long began = clock.nanoTime();
    boolean mine =
        commits.change(PARTITION, view -> isMine(view) ? put(true) : Decision.nothing(false));
    if (mine) {
      extendedAt(began);
    } else {
      lost = true;
    }
    return mine;
  }

  private void extendedAt(long nanos) {
    validUntilNanos = nanos + TERM.toNanos();
  }

  private <T> Decision<T> put(T result) {
    Instant until = shared ? clock.instant().plus(TERM) : FOR_EVER;
    NodeRow row = new NodeRow(hostname, incarnation, until);
    return new Decision<>(List.of(new Mutation.Put(NodeRow.key(node), row.encode())), result);
  }

  private boolean isMine(PartitionView view) {
    NodeRow row = row(view, node);
    return row != null && row.incarnation() == incarnation;
  }

  private static @Nullable NodeRow row(PartitionView view, NodeId node) {
    byte[] value = view.get(NodeRow.key(node));
    return value == null ? null : NodeRow.decode(value);
  }

  /** Whether the node may act as the owner of what it owns: no other can have taken it by now. */
  public boolean isValid() {
    return !lost && (!shared || clock.nanoTime() - validUntilNanos < 0);
  }

  /** Whether another node has taken over. */
  public boolean isLost() {
    return lost;
  }

  public NodeId node() {
    return node;
  }

  /** The random number of this process's time as the node. */
  public long incarnation() {
    return incarnation;
  }

  /** The ids of the spool partitions this node owns. */
  public List<String> spools() {
    return commits.change(PARTITION, view -> Decision.nothing(spoolsOf(view, node)));
  }

  private static List<String> spoolsOf(PartitionView view, NodeId owner) {
    List<String> spools = new ArrayList<>();
    for (Row row : view.scan(OwnedSpoolRow.RANGE, MAX_ROWS, Direction.ASCENDING)) {
      if (OwnedSpoolRow.decode(row.value()).owner().equals(owner)) {
        spools.add(OwnedSpoolRow.spool(row.key()));
      }
    }
    return spools;
  }

  /**
   * Notes a spool partition as owned by this node, before it is first written.
   *
   * @return false if the lease is lost
   */
  public boolean own(String spool) {
    return ifMine(new Mutation.Put(OwnedSpoolRow.key(spool), new OwnedSpoolRow(node).encode()));
  }

  /** Forgets a spool partition in which nothing is left. */
  public void disown(String spool) {
    ifMine(new Mutation.Delete(OwnedSpoolRow.key(spool)));
  }

  private boolean ifMine(Mutation mutation) {
    boolean mine =
        commits.change(
            PARTITION,
            view ->
                isMine(view) ? new Decision<>(List.of(mutation), true) : Decision.nothing(false));
    lost |= !mine;
    return mine;
  }

  /**
   * The nodes whose lease has ended and that own something.
   *
   * @return none on a store that is not shared
   */
  public List<NodeId> dead() {
    return commits.change(
        PARTITION,
        view -> {
          List<NodeId> dead = new ArrayList<>();
          for (Row row : view.scan(NodeRow.RANGE, MAX_ROWS, Direction.ASCENDING)) {
            NodeId other = NodeRow.node(row.key());
            if (!other.equals(node) && hasEnded(NodeRow.decode(row.value()))) {
              dead.add(other);
            }
          }
          return Decision.nothing(dead);
        });
  }

  private boolean hasEnded(@Nullable NodeRow row) {
    return row == null || clock.instant().isAfter(row.until().plus(CLOCK_SKEW));
  }

  /**
   * Takes over what a dead node owned: its spool partitions are this node's from then on.
   *
   * @return their ids; empty if the other is not dead after all, or this node's own lease is lost
   */
  public List<String> adopt(NodeId other) {
    return commits.change(
        PARTITION,
        view -> {
          if (other.equals(node) || !isMine(view) || !hasEnded(row(view, other))) {
            return Decision.nothing(List.<String>of());
          }
          List<String> spools = spoolsOf(view, other);
          List<Mutation> mutations = new ArrayList<>();
          mutations.add(new Mutation.Delete(NodeRow.key(other)));
          for (String spool : spools) {
            mutations.add(
                new Mutation.Put(OwnedSpoolRow.key(spool), new OwnedSpoolRow(node).encode()));
          }
          return new Decision<>(mutations, spools);
        });
  }

  /** The word by which spool partitions know their owner: the node and its incarnation. */
  public byte[] stamp() {
    return (node.text() + String.format("%016x", incarnation)).getBytes(StandardCharsets.US_ASCII);
  }
}
