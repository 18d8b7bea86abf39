package org.everpost.core.spool;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.everpost.core.commit.CommitQueue;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.commit.OptimisticCommit.Decision;
import org.everpost.core.time.RandomSource;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.KeyRange;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;
import org.everpost.store.StoreException;
import org.everpost.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * One epoch of a node's spool. This process is the only one that commits to it, so it knows the
 * version without reading; if a commit meets a conflict all the same, either an earlier one with an
 * unknown outcome was applied, or another node has taken the partition over.
 *
 * <p>Changes wanted at the same time go into one commit. Safe for any number of threads.
 */
public final class SpoolPartition {

  private static final int PAGE = 500;

  /** A commit of some messages with very many recipients stays below what a ledger takes. */
  private static final int MAX_COMMIT_OCTETS = Ledger.MAX_COMMIT_OCTETS / 2;

  private static final int MAX_BATCH = Ledger.MAX_MUTATIONS / 4;
  private static final int ATTEMPTS = 5;

  /** Recipients of messages kept in memory because they are likely to be read again at once. */
  private static final int RECENT_RECIPIENTS = 4_000;

  private final Ledger ledger;
  private final Partition partition;
  private final byte[] stamp;
  private final RandomSource random;
  private final CommitQueue<Pending> queue = new CommitQueue<>(this::serve);
  private final Cache<SpoolId, SpooledMessage> recent =
      Caffeine.newBuilder()
          .maximumWeight(RECENT_RECIPIENTS)
          .weigher((SpoolId _, SpooledMessage m) -> m.recipients().size())
          .executor(Runnable::run)
          .build();
  private final AtomicLong mutations = new AtomicLong();

  /** How many messages there are, or fewer: it is only a hint that there may be none. */
  private final AtomicLong messages = new AtomicLong();

  /** What was refused because nobody knew whether it was stored; to be deleted if it was. */
  private final List<SpoolId> abandoned = new ArrayList<>();

  // Used by the thread that leads the queue alone.
  private long version;
  private boolean doubtful = true;

  private volatile boolean lost;

  private SpoolPartition(Ledger ledger, Partition partition, byte[] stamp, RandomSource random) {
    this.ledger = Objects.requireNonNull(ledger, "ledger");
    this.partition = Objects.requireNonNull(partition, "partition");
    this.stamp = stamp.clone();
    this.random = Objects.requireNonNull(random, "random");
  }

  /** Something somebody waits for. */
  private static final class Pending extends CommitQueue.Ticket {
    private final Wish wish;
    private @Nullable SpooledMessage after;
    private @Nullable RuntimeException failure;

    Pending(Wish wish) {
      this.wish = wish;
    }
  }

  private sealed interface Wish {

    /** All of them, or none. */
    record Add(List<SpooledMessage> messages) implements Wish {}

    record Update(SpoolId id, Function<SpooledMessage, Optional<SpooledMessage>> change)
        implements Wish {}

    /** The end of the partition. */
    record End() implements Wish {}
  }

  /** The id of the partition. */
  public String id() {
    return partition.id();
  }

  /** Whether another node has taken it over: nothing here is this node's business any more. */
  public boolean isLost() {
    return lost;
  }

  /** Notes a message that was there before this process had the partition. */
  void found() {
    messages.incrementAndGet();
  }

  /** How many rows were written and deleted since this process has it. */
  long mutations() {
    return mutations.get();
  }

  /**
   * Takes the partition for a node: whoever had it before no longer knows its version.
   *
   * @param stamp the node's, see {@link org.everpost.core.cluster.NodeLease#stamp}
   */
  static SpoolPartition take(
      Ledger ledger,
      OptimisticCommit commits,
      Partition partition,
      byte[] stamp,
      RandomSource random) {
    Mutation mine = new Mutation.Put(OwnerRow.key(), OwnerRow.encode(stamp));
    commits.change(partition, _ -> new Decision<>(List.of(mine), true));
    return new SpoolPartition(ledger, partition, stamp, random);
  }

  /** Stores messages, all or none; they are durable when this returns. */
  void add(List<SpooledMessage> messages) {
    submit(new Pending(new Wish.Add(messages)));
  }

  /**
   * Changes a message that is there.
   *
   * @param change what becomes of it; empty: it is deleted. May be asked more than once.
   * @return what it is then; empty if it is gone, or was not there
   */
  public Optional<SpooledMessage> update(
      SpoolId id, Function<SpooledMessage, Optional<SpooledMessage>> change) {
    return Optional.ofNullable(submit(new Pending(new Wish.Update(id, change))).after);
  }

  private Pending submit(Pending pending) {
    queue.await(pending);
    if (pending.failure != null) {
      throw pending.failure;
    }
    return pending;
  }

  /** A message, if it is there. */
  public Optional<SpooledMessage> get(SpoolId id) {
    SpooledMessage known = recent.getIfPresent(id);
    if (known != null) {
      return Optional.of(known);
    }
    byte[] key = MessageRow.key(id);
    byte[] value = ledger.read(partition).get(key);
    return value == null ? Optional.empty() : Optional.of(MessageRow.decode(key, value));
  }

  /** Shows all messages, the oldest first. */
  public void forEach(Consumer<SpooledMessage> visitor) {
    PartitionView view = ledger.read(partition);
    KeyRange range = MessageRow.RANGE;
    while (true) {
      List<Row> page = view.scan(range, PAGE, Direction.ASCENDING);
      for (Row row : page) {
        visitor.accept(MessageRow.decode(row.key(), row.value()));
      }
      if (page.size() < PAGE) {
        return;
      }
      range = range.after(page.getLast().key());
    }
  }

