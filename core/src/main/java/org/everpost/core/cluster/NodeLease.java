package org.everpost.core.cluster;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
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
  public static final Duration CLOCK_SKEW = Duration.ofSeconds(10);

  /** How long a process counts as dead that was never seen to renew the lease. */
  private static final Duration MEMORY = Duration.ofHours(1);

  static final Partition PARTITION = new Partition(PartitionKind.CLUSTER, "nodes");

  /** Of a lease that need not be renewed, as nobody else can reach the store. */
  private static final Instant FOR_EVER = Instant.ofEpochSecond(1L << 40);

  static final int MAX_NODES = 10_000;

  private final NodeId node;
  private final String hostname;
  private final boolean shared;
  private final OptimisticCommit commits;
  private final Clock clock;
  private final long incarnation;
  private volatile Validity validity = Validity.NONE;
  private volatile boolean lost;

  /** What takes the place again: the same in every attempt, as one may succeed unheard. */
  private @Nullable NodeLease successor;

  /** Of another process that is this node now, since one was seen to renew its lease last. */
  private @Nullable Sighting rival;

  /**
   * @param sinceNanos of its last renewal, or of the first look if there was none
   * @param renewed whether it was ever seen to renew
   */
  private record Sighting(long incarnation, Instant until, long sinceNanos, boolean renewed) {}

  /**
   * Until when nobody else can have taken over, by both clocks: one stands still while a machine
   * sleeps, the other can be set back.
   */
  private record Validity(long untilNanos, Instant until) {
    static final Validity NONE = new Validity(0, Instant.MIN);
  }

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
    boolean _ = lease.takeUnless(_ -> false);
    return lease;
  }

  /**
   * Takes the place again after it was lost: with nothing if another node has taken over. Another
   * process that is this node now stays so as long as it renews its lease; time is measured by this
   * process's clock alone.
   *
   * @return empty: it is the node
   */
  public synchronized Optional<NodeLease> takeAgain(RandomSource random) {
    NodeLease next = successor;
    if (next == null) {
      next = new NodeLease(node, hostname, shared, commits, clock, random.nextLong());
      successor = next;
    }
    long its = next.incarnation;
    boolean taken = next.takeUnless(row -> row.incarnation() != its && isAlive(row));
    if (taken && rival != null && !rival.renewed()) {
      next.rival = rival; // one that dies at each start does not get the place a minute each time
    }
    return taken ? Optional.of(next) : Optional.empty();
  }

  /** Whether a process was seen to renew the lease of this node lately; a start is no renewal. */
  private boolean isAlive(NodeRow row) {
    long now = clock.nanoTime();
    Sighting last = isForgotten(rival, now) ? null : rival;
    boolean renewed =
        last != null
            && last.incarnation() == row.incarnation()
            && !last.until().equals(row.until());
    long since = last == null || renewed ? now : last.sinceNanos();
    boolean ever = renewed || (last != null && last.renewed());
    rival = new Sighting(row.incarnation(), row.until(), since, ever);
    return now - since <= TERM.plus(CLOCK_SKEW).toNanos();
  }

  private static boolean isForgotten(@Nullable Sighting rival, long now) {
    return rival != null && !rival.renewed() && now - rival.sinceNanos() >= MEMORY.toNanos();
  }

  /** Takes the place unless whoever has it may keep it; whether it did. */
  private boolean takeUnless(Predicate<NodeRow> keeps) {
    Validity next = next();
    boolean taken =
        commits.change(
            PARTITION,
            view -> {
              NodeRow before = row(view, node);
              if (before != null && keeps.test(before)) {
                return Decision.nothing(false);
              }
              List<String> spools = before == null ? List.of() : before.spools();
              return put(new NodeRow(hostname, incarnation, next.until(), spools));
            });
    if (taken) {
      validity = next;
    }
    return taken;
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
    Validity next = next();
    boolean mine = ifMine(row -> new NodeRow(hostname, incarnation, next.until(), row.spools()));
    if (mine) {
      validity = next;
    }
    return mine;
  }

  /** What a lease that begins now is worth; taken before the store is asked, which takes time. */
  private Validity next() {
    return new Validity(
        clock.nanoTime() + TERM.toNanos(), shared ? clock.instant().plus(TERM) : FOR_EVER);
  }

  private Decision<Boolean> put(NodeRow row) {
    return new Decision<>(List.of(new Mutation.Put(NodeRow.key(node), row.encode())), true);
  }

  /** Changes this node's row if it is still this process's. */
  private boolean ifMine(UnaryOperator<NodeRow> change) {
    boolean mine =
        commits.change(
            PARTITION,
            view -> {
              NodeRow row = mine(view);
              return row == null ? Decision.nothing(false) : put(change.apply(row));
            });
    if (!mine) {
      lost = true;
    }
    return mine;
  }

  /** This node's row; null if it is not this process's any more. */
  private @Nullable NodeRow mine(PartitionView view) {
    NodeRow row = row(view, node);
    return row != null && row.incarnation() == incarnation ? row : null;
  }

  private static @Nullable NodeRow row(PartitionView view, NodeId node) {
    byte[] value = view.get(NodeRow.key(node));
    return value == null ? null : NodeRow.decode(value);
  }

  /** Whether the node may act as the owner of what it owns: no other can have taken it by now. */
  public boolean isValid() {
    Validity last = validity;
    boolean renewed =
        clock.nanoTime() - last.untilNanos() < 0 && clock.instant().isBefore(last.until());
    return !lost && (renewed || !shared);
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

  /** The ids of the spool partitions this node owns; none if the lease is lost. */
  public List<String> spools() {
    Optional<List<String>> spools =
        commits.change(
            PARTITION,
            view -> Decision.nothing(Optional.ofNullable(mine(view)).map(NodeRow::spools)));
    if (spools.isEmpty()) {
      lost = true;
    }
    return spools.orElse(List.of());
  }

  /**
   * Notes a spool partition as owned by this node, before it is first written.
   *
   * @return false if the lease is lost
   */
  public boolean own(String spool) {
    return ifMine(row -> row.with(List.of(spool)));
  }

  /** Forgets a spool partition in which nothing is left. */
  public void disown(String spool) {
    boolean _ = ifMine(row -> row.without(spool));
  }

  /**
   * Whether this node owns a spool partition now. Who finds it so after it has read the partition's
   * version, and commits against that, cannot overtake another node that has taken it.
   */
  public boolean owns(String spool) {
    return spools().contains(spool);
  }

  /** The nodes that are registered: also those that died and were not adopted yet. */
  public List<NodeId> nodes() {
    if (!shared) {
      return List.of(node);
    }
    return commits.change(
        PARTITION,
        view ->
            Decision.nothing(
                view.scan(NodeRow.RANGE, MAX_NODES, Direction.ASCENDING).stream()
                    .map(row -> NodeRow.node(row.key()))
                    .toList()));
  }

  /**
   * The nodes whose lease has ended and that own something. On a store that is not shared these are
   * all others: who has it is alone.
   */
  public List<NodeId> dead() {
    return commits.change(
        PARTITION,
        view -> {
          List<NodeId> dead = new ArrayList<>();
          for (Row row : view.scan(NodeRow.RANGE, MAX_NODES, Direction.ASCENDING)) {
            NodeId other = NodeRow.node(row.key());
            NodeRow its = NodeRow.decode(row.value());
            if (!other.equals(node) && hasEnded(its) && !its.spools().isEmpty()) {
              dead.add(other);
            }
          }
          return Decision.nothing(dead);
        });
  }

  private boolean hasEnded(NodeRow row) {
    return !shared || clock.instant().isAfter(row.until().plus(CLOCK_SKEW));
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
          NodeRow mine = mine(view);
          NodeRow its = row(view, other);
          if (mine == null || its == null || other.equals(node) || !hasEnded(its)) {
            return Decision.nothing(List.<String>of());
          }
          return new Decision<>(
              List.of(
                  new Mutation.Delete(NodeRow.key(other)),
                  new Mutation.Put(NodeRow.key(node), mine.with(its.spools()).encode())),
              its.spools());
        });
  }

  /** The word by which spool partitions know their owner: the node and its incarnation. */
  public byte[] stamp() {
    return (node.text() + String.format("%016x", incarnation)).getBytes(StandardCharsets.US_ASCII);
  }
}
