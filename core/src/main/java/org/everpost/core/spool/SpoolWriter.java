package org.everpost.core.spool;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.everpost.core.commit.CommitQueue;
import org.everpost.core.spool.SpoolDraft.Stored;
import org.everpost.core.spool.SpoolWish.Outcome;
import org.everpost.core.spool.SpoolWish.What;
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
import org.everpost.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the commits of one spool partition: one of those who want something does it for all. It
 * knows the version without reading; if a commit meets a conflict all the same, either an earlier
 * one with an unknown outcome was applied, or another node has taken the partition over.
 *
 * <p>Safe for any number of threads.
 */
final class SpoolWriter {

  /** So many wishes are served by one commit at most. */
  private static final int MAX_BATCH = 1_000;

  private static final int ATTEMPTS = 5;

  /** Recipients of messages kept in memory because they are likely to be read again at once. */
  private static final int RECENT_RECIPIENTS = 4_000;

  private final Ledger ledger;
  private final Partition partition;
  private final byte[] stamp;
  private final RandomSource random;
  private final CommitQueue<SpoolWish> queue = new CommitQueue<>(this::serve);
  private final Cache<SpoolId, SpooledMessage> recent =
      Caffeine.newBuilder()
          .maximumWeight(RECENT_RECIPIENTS)
          .weigher((SpoolId _, SpooledMessage m) -> m.recipients().size())
          .executor(Runnable::run)
          .build();
  private final AtomicLong mutations = new AtomicLong();

  // Changed by the thread that leads the queue alone.
  private long version;
  private boolean doubtful = true;

  /** What was refused because nobody knew whether it was stored; to be deleted if it was. */
  private final Set<SpoolId> abandoned = ConcurrentHashMap.newKeySet();

  private volatile boolean untidy;
  private volatile Standing standing = Standing.OURS;
  private volatile @Nullable SpoolId witness;

  /** Whose the partition is. */
  enum Standing {
    OURS,
    /** Emptied for good by its owner. */
    ENDED,
    /** Another's. */
    LOST
  }

  SpoolWriter(Ledger ledger, Partition partition, byte[] stamp, RandomSource random) {
    this.ledger = Objects.requireNonNull(ledger, "ledger");
    this.partition = Objects.requireNonNull(partition, "partition");
    this.stamp = stamp;
    this.random = Objects.requireNonNull(random, "random");
  }

  Standing standing() {
    return standing;
  }

  /** Says that another node has it. */
  void lose() {
    standing = Standing.LOST;
  }

  /** Whether there is something to delete that was refused. */
  boolean isUntidy() {
    return untidy;
  }

  /** A message that was there when an end was wanted; null: nobody looked, or there was none. */
  @Nullable SpoolId witness() {
    return witness;
  }

  /** Whether a message was refused, and nobody knows whether it is stored all the same. */
  boolean isAbandoned(SpoolId id) {
    return abandoned.contains(id);
  }

  /** How many rows were written and deleted. */
  long mutations() {
    return mutations.get();
  }

  /** A message that was written a moment ago; null: look into the store. */
  @Nullable SpooledMessage recent(SpoolId id) {
    return recent.getIfPresent(id);
  }

  /** Returns when it is done, or it is too late for it. */
  SpoolWish submit(What what) {
    SpoolWish wish = new SpoolWish(what);
    queue.await(wish);
    if (wish.failure != null) {
      throw wish.failure;
    }
    if (wish.outcome == Outcome.NONE) {
      throw new StoreUnavailableException("who did it for all did not finish");
    }
    return wish;
  }

  private void serve(List<SpoolWish> batch) {
    List<SpoolWish> rest = batch;
    int conflicts = 0;
    try {
      while (!rest.isEmpty()) {
        if ((doubtful || standing != Standing.OURS) && !synchronise()) {
          rest.forEach(SpoolWriter::tooLate);
          break;
        }
        int served = rest.getFirst().what instanceof What.End ? end() : commit(rest);
        conflicts = served > 0 ? 0 : conflicts + 1;
        if (conflicts == ATTEMPTS) {
          throw new StoreUnavailableException(partition + " is changed by somebody else");
        }
        rest.subList(0, served).forEach(wish -> wish.outcome = Outcome.DONE);
        rest = rest.subList(served, rest.size());
      }
    } catch (RuntimeException e) {
      for (SpoolWish wish : rest) {
        wish.failure = e;
      }
    } finally {
      untidy = !abandoned.isEmpty();
    }
  }

  private static void tooLate(SpoolWish wish) {
    wish.outcome = Outcome.TOO_LATE;
    wish.after = null;
    wish.failure = null;
  }

  /** Finds out what the partition is like; false if it has ended. */
  private boolean synchronise() {
    PartitionView view = ledger.read(partition);
    byte[] owner = view.get(OwnerRow.key());
    if (standing == Standing.OURS && owner == null) {
      standing = Standing.ENDED;
    }
    boolean others = owner != null && !Arrays.equals(OwnerRow.decode(owner), stamp);
    if (standing == Standing.LOST || others) {
      standing = Standing.LOST;
      throw new StoreUnavailableException(partition + " was taken over by another node");
    }
    version = view.version();
    doubtful = false;
    return standing == Standing.OURS;
  }

