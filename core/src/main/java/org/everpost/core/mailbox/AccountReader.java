package org.everpost.core.mailbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.everpost.store.KeyRange;
import org.everpost.store.Ledger;
import org.everpost.store.Partition;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;
import org.everpost.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Reads an account, whole or what changed since a view. Rows may be newer than the version read
 * before them, so each step is repeated from that version on until none is newer; applying a change
 * twice does no harm.
 */
final class AccountReader {

  private static final int PAGE = 1_000;
  private static final int MAX_STEPS = 50;

  private final Ledger ledger;
  private final Partition partition;

  AccountReader(Ledger ledger, Partition partition) {
    this.ledger = ledger;
    this.partition = partition;
  }

  /** The newest view, with the messages loaded that {@code view} has loaded; null: read anew. */
  AccountView newest(@Nullable AccountView view) {
    AccountView current = view;
    for (int step = 0; step < MAX_STEPS; step++) {
      PartitionView rows = ledger.read(partition);
      if (current != null && current.version() == rows.version()) {
        return current;
      }
      AccountView next = current == null ? null : follow(current, rows);
      current = next == null ? readHead(rows) : next;
    }
    throw new StoreUnavailableException(partition + " changes faster than it can be read");
  }

  private AccountView readHead(PartitionView rows) {
    byte[] value = rows.get(AccountRow.KEY);
    if (value == null && rows.version() > 0) {
      throw new StoreUnavailableException(partition + " was deleted with its account");
    }
    if (value == null) {
      return AccountView.UNBORN;
    }
    NavigableMap<MailboxId, MailboxView> mailboxes = new TreeMap<>();
    KeyRange range = MailboxRow.RANGE;
    List<Row> page;
    do {
      page = rows.scan(range, PAGE, Direction.ASCENDING);
      for (Row row : page) {
        MailboxView mailbox = MailboxRow.decode(row.value());
        mailboxes.put(mailbox.id(), mailbox);
      }
      range = page.isEmpty() ? range : range.after(page.getLast().key());
    } while (page.size() == PAGE);
    return new AccountView(rows.version(), AccountRow.decode(value), mailboxes);
  }

  /** The view at the version of {@code rows}; null if the change log does not reach back so far. */
  private static @Nullable AccountView follow(AccountView view, PartitionView rows) {
    if (rows.version() - view.version() > Draft.LOG_VERSIONS / 2 || view.unborn()) {
      return null;
    }
    Map<MailboxId, Since> changes = new TreeMap<>();
    if (!readLog(rows, view.version() + 1, changes)) {
      return null;
    }
    byte[] value = rows.get(AccountRow.KEY);
    if (value == null) {
      return null;
    }
    NavigableMap<MailboxId, MailboxView> mailboxes = new TreeMap<>(view.byId());
    List<MailboxId> ids = List.copyOf(changes.keySet());
    List<byte @Nullable []> mailboxRows = rows.getAll(ids.stream().map(MailboxRow::key).toList());
    for (int i = 0; i < ids.size(); i++) {
      byte[] row = mailboxRows.get(i);
      MailboxView before = mailboxes.get(ids.get(i));
      if (row == null) {
        mailboxes.remove(ids.get(i));
      } else {
        MessageList messages = before == null ? null : before.messages();
        Since since = changes.get(ids.get(i));
        mailboxes.put(
            ids.get(i),
            MailboxViews.with(
                MailboxRow.decode(row),
                messages == null || since == null
                    ? null
                    : apply(messages, ids.get(i), since, rows)));
      }
    }
    return new AccountView(rows.version(), AccountRow.decode(value), mailboxes);
  }

  /** What the log says of one mailbox. */
  private record Since(UidSet touched, UidSet vanished) {}

  private static boolean readLog(PartitionView rows, long first, Map<MailboxId, Since> changes) {
    long expected = first;
    KeyRange range = ChangeRow.range(first, rows.version());
    while (expected <= rows.version()) {
      List<Row> page = rows.scan(range, PAGE, Direction.ASCENDING);
      for (Row row : page) {
        ChangeRow change = ChangeRow.decode(row.key(), row.value());
        if (change.version() != expected++) {
          return false;
        }
        for (ChangeRow.MailboxChange c : change.mailboxes()) {
          changes.merge(
              c.mailbox(),
              new Since(c.touched(), c.vanished()),
              (a, b) ->
                  new Since(a.touched().union(b.touched()), a.vanished().union(b.vanished())));
        }
      }
      if (page.isEmpty()) {
        return false;
      }
      range = range.after(page.getLast().key());
    }
    return true;
  }

  private static MessageList apply(
      MessageList list, MailboxId mailbox, Since since, PartitionView rows) {
    MessageList result = list.without(since.vanished());
    List<Integer> uids = new ArrayList<>();
    since.touched().forEach(uids::add);
    for (int from = 0; from < uids.size(); from += PAGE) {
      List<Integer> part = uids.subList(from, Math.min(uids.size(), from + PAGE));
      List<byte[]> keys = part.stream().map(uid -> MessageRow.key(mailbox, uid)).toList();
      List<byte @Nullable []> values = rows.getAll(keys);
      List<Message> updated = new ArrayList<>();
      List<Message> added = new ArrayList<>();
      UidSet.Builder gone = new UidSet.Builder();
      int last = result.count() == 0 ? 0 : result.uid(result.count() - 1);
      for (int i = 0; i < part.size(); i++) {
        byte[] value = values.get(i);
        if (value == null) {
          gone.add(part.get(i));
          continue;
        }
        Message message = MessageRow.decode(keys.get(i), value);
        if (result.indexOf(message.uid()) >= 0) {
          updated.add(message);
        } else if (message.uid() > last) {
          added.add(message);
        }
      }
      result = result.updated(updated).without(gone.build()).appended(added);
    }
    return result;
  }
}
