package org.everpost.core.spool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.everpost.core.cluster.NodeId;
import org.everpost.core.cluster.NodeLease;
import org.everpost.core.cluster.Nodes;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.SpoolEvent;
import org.everpost.core.mailbox.BlobReferences;
import org.everpost.core.mailbox.BlobSweep;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.Store;
import org.everpost.store.StoreException;
import org.everpost.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * What this node has accepted and not yet got rid of. New messages go into the partition of the
 * current epoch; after so many changes, or half a day, another begins, so that no partition
 * collects the traces of more finished work than that. An older one is worked through where it is
 * (a message never moves, see {@code docs/decisions/0009-spool.md}) and forgotten when it is empty.
 *
 * <p>Safe for any number of threads.
 */
public final class Spool {

  /** What messages in the queue refer to, of all nodes, for the sweep. */
  public static final BlobReferences BLOBS =
      new BlobReferences(PartitionKind.SPOOL, MessageRow.RANGE, MessageRow::blob);

  /** How many rows an epoch sees written and deleted before the next begins. */
  private static final long EPOCH_MUTATIONS = 200_000;

  private static final Duration EPOCH = Duration.ofHours(12);

  /** How long it is looked for epochs to end, before something else is done. */
  private static final Duration LOOKING = Duration.ofSeconds(5);

  private final NodeId node;
  private final Store store;
  private final OptimisticCommit commits;
  private final Clock clock;
  private final RandomSource random;
  private final EventSink events;
  private final long epochMutations;
  private final AtomicReference<SpoolId> lastId = new AtomicReference<>(new SpoolId(0));

  /** Ids of the partitions that are in {@link #epochs}, or about to be. */
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  private final List<Epoch> epochs = new CopyOnWriteArrayList<>();
  private final Nodes nodes;
  private final HoldOrders holdOrders;
  private volatile NodeLease lease;
  private volatile Epoch current;

  /** Whether everything the node owns is in {@link #epochs}. */
  private volatile boolean complete;

  /** Which epoch is looked at first when some are to end; of the thread that tends. */
  private int turn;

  /** One partition. */
  private static final class Epoch {
    private final SpoolPartition partition;
    private final Instant began;
    private final AtomicBoolean loading = new AtomicBoolean();

    /** Whether all that was in it when it was taken over has been shown, and how far that is. */
    private volatile boolean loaded;

    private volatile @Nullable SpoolId shown;

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

    this.store = Objects.requireNonNull(store, "store");
    this.commits = new OptimisticCommit(store.ledger(), clock, random);
    this.clock = clock;
    this.random = random;
    this.events = events;
    this.epochMutations = epochMutations;
    this.lease = NodeLease.take(node, hostname, store.shared(), commits, clock, random);
    this.nodes = new Nodes(node, () -> lease.nodes(), clock);
    this.holdOrders = new HoldOrders(node, commits, clock, random);
    takeOverAll();
    epochs.forEach(this::retire); // or each start would leave one more
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

  /** Takes what the node owns and this process has not; one that cannot be taken keeps no other. */
  private void takeOverAll() {
    boolean all = true;
    for (String id : lease.spools()) {
      all &= !known.add(id) || survives(id, () -> enter(id, false));
    }
    complete = all && !lease.isLost();
  }

  /** Does something to one partition that may fail, and must keep no other from anything. */
  private boolean survives(String id, Runnable work) {
    try {
      work.run();
      return true;
    } catch (StoreException e) { // it is tried again when the spool is tended
      events.accept(new SpoolEvent.Stuck(id, String.valueOf(e.getMessage())));
      return false;
    }
  }

  private Epoch enter(String id, boolean loaded) {
    Epoch epoch = null;
    try {
      Partition partition = new Partition(PartitionKind.SPOOL, id);
      SpoolPartition its = SpoolPartition.take(store.ledger(), commits, partition, lease, random);
      epoch = new Epoch(its, clock.instant(), loaded);
      epochs.add(epoch);
      return epoch;
    } finally {
      if (epoch == null) {
        known.remove(id); // for the next time
      }
    }
  }

