package org.everpost.core.spool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.everpost.core.cluster.NodeId;
import org.everpost.core.cluster.NodeLease;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.SpoolEvent;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.Store;
import org.everpost.store.StoreUnavailableException;

/**
 * What this node has accepted and not yet got rid of. New messages go into the partition of the
 * current epoch; after so many changes, or half a day, another begins, so that no partition
 * collects the traces of more finished work than that. An older one is worked through where it is
 * (a message never moves, see {@code docs/decisions/0008-spool.md}) and forgotten when it is empty.
 *
 * <p>Safe for any number of threads.
 */
public final class Spool {

  /** How many rows an epoch sees written and deleted before the next begins. */
  private static final long EPOCH_MUTATIONS = 200_000;

  private static final Duration EPOCH = Duration.ofHours(12);

  private final NodeId node;
  private final String hostname;
  private final Store store;
  private final OptimisticCommit commits;
  private final Clock clock;
  private final RandomSource random;
  private final EventSink events;
  private final long epochMutations;
  private final List<Epoch> epochs = new CopyOnWriteArrayList<>();
  private volatile NodeLease lease;
  private volatile Epoch current;

  /** One partition. */
  private static final class Epoch {
    private final SpoolPartition partition;
    private final Instant began;

    /** Whether all that was in it when it was taken over has been shown. */
    private volatile boolean loaded;

    Epoch(SpoolPartition partition, Instant began, boolean loaded) {
      this.partition = partition;
      this.began = began;
      this.loaded = loaded;
    }
  }

  private Spool(
      NodeId node,
      String hostname,
      Store store,
      Clock clock,
      RandomSource random,
      EventSink events,
      long epochMutations) {
    this.node = Objects.requireNonNull(node, "node");
    this.hostname = Objects.requireNonNull(hostname, "hostname");
    this.store = Objects.requireNonNull(store, "store");
    this.commits = new OptimisticCommit(store.ledger(), clock, random);
    this.clock = clock;
    this.random = random;
    this.events = events;
    this.epochMutations = epochMutations;
    this.lease = NodeLease.take(node, hostname, store.shared(), commits, clock, random);
    for (String id : lease.spools()) {
      epochs.add(new Epoch(takeOver(id), clock.instant(), false));
    }
    this.current = begin();
  }

  /**
   * Takes the node's place and everything it had left.
   *
   * @param node the caller owns its data directory
   */
  public static Spool open(
      NodeId node,
      String hostname,
      Store store,
      Clock clock,
      RandomSource random,
      EventSink events) {
    return new Spool(node, hostname, store, clock, random, events, EPOCH_MUTATIONS);
  }

  /** With epochs of another length, for tests. */
  static Spool open(
      NodeId node,
      Store store,
      Clock clock,
      RandomSource random,
      EventSink events,
      long mutations) {
    return new Spool(node, node.text(), store, clock, random, events, mutations);
  }

  private SpoolPartition takeOver(String id) {
    Partition partition = new Partition(PartitionKind.SPOOL, id);
    return SpoolPartition.take(store.ledger(), commits, partition, lease.stamp(), random);
  }

  private Epoch begin() {
    Instant now = clock.instant();
    String id = node + "-" + SpoolId.of(now, random);
    if (!lease.own(id)) {
      throw new StoreUnavailableException("another node has taken this one's place");
    }
    Epoch epoch = new Epoch(takeOver(id), now, true);
    epochs.add(epoch);
    return epoch;
  }

  /** A name for a message that is about to come. */
  public SpoolId nextId() {
    return SpoolId.of(clock.instant(), random);
  }

  /**
   * Stores messages, all or none; they are durable when this returns.
   *
   * @return where they are
   * @throws StoreUnavailableException if not: then they are not sent either, unless this process
   *     dies before the store is back
   */
  public SpoolPartition add(List<SpooledMessage> messages) {
    SpoolPartition partition = current.partition;
    partition.add(messages);
    return partition;
  }

  /**
   * Shows everything that was there before this process began, once; until then its partitions are
   * not forgotten.
   */
  public void load(BiConsumer<SpoolPartition, SpooledMessage> visitor) {
    for (Epoch epoch : epochs) {
      if (!epoch.loaded) {
        load(epoch, visitor);
      }
    }
  }

  private static void load(Epoch epoch, BiConsumer<SpoolPartition, SpooledMessage> visitor) {
    epoch.partition.forEach(message -> {
      epoch.partition.found();
      visitor.accept(epoch.partition, message);
    });
    epoch.loaded = true;
  }

  /** Shows every message of this node, as it is. */
  public void forEach(BiConsumer<SpoolPartition, SpooledMessage> visitor) {
    for (Epoch epoch : epochs) {
      epoch.partition.forEach(message -> visitor.accept(epoch.partition, message));
    }
  }

  /** The partitions of this node. */
  public List<SpoolPartition> partitions() {
    return epochs.stream().map(epoch -> epoch.partition).toList();
  }

  /** Whether this node may try messages now: nobody else can have taken them. */
  public boolean isOurs() {
    return lease.isValid();
  }

  /**
   * To be called every {@link NodeLease#RENEWAL}: renews the lease, begins and ends epochs. If
   * another node has taken over, this one begins anew with nothing.
   */
  public void tend() {
    if (!lease.renew()) {
      events.accept(new SpoolEvent.TakenOver(node.text()));
      epochs.clear();
      lease = NodeLease.take(node, hostname, store.shared(), commits, clock, random);
      current = begin();
      return;
    }
    Epoch now = current;
    boolean old = now.began.plus(EPOCH).isBefore(clock.instant());
    if (now.partition.mutations() >= (old ? 1 : epochMutations)) {
      current = begin();
    }
    epochs.removeIf(epoch -> epoch != current && epoch.loaded && retired(epoch.partition));
  }

  private boolean retired(SpoolPartition partition) {
    boolean ended = partition.retire();
    if (ended) {
      lease.disown(partition.id());
    }
    return ended;
  }

  /**
   * Takes over what nodes had that are dead.
   *
   * @param visitor is shown every message that became this node's
   * @return the nodes
   */
  public List<NodeId> adopt(BiConsumer<SpoolPartition, SpooledMessage> visitor) {
    List<NodeId> adopted = new ArrayList<>();
    for (NodeId dead : lease.dead()) {
      List<String> spools = lease.adopt(dead);
      for (String id : spools) {
        Epoch epoch = new Epoch(takeOver(id), clock.instant(), false);
        epochs.add(epoch);
        load(epoch, visitor);
      }
      adopted.add(dead);
      events.accept(new SpoolEvent.Adopted(dead.text(), spools.size()));
    }
    return adopted;
  }
}
