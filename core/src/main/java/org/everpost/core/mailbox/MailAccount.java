package org.everpost.core.mailbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.everpost.core.commit.CommitQueue;
import org.everpost.core.directory.AccountId;
import org.everpost.core.directory.Quota;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;
import org.everpost.store.Store;
import org.everpost.store.StoreException;
import org.everpost.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * The mailboxes of one account: the newest view of them, and every way to change them.
 *
 * <p>A change returns when it is durable. What many threads want at once goes into one commit.
 * Anything may throw {@link org.everpost.store.StoreException}.
 *
 * <p>Safe for any number of threads.
 */
public final class MailAccount {

  /** How many messages one commit copies, moves, marks or removes at most. */
  static final int BATCH = 1_000;

  private static final int MAX_ATTEMPTS = 30;

  /** How often a commit of unknown outcome is repeated, and how long it is waited before. */
  private static final int MAX_REPEATS = 2;

  private static final Duration REPEAT_PAUSE = Duration.ofMillis(600);

  private final AccountId id;
  private final Partition partition;
  private final Store store;
  private final Clock clock;
  private final RandomSource random;
  private final AccountReader reader;
  private final CommitQueue<Pending<?>> queue = new CommitQueue<>(this::serve);
  private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
  private volatile @Nullable AccountView view;

  private volatile int weighed;

  /** Whether the outcome of a commit stayed unknown: the view may be older than the partition. */
  private volatile boolean doubtful;

  MailAccount(AccountId id, Store store, Clock clock, RandomSource random) {
    this.id = id;
    this.store = store;
    this.clock = clock;
    this.random = random;
    this.partition = new Partition(PartitionKind.ACCOUNT, id.value());
    this.reader = new AccountReader(store.ledger(), partition);
  }

  public AccountId id() {
    return id;
  }

  /** The newest view this node has; read from the store if it has none. */
  public AccountView view() {
    AccountView current = view;
    return current != null && !current.unborn() ? current : refresh();
  }

  /**
   * A view no older than this call. Costs nothing where the store is not shared: then the newest
   * view here is the newest there is.
   */
  public AccountView refresh() {
    AccountView current = view;
    if (current != null && !current.unborn() && !store.shared() && !doubtful) {
      return current;
    }
    submit(new Pending<>(draft -> Boolean.TRUE, 0, 0, true));
    return Objects.requireNonNull(view, "view");
  }

  /**
   * A mailbox with its messages, no older than {@link #view}; empty if it does not exist. They stay
   * loaded in later views while the account is in memory.
   */
  public Optional<MailboxView> load(MailboxId mailbox) {
    Optional<MailboxView> known = view().mailbox(mailbox);
    while (known.isPresent() && known.get().messages() == null) {
      submit(
          new Pending<>(draft -> draft.mailbox(mailbox).map(draft::loaded), 0, 0, store.shared()));
      known = view().mailbox(mailbox);
    }
    return known;
  }

  /** Makes a mailbox and the levels above it. */
  public MailboxResult create(String name, Set<SpecialUse> use) {
    return submit(MailboxChanges.create(name, use), 64);
  }

  /** Renames a mailbox and those below it; of the inbox only the messages move. */
  public MailboxResult rename(String from, String to) {
    return submit(MailboxChanges.rename(from, to), Draft.MAX_MAILBOXES / 4);
  }

  /** Deletes a mailbox and its messages; those below it stay. */
  public MailboxResult delete(String name) {
    String canonical = MailboxNames.canonical(name);
    if (canonical.equals(MailboxNames.INBOX)) {
      return new MailboxResult.Invalid("the inbox cannot be deleted");
    }
    Optional<MailboxView> mailbox = refresh().mailbox(canonical);
    if (mailbox.isEmpty()) {
      return new MailboxResult.NoSuchMailbox();
    }
    expunge(mailbox.get().id(), null, true);
    return submit(MailboxChanges.delete(mailbox.get().id()), 4);
  }

  public MailboxResult subscribe(String name, boolean on) {
    return submit(MailboxChanges.subscribe(name, on), 4);
  }