  private Epoch begin() {
    String id = node + "-" + nextId();
    if (!lease.own(id)) {
      throw new StoreUnavailableException("another node has taken this one's place");
    }
    known.add(id);
    return enter(id, true);
  }

  /** A name for a message that is about to come: no other of this process has it. */
  public SpoolId nextId() {
    SpoolId fresh = SpoolId.of(clock.instant(), random);
    return lastId.updateAndGet(last -> fresh.compareTo(last) > 0 ? fresh : last.next());
  }

  /**
   * Stores messages, all or none; they are durable when this returns.
   *
   * @return where they are
   * @throws StoreUnavailableException if not: then they are not sent either, unless this process
   *     dies, or loses its place to another node, before the store is back. Also if their content
   *     is so old that it may be swept up.
   * @throws IllegalArgumentException if they do not fit into a commit
   */
  public SpoolPartition add(List<SpooledMessage> messages) {
    Instant oldest = clock.instant().minus(BlobSweep.MAX_IN_FLIGHT);
    for (SpooledMessage message : messages) {
      if (message.blob().created().isBefore(oldest)) {
        throw new StoreUnavailableException(
            message.blob() + " waited too long to be put into the queue");
      }
    }
    while (true) {
      Epoch epoch = current;
      if (epoch.partition.add(messages)) {
        return epoch.partition;
      }
      if (epoch == current) {
        throw new StoreUnavailableException("the queue is between two epochs");
      }
    }
  }