  /**
   * Ends the partition if there is no message in it: nothing is left of it then, and nothing can be
   * added any more.
   */
  boolean retire() {
    if (messages.get() > 0) {
      return false;
    }
    submit(new Pending(new Wish.End()));
    return lost;
  }

  private void end() {
    synchronise();
    boolean empty = ledger.read(partition).scan(MessageRow.RANGE, 1, Direction.ASCENDING).isEmpty();
    CommitId id = new CommitId(random.nextLong(), random.nextLong());
    List<Mutation> all = List.of(new Mutation.DeleteRange(KeyRange.ALL));
    if (empty && ledger.commit(partition, version, id, all) instanceof CommitResult.Committed) {
      lost = true;
    }
    doubtful = true;
  }

  private void serve(List<Pending> batch) {
    List<Pending> rest = batch;
    try {
      while (!rest.isEmpty()) {
        rest = rest.subList(serveSome(rest), rest.size());
      }
    } catch (StoreException | IllegalStateException e) {
      fail(rest, e);
    }
  }

  private void fail(List<Pending> batch, RuntimeException e) {
    for (Pending pending : batch) {
      pending.failure = e;
      if (pending.wish instanceof Wish.Add(List<SpooledMessage> messages)) {
        messages.forEach(message -> abandoned.add(message.id()));
      }
    }
  }

  /** Serves as many as one commit takes; returns how many that were. */
  private int serveSome(List<Pending> batch) {
    if (batch.getFirst().wish instanceof Wish.End) {
      end();
      return 1;
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (doubtful) {
        synchronise();
      }
      Draft draft = draft(batch);
      CommitId id = new CommitId(random.nextLong(), random.nextLong());
      CommitResult result;
      try {
        result = ledger.commit(partition, version, id, draft.mutations);
      } catch (StoreUnavailableException e) {
        doubtful = true;
        throw e;
      }
      switch (result) {
        case CommitResult.Committed(long made) -> {
          version = made;
          abandoned.clear();
          mutations.addAndGet(draft.mutations.size());
          messages.addAndGet(draft.growth);
          draft.after.forEach(this::remember);
          return draft.served;
        }
        case CommitResult.Conflict _ -> doubtful = true;
      }
    }
    throw new StoreUnavailableException(partition + " is changed by somebody else");
  }

  private void remember(SpoolId id, Optional<SpooledMessage> message) {
    message.ifPresentOrElse(m -> recent.put(id, m), () -> recent.invalidate(id));
  }

  /** Finds out what the partition is like, and whether it is still this node's. */
  private void synchronise() {
    PartitionView view = ledger.read(partition);
    byte[] owner = view.get(OwnerRow.key());
    if (lost || owner == null || !Arrays.equals(OwnerRow.decode(owner), stamp)) {
      lost = true;
      throw new StoreUnavailableException(partition + " was taken over by another node");
    }
    recent.invalidateAll();
    messages.set(0); // nobody knows: let whoever asks look
    version = view.version();
    doubtful = false;
  }

  /** What one commit is to do. */
  private static final class Draft {
    final List<Mutation> mutations = new ArrayList<>();

    /** The messages it changes, as they will be. */
    final Map<SpoolId, Optional<SpooledMessage>> after = new LinkedHashMap<>();

    int growth;
    int octets;
    int served;

    void put(SpooledMessage message) {
      byte[] value = MessageRow.encode(message);
      octets += value.length;
      mutations.add(new Mutation.Put(MessageRow.key(message.id()), value));
      after.put(message.id(), Optional.of(message));
    }

    void delete(SpoolId id) {
      mutations.add(new Mutation.Delete(MessageRow.key(id)));
      after.put(id, Optional.empty());
    }
  }

  private Draft draft(List<Pending> batch) {
    List<Pending> some = batch.subList(0, Math.min(batch.size(), MAX_BATCH));
    Map<SpoolId, SpooledMessage> present = present(some);
    Draft draft = new Draft();
    abandoned.forEach(draft::delete);
    for (Pending pending : some) {
      switch (pending.wish) {
        case Wish.Add(List<SpooledMessage> messages) -> {
          messages.forEach(draft::put);
          draft.growth += messages.size();
        }
        case Wish.Update(SpoolId id, var change) -> {
          Optional<SpooledMessage> before =
              draft.after.getOrDefault(id, Optional.ofNullable(present.get(id)));
          Optional<SpooledMessage> after = before.flatMap(change);
          after.ifPresent(draft::put);
          if (before.isPresent() && after.isEmpty()) {
            draft.delete(id);
            draft.growth--;
          }
          pending.after = after.orElse(null);
        }
        case Wish.End _ -> {
          return draft; // its turn comes when it is the first
        }
      }
      draft.served++;
      if (draft.octets > MAX_COMMIT_OCTETS) {
        return draft;
      }
    }
    return draft;
  }

  /** The messages that are to be changed, as they are. */
  private Map<SpoolId, SpooledMessage> present(List<Pending> batch) {
    Map<SpoolId, SpooledMessage> present = new HashMap<>();
    List<SpoolId> missing = new ArrayList<>();
    for (Pending pending : batch) {
      if (pending.wish instanceof Wish.Update(SpoolId id, var _) && !present.containsKey(id)) {
        SpooledMessage known = recent.getIfPresent(id);
        if (known == null) {
          missing.add(id);
        } else {
          present.put(id, known);
        }
      }
    }
    if (!missing.isEmpty()) {
      List<byte[]> keys = missing.stream().map(MessageRow::key).toList();
      List<byte @Nullable []> values = ledger.read(partition).getAll(keys);
      for (int i = 0; i < keys.size(); i++) {
        byte[] value = values.get(i);
        if (value != null) {
          present.put(missing.get(i), MessageRow.decode(keys.get(i), value));
        }
      }
    }
    return present;
  }
}