  /**
   * Puts messages into a mailbox, all or none.
   *
   * @param messages 1 to 1,000
   */
  public AppendResult append(MailboxId mailbox, List<NewMessage> messages, Quota quota) {
    if (messages.isEmpty() || messages.size() > BATCH) {
      throw new IllegalArgumentException(messages.size() + " messages at once");
    }
    long octets = 0;
    Instant oldest = clock.instant().minus(BlobSweep.MAX_IN_FLIGHT);
    for (NewMessage message : messages) {
      if (message.content().blob().created().isBefore(oldest)) {
        throw new StoreUnavailableException(
            message.content().blob() + " waited too long to be put into a mailbox");
      }
      octets += message.content().row().length + 128L;
    }
    return submit(
        new Pending<>(
            MessageChanges.append(mailbox, messages, quota), 2 * messages.size(), octets, false));
  }

  /**
   * Copies those of {@code uids} that exist; if it fails on the way, what was copied is removed.
   */
  public CopyResult copy(MailboxId from, UidSet uids, MailboxId to, Quota quota) {
    return transfer(from, uids, to, quota, false);
  }

  /** Moves those of {@code uids} that exist (RFC 6851), 1,000 in a commit. */
  public CopyResult move(MailboxId from, UidSet uids, MailboxId to, Quota quota) {
    return transfer(from, uids, to, quota, true);
  }

  /**
   * Changes flags, of 1,000 messages in a commit.
   *
   * @param unchangedSince messages changed after this version are left alone and reported (RFC 7162
   *     §3.1.3); {@link Long#MAX_VALUE}: none are
   */
  public StoreResult store(
      MailboxId mailbox, UidSet uids, FlagChange change, FlagNames flags, long unchangedSince) {
    UidSet modified = UidSet.EMPTY;
    long modSeq = 0;
    for (UidSet part : batches(mailbox, uids)) {
      StoreResult result =
          submit(MessageChanges.store(mailbox, part, change, flags, unchangedSince), BATCH);
      if (!(result instanceof StoreResult.Stored stored)) {
        return result;
      }
      modified = modified.union(stored.modified());
      modSeq = stored.modSeq();
    }
    return new StoreResult.Stored(modified, modSeq);
  }

  /**
   * Removes messages that have {@code \Deleted}, 1,000 in a commit.
   *
   * @param only none but these; null: all
   */
  public ExpungeResult expunge(MailboxId mailbox, @Nullable UidSet only) {
    return expunge(mailbox, only, false);
  }

  /** Removes messages whatever their flags, 1,000 in a commit: what POP3's UPDATE state does. */
  public ExpungeResult remove(MailboxId mailbox, UidSet uids) {
    return expunge(mailbox, uids, true);
  }

  /**
   * The UIDs that went since a version (RFC 7162 §3.2.5.1). Where the change log does not reach
   * back so far: all of {@code known} that do not exist, which may be more.
   */
  public UidSet vanishedSince(MailboxView mailbox, long modSeq, UidSet known) {
    UidSet issued = UidSet.range(1, mailbox.uidNext() - 1).intersect(known);
    PartitionView rows = store.ledger().read(partition);
    List<ChangeRow> log = new ArrayList<>();
    if (modSeq > 0 && rows.version() - modSeq <= Draft.LOG_VERSIONS) {
      List<Row> page =
          rows.scan(
              ChangeRow.range(modSeq + 1, mailbox.highestModSeq()),
              Draft.LOG_VERSIONS,
              Direction.ASCENDING);
      page.forEach(row -> log.add(ChangeRow.decode(row.key(), row.value())));
    }
    UidSet gone = UidSet.EMPTY;
    if (log.size() == Math.max(0, mailbox.highestModSeq() - modSeq) && modSeq > 0) {
      for (ChangeRow change : log) {
        for (ChangeRow.MailboxChange c : change.mailboxes()) {
          gone = c.mailbox().equals(mailbox.id()) ? gone.union(c.vanished()) : gone;
        }
      }
      return gone.intersect(issued);
    }
    UidSet.Builder absent = new UidSet.Builder();
    MessageList list = mailbox.loaded();
    issued.forEach(uid -> {
      if (list.indexOf(uid) < 0) {
        absent.add(uid);
      }
    });
    return absent.build();
  }

  /** The contents of messages, in the order of the ids; null where it is gone meanwhile. */
  public List<@Nullable Email> emails(List<EmailId> ids) {
    List<byte @Nullable []> values =
        store.ledger().read(partition).getAll(ids.stream().map(EmailRow::key).toList());
    List<@Nullable Email> emails = new ArrayList<>(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      byte[] value = values.get(i);
      emails.add(value == null ? null : EmailRow.decode(ids.get(i), value));
    }
    return emails;
  }