  /**
   * Shows every message that was there when its partition was taken over, once, as it was when it
   * was read. What could not be read because the store failed is shown the next time, and keeps no
   * other partition; until then its partition is not forgotten.
   */
  public void load(BiConsumer<SpoolPartition, SpooledMessage> visitor) {
    StoreException failure = null;
    for (Epoch epoch : epochs) {
      if (!epoch.loaded && epoch.loading.compareAndSet(false, true)) {
        try {
          load(epoch, visitor);
        } catch (StoreException e) {
          failure = e;
        } finally {
          epoch.loading.set(false);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void load(Epoch epoch, BiConsumer<SpoolPartition, SpooledMessage> visitor) {
    epoch.loaded =
        epoch.partition.scan(
            epoch.shown,
            message -> {
              visitor.accept(epoch.partition, message);
              epoch.shown = message.id();
              return true;
            },
            id -> events.accept(new SpoolEvent.Damaged(epoch.partition.id(), id.toString())));
  }

  /** Whether {@link #load} has shown all there was to show, and nobody has taken any of it. */
  public boolean isLoaded() {
    return complete
        && !lease.isLost()
        && epochs.stream().allMatch(epoch -> epoch.loaded && !epoch.partition.isLost());
  }

  /**
   * Shows every message of this node that can be read, as it is when it is read.
   *
   * @throws StoreUnavailableException when that is done, if it was not all
   */
  public void forEach(BiConsumer<SpoolPartition, SpooledMessage> visitor) {
    boolean _ =
        visit((partition, message) -> {
          visitor.accept(partition, message);
          return true;
        });
  }

  /**
   * The same, until the visitor has seen enough.
   *
   * @param visitor whether it wants more
   * @return whether it has seen all
   */
  public boolean visit(BiPredicate<SpoolPartition, SpooledMessage> visitor) {
    StoreException failure = null;
    for (Epoch epoch : epochs) {
      try {
        if (!epoch.partition.visit(message -> visitor.test(epoch.partition, message))) {
          return false;
        }
      } catch (StoreException e) {
        failure = e;
      }
    }
    requireAll(failure);
    return true;
  }

  /** A message, if it is there. */
  public Optional<Found> find(SpoolId id) {
    StoreException failure = null;
    for (Epoch epoch : epochs) {
      try {
        Optional<SpooledMessage> message = epoch.partition.get(id);
        if (message.isPresent()) {
          return Optional.of(new Found(epoch.partition, message.get()));
        }
      } catch (StoreException e) {
        failure = e;
      }
    }
    requireAll(failure);
    return Optional.empty();
  }

  /** A message and where it is. */
  public record Found(SpoolPartition partition, SpooledMessage message) {}

  private void requireAll(@Nullable StoreException failure) {
    if (lease.isLost()) {
      throw new StoreUnavailableException(
          "another process has this node's place, and its queue: does a copy of its data run?");
    }
    if (failure != null || !complete) {
      throw new StoreUnavailableException("part of the queue cannot be read now", failure);
    }
  }

  /** The partitions of this node. */
  public List<SpoolPartition> partitions() {
    return epochs.stream().map(epoch -> epoch.partition).toList();
  }

  /** The nodes there are. */
  public Nodes nodes() {
    return nodes;
  }

  /** What nodes tell each other to hold. */
  public HoldOrders holdOrders() {
    return holdOrders;
  }

  /** Whether this node may try messages now: nobody else can have taken them. */
  public boolean isOurs() {
    return lease.isValid();
  }

  /**
   * Renews the lease: to be called every {@link NodeLease#RENEWAL}, whatever else takes its time.
   * If another node has taken over, nothing is this one's until {@link #tend} has begun anew.
   */
  public void renew() {
    boolean _ = lease.renew();
  }

  /**
   * To be called every {@link NodeLease#RENEWAL} by one thread: deletes what was refused and stored
   * all the same, begins epochs, and for a few seconds looks for some to end. If another has taken
   * over, this one begins anew: with nothing if that was another node; if it was another process as
   * this node, when that has ended, and with all that is left. What it begins with {@link #load}
   * shows.
   */
  public void tend() {
    if (lease.isLost() && !beginsAnew()) {
      return;
    }
    takeOverAll();
    SpoolPartition now = current.partition;
    boolean old = current.began.plus(EPOCH).isBefore(clock.instant());
    if (now.isLost() || now.mutations() >= (old ? 1 : epochMutations)) {
      current = begin();
    }
    for (Epoch epoch : epochs) {
      boolean _ = survives(epoch.partition.id(), epoch.partition::tidy);
    }
    retireSome();
  }

  private boolean beginsAnew() {
    if (!epochs.isEmpty()) {
      events.accept(new SpoolEvent.TakenOver(node.text()));
    }
    complete = false;
    epochs.forEach(epoch -> epoch.partition.lose());
    epochs.clear();
    known.clear();
    Optional<NodeLease> again = lease.takeAgain(random);
    again.ifPresent(its -> lease = its);
    return again.isPresent();
  }

  /** Each look may take long; those there was no time for come first the next time. */
  private void retireSome() {
    List<Epoch> all = new ArrayList<>(epochs);
    Collections.rotate(all, -turn);
    long until = clock.nanoTime() + LOOKING.toNanos();
    for (Epoch epoch : all) {
      if (clock.nanoTime() - until > 0) {
        return;
      }
      if (epoch == current || !epoch.loaded || !retire(epoch)) {
        turn = (turn + 1) % all.size();
      }
    }
  }

  /** Ends an epoch if it is empty; whether it was. */
  private boolean retire(Epoch epoch) {
    SpoolPartition partition = epoch.partition;
    boolean _ =
        survives(
            partition.id(),
            () -> {
              if (partition.retire()) {
                lease.disown(partition.id());
                known.remove(partition.id());
                epochs.remove(epoch);
              }
            });
    return !epochs.contains(epoch);
  }

  /**
   * Takes over what nodes had that are dead. Not at the same time as {@link #tend}.
   *
   * @return the nodes; {@link #load} shows what they had
   */
  public List<NodeId> adopt() {
    List<NodeId> adopted = new ArrayList<>();
    for (NodeId dead : lease.dead()) {
      List<String> spools = lease.adopt(dead);
      if (!spools.isEmpty()) {
        adopted.add(dead);
        events.accept(new SpoolEvent.Adopted(dead.text(), spools.size()));
      }
    }
    takeOverAll();
    return adopted;
  }
}
