package org.everpost.core.spool;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.everpost.core.cluster.NodeLease;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.commit.OptimisticCommit.Decision;
import org.everpost.core.spool.SpoolDraft.Stored;
import org.everpost.core.spool.SpoolWish.Outcome;
import org.everpost.core.spool.SpoolWish.What;
import org.everpost.core.spool.SpoolWriter.Standing;
import org.everpost.core.time.RandomSource;
import org.everpost.store.KeyRange;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;
import org.everpost.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * One epoch of a node's spool. This process is the only one that commits to it, until another node
 * takes it over. Changes wanted at the same time go into one commit.
 *
 * <p>Safe for any number of threads.
 */
public final class SpoolPartition {

  private static final int PAGE = 100;

  private final Ledger ledger;
  private final Partition partition;
  private final SpoolWriter writer;

  private SpoolPartition(Ledger ledger, Partition partition, byte[] stamp, RandomSource random) {
    this.ledger = Objects.requireNonNull(ledger, "ledger");
    this.partition = Objects.requireNonNull(partition, "partition");
    this.writer = new SpoolWriter(ledger, partition, stamp, random);
  }

  /**
   * Takes the partition for the node that owns it: whoever had it before no longer knows its
   * version. Ownership is looked up after the version was read, so that a node that slept in
   * between cannot take it from the one that adopted it meanwhile.
   *
   * @throws StoreUnavailableException also if the node does not own it any more
   */
  static SpoolPartition take(
      Ledger ledger,
      OptimisticCommit commits,
      Partition partition,
      NodeLease lease,
      RandomSource random) {
    byte[] stamp = lease.stamp();
    List<Mutation> mine = List.of(new Mutation.Put(OwnerRow.key(), OwnerRow.encode(stamp)));
    boolean owned =
        commits.change(
            partition,
            _ -> lease.owns(partition.id()) ? new Decision<>(mine, true) : Decision.nothing(false));
    if (!owned) {
      throw new StoreUnavailableException(partition + " belongs to another node");
    }
    return new SpoolPartition(ledger, partition, stamp, random);
  }

  /** The id of the partition. */
  public String id() {
    return partition.id();
  }

  /** Whether nothing here is this node's business any more: another has it, or it was ended. */
  public boolean isLost() {
    return writer.standing() != Standing.OURS;
  }

  /** Says that another node has it. */
  void lose() {
    writer.lose();
  }

  /** How many rows were written and deleted since this process has it. */
  long mutations() {
    return writer.mutations();
  }

  /**
   * Stores messages, all or none; they are durable when this returns.
   *
   * @return false if the partition has ended: they have to go into another
   * @throws StoreUnavailableException if nobody knows whether they are stored, or they are not:
   *     they are deleted with the next commit
   */
  boolean add(List<SpooledMessage> messages) {
    List<Stored> stored = messages.stream().map(Stored::of).toList();
    if (!SpoolDraft.fits(stored)) {
      throw new IllegalArgumentException(messages.size() + " messages do not fit into a commit");
    }
    return writer.submit(new What.Add(stored)).outcome == Outcome.DONE;
  }

  /**
   * Changes a message that is there. After a failure nobody knows whether it was changed; it can be
   * wanted again if {@code change} does no harm a second time.
   *
   * @param change what becomes of it; empty: it is deleted. May be asked more than once.
   * @return what it is then; empty if it is gone, or was not there
   */
  public Optional<SpooledMessage> update(
      SpoolId id, Function<SpooledMessage, Optional<SpooledMessage>> change) {
    return Optional.ofNullable(writer.submit(new What.Update(id, change)).after);
  }

  /** Deletes what was refused, if it was stored all the same. */
  void tidy() {
    if (writer.isUntidy()) {
      writer.submit(new What.Tidy());
    }
  }

  /**
   * Ends the partition if there is no message in it: nothing is left of it then, and nothing can be
   * added any more.
   *
   * @return whether it has ended
   */
  boolean retire() {
    SpoolId known = writer.witness();
    boolean inUse = known != null && ledger.read(partition).get(MessageRow.key(known)) != null;
    if (!inUse && writer.standing() != Standing.ENDED) {
      writer.submit(new What.End()); // dear: it looks through the traces of all that is gone
    }
    return writer.standing() == Standing.ENDED;
  }

  /** A message, if it is there. */
  public Optional<SpooledMessage> get(SpoolId id) {
    SpooledMessage known = writer.recent(id);
    if (known != null) {
      return Optional.of(known);
    }
    if (writer.isAbandoned(id)) {
      return Optional.empty();
    }
    byte[] key = MessageRow.key(id);
    byte[] value = ledger.read(partition).get(key);
    return value == null ? Optional.empty() : Optional.of(MessageRow.decode(key, value));
  }

  /** Shows all messages that can be read, the oldest first, as they are when they are read. */
  public void forEach(Consumer<SpooledMessage> visitor) {
    boolean _ =
        visit(message -> {
          visitor.accept(message);
          return true;
        });
  }

  /**
   * The same, until the visitor has seen enough.
   *
   * @param visitor whether it wants more
   * @return whether it has seen all
   */
  public boolean visit(Predicate<SpooledMessage> visitor) {
    return scan(null, visitor, _ -> {});
  }

  /**
   * Shows what stands behind one message, or all (null).
   *
   * @param visitor whether it wants more
   * @param damaged is told of those that cannot be read
   */
  boolean scan(
      @Nullable SpoolId behind, Predicate<SpooledMessage> visitor, Consumer<SpoolId> damaged) {
    PartitionView view = ledger.read(partition);
    KeyRange range =
        behind == null ? MessageRow.RANGE : MessageRow.RANGE.after(MessageRow.key(behind));
    while (true) {
      List<Row> page = view.scan(range, PAGE, Direction.ASCENDING);
      for (Row row : page) {
        SpoolId id = MessageRow.id(row.key());
        if (writer.isAbandoned(id)) {
          continue;
        }
        SpooledMessage message = readable(row);
        if (message == null) {
          damaged.accept(id);
        } else if (!visitor.test(message)) {
          return false;
        }
      }
      if (page.size() < PAGE) {
        return true;
      }
      range = range.after(page.getLast().key());
    }
  }

  private static @Nullable SpooledMessage readable(Row row) {
    try {
      return MessageRow.decode(row.key(), row.value());
    } catch (IllegalStateException e) {
      return null;
    }
  }
}