  /**
   * Calls {@code onChange} after each change of the view, from whatever thread made it, until the
   * watch is closed. It must return at once. On a shared store changes of other nodes are seen
   * within a second.
   */
  public Watch watch(Runnable onChange) {
    watchers.add(onChange);
    return () -> watchers.remove(onChange);
  }

  /** Ends watching. */
  public interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  boolean isWatched() {
    return !watchers.isEmpty();
  }

  /** How many messages are in memory: what it weighs in a cache. */
  int loadedMessages() {
    AccountView current = view;
    return current == null
        ? 0
        : current.byId().values().stream()
            .mapToInt(m -> m.messages() == null ? 0 : m.count())
            .sum();
  }

  /** Whether it weighs much more or less than when this was last asked. */
  boolean weightChanged() {
    int weight = loadedMessages();
    boolean changed = Math.abs(weight - weighed) > Math.max(1_000, weighed / 2);
    weighed = changed ? weight : weighed;
    return changed;
  }

  private CopyResult transfer(
      MailboxId from, UidSet uids, MailboxId to, Quota quota, boolean move) {
    List<UidSet> parts = batches(from, uids);
    if (parts.isEmpty()) {
      parts = List.of(UidSet.EMPTY);
    }
    UidSet source = UidSet.EMPTY;
    UidSet target = UidSet.EMPTY;
    CopyResult last = new CopyResult.NoSuchMailbox();
    for (UidSet part : parts) {
      try {
        last = submit(MessageChanges.copy(from, part, to, quota, move), 3 * BATCH);
      } catch (StoreUnavailableException e) {
        undo(to, target, move);
        throw e;
      }
      if (!(last instanceof CopyResult.Copied copied)) {
        undo(to, target, move);
        return last;
      }
      source = source.union(copied.source());
      target = target.union(copied.target());
    }
    CopyResult.Copied copied = (CopyResult.Copied) last;
    return new CopyResult.Copied(copied.uidValidity(), source, target, copied.modSeq());
  }

  /** RFC 9051 §6.4.7: a COPY that fails leaves nothing behind. */
  private void undo(MailboxId to, UidSet target, boolean move) {
    if (!move && !target.isEmpty()) {
      expunge(to, target, true);
    }
  }

  private ExpungeResult expunge(MailboxId mailbox, @Nullable UidSet only, boolean anyFlags) {
    UidSet all = UidSet.EMPTY;
    while (true) {
      ExpungeResult result =
          submit(MessageChanges.expunge(mailbox, only, anyFlags, BATCH), 3 * BATCH);
      if (!(result instanceof ExpungeResult.Expunged expunged)) {
        return result;
      }
      all = all.union(expunged.uids());
      if (expunged.uids().size() < BATCH) {
        return new ExpungeResult.Expunged(all, expunged.modSeq());
      }
    }
  }

  /** Sets of at most {@link #BATCH} messages each that exist. */
  private List<UidSet> batches(MailboxId mailbox, UidSet uids) {
    Optional<MailboxView> loaded = load(mailbox);
    if (loaded.isEmpty()) {
      return List.of(uids);
    }
    MessageList list = loaded.get().loaded();
    int[] indexes = list.indexesOf(uids);
    List<UidSet> parts = new ArrayList<>();
    for (int from = 0; from < indexes.length; from += BATCH) {
      UidSet.Builder part = new UidSet.Builder();
      for (int i = from; i < Math.min(indexes.length, from + BATCH); i++) {
        part.add(list.uid(indexes[i]));
      }
      parts.add(part.build());
    }
    return parts;
  }

  private <R> R submit(Change<R> change, int mutations) {
    return submit(new Pending<>(change, mutations, 100L * mutations, false));
  }

  private <R> R submit(Pending<R> pending) {
    queue.await(pending);
    return pending.result();
  }

  /** A change somebody waits for. */
  private static final class Pending<R> {
    private final Change<R> change;
    private final int mutations;
    private final long octets;
    private final boolean fresh;
    private @Nullable R result;
    private @Nullable RuntimeException failure;

