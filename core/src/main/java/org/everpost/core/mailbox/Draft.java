package org.everpost.core.mailbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;
import org.everpost.store.PartitionView;
import org.jspecify.annotations.Nullable;

/**
 * One commit in the making: the account as it will be, and the mutations that make it so. Several
 * changes may share a draft.
 *
 * <p>Not safe for several threads.
 */
final class Draft {

  /** The most mailboxes one account has. */
  static final int MAX_MAILBOXES = 10_000;

  /** The most subscriptions one account has. */
  private static final int MAX_SUBSCRIPTIONS = 20_000;

  /** How many versions back the change log reaches at least. */
  static final int LOG_VERSIONS = 8_192;

  private static final int TRIM_EVERY = 512;

  private final AccountView base;
  private final long now;
  private final Supplier<PartitionView> reader;
  private final NavigableMap<MailboxId, MailboxView> mailboxes;
  private final Map<MailboxId, Touched> touched = new LinkedHashMap<>();
  private final Map<EmailId, Integer> references = new LinkedHashMap<>();
  private final List<Mutation> mutations = new ArrayList<>();
  private final Set<String> subscriptions;
  private @Nullable PartitionView rows;
  private int nextMailboxId;
  private long lastUidValidity;
  private long usedOctets;
  private long usedMessages;
  private int emails;
  private long octets;
  private boolean accountChanged;

  /** What happened in one mailbox. */
  private static final class Touched {
    final TreeSet<Integer> uids = new TreeSet<>();
    final TreeSet<Integer> vanished = new TreeSet<>();

    /** What this draft added while the list was not loaded: the stored rows do not have it yet. */
    final List<Message> added = new ArrayList<>();
  }

  /**
   * @param now seconds since 1970
   * @param reader reads the partition; called only if a change needs rows
   */
  Draft(AccountView base, long now, Supplier<PartitionView> reader) {
    this.base = base;
    this.now = now;
    this.reader = reader;
    this.mailboxes = new TreeMap<>(base.byId());
    AccountRow row = base.row();
    nextMailboxId = row.nextMailboxId();
    lastUidValidity = row.lastUidValidity();
    usedOctets = row.usedOctets();
    usedMessages = row.usedMessages();
    subscriptions = new TreeSet<>(row.subscriptions());
    if (base.unborn()) {
      DefaultMailboxes.create(this);
    }
  }

  /** The version this draft will be, the MODSEQ of everything it changes. */
  long version() {
    return base.version() + 1;
  }

  long now() {
    return now;
  }

  long usedOctets() {
    return usedOctets;
  }

  long usedMessages() {
    return usedMessages;
  }

  boolean isEmpty() {
    return touched.isEmpty() && mutations.isEmpty() && !accountChanged;
  }

  /** Whether there is room for another change of this many mutations and octets. */
  boolean hasRoom(int moreMutations, long moreOctets) {
    int reserve = 2 * touched.size() + 2 * references.size() + 8;
    return mutations.size() + reserve + moreMutations <= Ledger.MAX_MUTATIONS
        && octets + moreOctets <= Ledger.MAX_COMMIT_OCTETS * 3L / 4;
  }

  Optional<MailboxView> mailbox(MailboxId id) {
    return Optional.ofNullable(mailboxes.get(id));
  }

  Optional<MailboxView> mailbox(String name) {
    String canonical = MailboxNames.canonical(name);
    return mailboxes.values().stream().filter(m -> m.name().equals(canonical)).findFirst();
  }

  List<MailboxView> mailboxes() {
    return List.copyOf(mailboxes.values());
  }

  /** A mailbox with its messages, read now if they are not in memory. */
  MailboxView loaded(MailboxView mailbox) {
    if (mailbox.messages() != null) {
      return mailbox;
    }
    MessageList stored = MessageLoader.load(rows(), mailbox.id());
    Touched marks = touched.get(mailbox.id());
    MailboxView loaded =
        MailboxViews.with(mailbox, marks == null ? stored : stored.appended(marks.added));
    mailboxes.put(mailbox.id(), loaded);
    return loaded;
  }

  /** Makes a mailbox; the name is canonical, valid and free. */
  MailboxView create(String name, Set<SpecialUse> use) {
    lastUidValidity = Math.max(now, lastUidValidity + 1);
    MailboxView mailbox =
        new MailboxView(
            new MailboxId(nextMailboxId++),
            name,
            lastUidValidity,
            1,
            version(),
            use,
            List.of(),
            0,
            0,
            0,
            0,
            MessageList.EMPTY);
    put(mailbox);
    return mailbox;
  }

  /** Replaces a mailbox's view; its row is written at the end. */
  void put(MailboxView mailbox) {
    mailboxes.put(mailbox.id(), MailboxViews.at(mailbox, version()));
    touch(mailbox.id());
  }

  /** Removes an empty mailbox. */
  void delete(MailboxView mailbox) {
    mailboxes.remove(mailbox.id());
    touch(mailbox.id());
    mutations.add(new Mutation.Delete(MailboxRow.key(mailbox.id())));
  }