  /** Serves as many as one commit takes; returns how many: none after a conflict. */
  private int commit(List<SpoolWish> batch) {
    SpoolDraft draft = new SpoolDraft();
    List<SpoolId> refused = abandoned.stream().limit(MAX_BATCH).toList();
    refused.forEach(draft::discard);
    int served = fill(draft, batch.subList(0, Math.min(batch.size(), MAX_BATCH)));
    List<SpoolId> added = added(batch.subList(0, served));
    if (!commit(draft.mutations(), added)) {
      return 0;
    }
    refused.forEach(abandoned::remove);
    added.forEach(abandoned::remove); // somebody wanted it a second time
    mutations.addAndGet(draft.mutations().size());
    draft.after().forEach(this::remember);
    return served;
  }

  /** Whether it was committed; if not, there was a conflict, and nothing was. */
  private boolean commit(List<Mutation> changes, List<SpoolId> added) {
    CommitResult result = null;
    try {
      CommitId id = new CommitId(random.nextLong(), random.nextLong());
      result = ledger.commit(partition, version, id, changes);
    } finally {
      if (result == null) {
        abandoned.addAll(added);
        doubt();
      }
    }
    return switch (result) {
      case CommitResult.Committed(long made) -> {
        version = made;
        yield true;
      }
      case CommitResult.Conflict _ -> {
        doubt();
        yield false;
      }
    };
  }

  private static List<SpoolId> added(List<SpoolWish> batch) {
    List<SpoolId> ids = new ArrayList<>();
    for (SpoolWish wish : batch) {
      if (wish.what instanceof What.Add(List<Stored> messages)) {
        messages.forEach(stored -> ids.add(stored.message().id()));
      }
    }
    return ids;
  }

  private void remember(SpoolId id, Optional<SpooledMessage> message) {
    message.ifPresentOrElse(m -> recent.put(id, m), () -> recent.invalidate(id));
  }

  private void doubt() {
    doubtful = true;
    recent.invalidateAll();
  }

  /** Returns how many wishes that served: none after a conflict. */
  private int end() {
    int enough = abandoned.size() + 1;
    PartitionView view = ledger.read(partition);
    for (Row row : view.scan(MessageRow.RANGE, enough, Direction.ASCENDING)) {
      SpoolId id = MessageRow.id(row.key());
      if (!abandoned.contains(id)) {
        witness = id;
        return 1;
      }
    }
    if (!commit(List.of(new Mutation.DeleteRange(KeyRange.ALL)), List.of())) {
      return 0;
    }
    abandoned.clear();
    standing = Standing.ENDED;
    recent.invalidateAll();
    return 1;
  }

  /** Puts into a draft what is wanted, as much as there is room for; returns how many wishes. */
  private int fill(SpoolDraft draft, List<SpoolWish> batch) {
    Map<SpoolId, Supplier<SpooledMessage>> present = present(batch);
    int served = 0;
    for (SpoolWish wish : batch) {
      boolean room =
          switch (wish.what) {
            case What.Add(List<Stored> messages) -> draft.add(messages);
            case What.Update update -> change(draft, wish, update, present);
            case What.Tidy _ -> true;
            case What.End _ -> false; // its turn comes when it is the first
          };
      if (!room) {
        return served;
      }
      served++;
    }
    return served;
  }

  /**
   * Whether there was room: what stays the same needs none. Whoever wants something impossible
   * hears of it alone.
   */
  private static boolean change(
      SpoolDraft draft,
      SpoolWish wish,
      What.Update update,
      Map<SpoolId, Supplier<SpooledMessage>> present) {
    SpoolId id = update.id();
    wish.after = null;
    wish.failure = null;
    try {
      Optional<SpooledMessage> before =
          draft.knows(id)
              ? draft.message(id)
              : Optional.ofNullable(present.get(id)).map(Supplier::get);
      Optional<SpooledMessage> after = before.flatMap(update.change());
      wish.after = after.orElse(null);
      return after.equals(before) || draft.change(id, after);
    } catch (RuntimeException e) {
      wish.failure = e;
      return true;
    }
  }

  /** The messages that are to be changed. */
  private Map<SpoolId, Supplier<SpooledMessage>> present(List<SpoolWish> batch) {
    Map<SpoolId, Supplier<SpooledMessage>> present = new HashMap<>();
    Set<SpoolId> missing = new LinkedHashSet<>();
    for (SpoolWish wish : batch) {
      if (wish.what instanceof What.Update(SpoolId id, var _)) {
        SpooledMessage known = recent.getIfPresent(id);
        if (known != null) {
          present.put(id, () -> known);
        } else if (!abandoned.contains(id)) {
          missing.add(id);
        }
      }
    }
    if (!missing.isEmpty()) {
      List<byte[]> keys = missing.stream().map(MessageRow::key).toList();
      List<byte @Nullable []> values = ledger.read(partition).getAll(keys);
      for (int i = 0; i < keys.size(); i++) {
        byte[] key = keys.get(i);
        byte[] value = values.get(i);
        if (value != null) {
          present.putIfAbsent(MessageRow.id(key), () -> MessageRow.decode(key, value));
        }
      }
    }
    return present;
  }
}