    /**
     * @param mutations how many it makes at most
     * @param octets how many they carry, about
     * @param fresh whether the view must first be brought up to date
     */
    Pending(Change<R> change, int mutations, long octets, boolean fresh) {
      this.change = change;
      this.mutations = mutations;
      this.octets = octets;
      this.fresh = fresh;
    }

    void apply(Draft draft) {
      result = change.apply(draft);
    }

    R result() {
      if (failure != null) {
        throw failure;
      }
      return Objects.requireNonNull(result, "result");
    }
  }

  /** Serves everybody of a batch, in as few commits as their sizes allow. */
  private void serve(List<Pending<?>> batch) {
    List<Pending<?>> rest = batch;
    try {
      if (view == null || doubtful || batch.stream().anyMatch(p -> p.fresh)) {
        publish(reader.newest(view));
      }
      while (!rest.isEmpty()) {
        rest = serveSome(rest);
      }
    } catch (StoreException e) {
      rest.forEach(p -> p.failure = e);
    } catch (RuntimeException e) {
      if (rest.size() == 1) {
        rest.getFirst().failure = e;
      } else {
        rest.forEach(p -> serve(List.of(p)));
      }
    } catch (Error e) {
      // Nobody may take for done what was not committed: acknowledged mail would be lost.
      doubtful = true;
      RuntimeException failure = new StoreUnavailableException("an internal error", e);
      rest.forEach(p -> p.failure = failure);
      throw e;
    }
  }

  /** Makes one commit for the first of them that fit; returns the others. */
  private List<Pending<?>> serveSome(List<Pending<?>> batch) {
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      AccountView base = current();
      try {
        Supplier<PartitionView> rows = () -> store.ledger().read(partition);
        Draft draft = new Draft(base, clock.epochSecond(), rows);
        int served = draftAll(draft, batch);
        List<Mutation> mutations = draft.isEmpty() ? List.of() : draft.finish();
        if (mutations.isEmpty()) {
          AccountView seen = draft.result(false);
          publish(store.shared() ? reader.newest(seen) : seen);
          return batch.subList(served, batch.size());
        }
        AccountView next = draft.result(true);
        CommitResult result = commit(base.version(), mutations);
        doubtful = false;
        if (result instanceof CommitResult.Committed) {
          publish(next);
          return batch.subList(served, batch.size());
        }
        pause(attempt);
      } catch (StaleViewException e) {
        pause(attempt);
      }
      publish(reader.newest(view));
    }
    throw new StoreUnavailableException(partition + " is changed by too many others");
  }

  /** Commits; an outcome that stays unknown is asked for again for a while, by the same id. */
  private CommitResult commit(long version, List<Mutation> mutations) {
    CommitId id = new CommitId(random.nextLong(), random.nextLong());
    for (int repeat = 0; ; repeat++) {
      CommitResult result;
      try {
        result = store.ledger().commit(partition, version, id, mutations);
      } catch (StoreUnavailableException e) {
        doubtful = true;
        if (repeat == MAX_REPEATS) {
          throw e;
        }
        pause(REPEAT_PAUSE);
        continue;
      } catch (RuntimeException e) {
        doubtful = true;
        throw e;
      }
      if (repeat > 0
          && result instanceof CommitResult.Conflict conflict
          && !conflict.coversEarlierCalls(version)) {
        // Deciding anew could deliver a second time what was delivered.
        throw new StoreUnavailableException("what became of a commit is unknown");
      }
      return result;
    }
  }

  private static int draftAll(Draft draft, List<Pending<?>> batch) {
    int served = 0;
    for (Pending<?> pending : batch) {
      if (served > 0 && !draft.hasRoom(pending.mutations, pending.octets)) {
        break;
      }
      pending.apply(draft);
      served++;
    }
    return served;
  }

  private AccountView current() {
    AccountView current = view;
    return current == null ? AccountView.UNBORN : current;
  }

  /** Other nodes commit to the same account: let them finish before trying again. */
  private void pause(int attempt) {
    pause(Duration.ofMillis(random.nextLong(1L << Math.min(attempt, 6)) + 1));
  }

  private void pause(Duration duration) {
    try {
      clock.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void publish(AccountView next) {
    AccountView before = view;
    view = next;
    if (before != null && before.version() != next.version()) {
      for (Runnable watcher : watchers) {
        try {
          watcher.run();
        } catch (IllegalStateException e) {
          // What a session makes of the news is its own affair; the commit has happened.
        }
      }
    }
  }
}