  /**
   * @return false if the account has as many subscriptions as one may have
   */
  boolean subscribe(String name, boolean on) {
    boolean changed = on ? subscriptions.add(name) : subscriptions.remove(name);
    if (subscriptions.size() > MAX_SUBSCRIPTIONS) {
      subscriptions.remove(name);
      return false;
    }
    accountChanged |= changed;
    return true;
  }

  /** Stores content for a message that {@link #add} follows with. */
  EmailId newEmail(IncomingMessage content) {
    EmailId id = EmailId.of(version(), emails++);
    addRow(EmailRow.key(id), content.row());
    return id;
  }

  /** Notes that a message row more refers to an email that was there before. */
  void refer(EmailId email) {
    references.merge(email, 1, Integer::sum);
  }

  /** Adds messages whose UIDs begin at the mailbox's uidNext, ascending. */
  void add(MailboxView mailbox, List<Message> messages) {
    for (Message message : messages) {
      addRow(MessageRow.key(mailbox.id(), message.uid()), MessageRow.encode(message));
      usedOctets += message.size();
      usedMessages++;
      touch(mailbox.id()).uids.add(message.uid());
    }
    if (mailbox.messages() == null) {
      touch(mailbox.id()).added.addAll(messages);
    }
    put(MailboxViews.added(mailbox, messages));
  }

  /** Changes the flags of messages that are there; ascending UIDs; the mailbox is loaded. */
  void update(MailboxView mailbox, List<Message> messages) {
    for (Message message : messages) {
      addRow(MessageRow.key(mailbox.id(), message.uid()), MessageRow.encode(message));
      touch(mailbox.id()).uids.add(message.uid());
    }
    put(MailboxViews.updated(mailbox, messages));
  }

  /** Removes messages that are there; the mailbox is loaded. */
  void remove(MailboxView mailbox, List<Message> messages) {
    for (Message message : messages) {
      mutations.add(new Mutation.Delete(MessageRow.key(mailbox.id(), message.uid())));
      usedOctets -= message.size();
      usedMessages--;
      references.merge(message.email(), -1, Integer::sum);
      Touched marks = touch(mailbox.id());
      marks.vanished.add(message.uid());
      marks.uids.remove(message.uid());
    }
    put(MailboxViews.removed(mailbox, messages));
  }

  /** The mutations of the commit. Called once, after the last change. */
  List<Mutation> finish() {
    writeReferences();
    List<ChangeRow.MailboxChange> changes = new ArrayList<>(touched.size());
    touched.forEach((id, marks) -> {
      mailbox(id).ifPresent(view -> addRow(MailboxRow.key(id), MailboxRow.encode(view)));
      changes.add(new ChangeRow.MailboxChange(id, uidSet(marks.uids), uidSet(marks.vanished)));
    });
    AccountRow row = accountRow();
    if (!row.equals(base.row()) || base.unborn()) {
      addRow(AccountRow.KEY, row.encode());
    }
    addRow(ChangeRow.key(version()), new ChangeRow(version(), changes).encode());
    if (version() % TRIM_EVERY == 0 && version() > LOG_VERSIONS) {
      mutations.add(new Mutation.DeleteRange(ChangeRow.range(0, version() - LOG_VERSIONS)));
    }
    return mutations;
  }

  /** The account as it is once the commit has succeeded; with no commit, as it is now. */
  AccountView result(boolean committed) {
    return new AccountView(committed ? version() : base.version(), accountRow(), mailboxes);
  }

  private AccountRow accountRow() {
    return new AccountRow(
        nextMailboxId, lastUidValidity, usedOctets, usedMessages, List.copyOf(subscriptions));
  }

  /** Email rows live as long as a message row refers to them. */
  private void writeReferences() {
    List<EmailId> changed =
        references.entrySet().stream()
            .filter(e -> e.getValue() != 0)
            .map(Map.Entry::getKey)
            .toList();
    if (changed.isEmpty()) {
      return;
    }
    List<byte @Nullable []> stored =
        rows().getAll(changed.stream().map(EmailRow::referencesKey).toList());
    for (int i = 0; i < changed.size(); i++) {
      EmailId email = changed.get(i);
      int before = EmailRow.decodeReferences(stored.get(i));
      int after = before + references.getOrDefault(email, 0);
      if (after > 1) {
        addRow(EmailRow.referencesKey(email), EmailRow.encodeReferences(after));
      } else if (before > 1) {
        mutations.add(new Mutation.Delete(EmailRow.referencesKey(email)));
      }
      if (after < 1) {
        mutations.add(new Mutation.Delete(EmailRow.key(email)));
      }
    }
  }

  private PartitionView rows() {
    PartitionView view = rows;
    if (view == null) {
      view = reader.get();
      if (view.version() != base.version()) {
        throw new StaleViewException();
      }
      rows = view;
    }
    return view;
  }

  private Touched touch(MailboxId id) {
    return touched.computeIfAbsent(id, ignored -> new Touched());
  }

  private void addRow(byte[] key, byte[] value) {
    mutations.add(new Mutation.Put(key, value));
    octets += key.length + (long) value.length;
  }

  private static UidSet uidSet(SortedSet<Integer> uids) {
    UidSet.Builder builder = new UidSet.Builder();
    uids.forEach(builder::add);
    return builder.build();
  }
}
