package org.everpost.core.mailbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.everpost.core.directory.Quota;
import org.jspecify.annotations.Nullable;

/** APPEND, COPY, MOVE, STORE and EXPUNGE as changes (RFC 9051 §6.3.12, §6.4.3 to §6.4.8). */
final class MessageChanges {

  private MessageChanges() {}

  static Change<AppendResult> append(MailboxId id, List<NewMessage> messages, Quota quota) {
    long size = messages.stream().mapToLong(m -> m.content().size()).sum();
    return draft -> {
      Optional<MailboxView> found = draft.mailbox(id);
      if (found.isEmpty()) {
        return new AppendResult.NoSuchMailbox();
      }
      if (!quota.allows(draft.usedOctets() + size, draft.usedMessages() + messages.size())) {
        return new AppendResult.OverQuota();
      }
      MailboxView mailbox = found.get();
      List<Message> added = new ArrayList<>(messages.size());
      int uid = mailbox.uidNext();
      for (NewMessage message : messages) {
        MailboxView named = Keywords.with(mailbox, message.flags().keywords());
        if (named == null) {
          return new AppendResult.TooManyKeywords();
        }
        mailbox = named;
        long flags = message.flags().system() | Keywords.bits(mailbox, message.flags().keywords());
        added.add(
            new Message(
                uid++,
                flags,
                draft.version(),
                draft.newEmail(message.content()),
                message.content().size(),
                message.internalDate().getEpochSecond(),
                draft.now()));
      }
      draft.add(mailbox, added);
      return new AppendResult.Appended(
          mailbox.uidValidity(), UidSet.range(added.getFirst().uid(), uid - 1), draft.version());
    };
  }

  static Change<CopyResult> copy(
      MailboxId from, UidSet uids, MailboxId to, Quota quota, boolean move) {
    return draft -> {
      Optional<MailboxView> source = draft.mailbox(from);
      Optional<MailboxView> target = draft.mailbox(to);
      if (source.isEmpty() || target.isEmpty()) {
        return new CopyResult.NoSuchMailbox();
      }
      MailboxView loaded = draft.loaded(source.get());
      List<Message> messages = find(loaded, uids);
      if (messages.isEmpty()) {
        return new CopyResult.Copied(
            target.get().uidValidity(), UidSet.EMPTY, UidSet.EMPTY, draft.version() - 1);
      }
      long size = messages.stream().mapToLong(Message::size).sum();
      if (!move
          && !quota.allows(draft.usedOctets() + size, draft.usedMessages() + messages.size())) {
        return new CopyResult.OverQuota();
      }
      MailboxView mailbox = from.equals(to) ? loaded : target.get();
      Keywords.Translation keywords = Keywords.translate(loaded, mailbox, messages);
      if (keywords == null) {
        return new CopyResult.TooManyKeywords();
      }
      mailbox = keywords.target();
      int first = mailbox.uidNext();
      List<Message> added = new ArrayList<>(messages.size());
      for (Message message : messages) {
        added.add(
            new Message(
                first + added.size(),
                keywords.flags(message.flags()),
                draft.version(),
                message.email(),
                message.size(),
                message.internalDate(),
                draft.now()));
        draft.refer(message.email());
      }
      draft.add(mailbox, added);
      if (move) {
        draft.remove(draft.mailbox(from).orElseThrow(), messages);
      }
      return new CopyResult.Copied(
          mailbox.uidValidity(),
          uids(messages),
          UidSet.range(first, first + added.size() - 1),
          draft.version());
    };
  }

  static Change<StoreResult> store(
      MailboxId id, UidSet uids, FlagChange change, FlagNames names, long unchangedSince) {
    return draft -> {
      Optional<MailboxView> found = draft.mailbox(id);
      if (found.isEmpty()) {
        return new StoreResult.NoSuchMailbox();
      }
      MailboxView mailbox = draft.loaded(found.get());
      MailboxView named =
          change == FlagChange.REMOVE ? mailbox : Keywords.with(mailbox, names.keywords());
      if (named == null) {
        return new StoreResult.TooManyKeywords();
      }
      long bits = names.system() | Keywords.bits(named, names.keywords());
      List<Message> changed = new ArrayList<>();
      UidSet.Builder modified = new UidSet.Builder();
      for (Message message : find(named, uids)) {
        if (message.modSeq() > unchangedSince) {
          modified.add(message.uid());
          continue;
        }
        long flags = change.apply(message.flags(), bits);
        if (flags != message.flags()) {
          changed.add(message.withFlags(flags, draft.version()));
        }
      }
      if (!changed.isEmpty()) {
        draft.update(named, changed);
      }
      return new StoreResult.Stored(
          modified.build(), changed.isEmpty() ? draft.version() - 1 : draft.version());
    };
  }

  /**
   * Removes messages that have {@code \Deleted}, or, with {@code anyFlags}, whatever their flags.
   *
   * @param only none but these; null: all
   */
  static Change<ExpungeResult> expunge(
      MailboxId id, @Nullable UidSet only, boolean anyFlags, int limit) {
    return draft -> {
      Optional<MailboxView> found = draft.mailbox(id);
      if (found.isEmpty()) {
        return new ExpungeResult.NoSuchMailbox();
      }
      if (!anyFlags && found.get().deleted() == 0) {
        return new ExpungeResult.Expunged(UidSet.EMPTY, draft.version() - 1);
      }
      MailboxView mailbox = draft.loaded(found.get());
      List<Message> removed = new ArrayList<>();
      MessageList list = mailbox.loaded();
      int[] indexes = list.indexesOf(only == null ? UidSet.range(1, Integer.MAX_VALUE) : only);
      for (int index : indexes) {
        if (removed.size() < limit && (anyFlags || (list.flags(index) & Flags.DELETED) != 0)) {
          removed.add(list.message(index));
        }
      }
      if (removed.isEmpty()) {
        return new ExpungeResult.Expunged(UidSet.EMPTY, draft.version() - 1);
      }
      draft.remove(mailbox, removed);
      return new ExpungeResult.Expunged(uids(removed), draft.version());
    };
  }

  private static List<Message> find(MailboxView mailbox, UidSet uids) {
    MessageList list = mailbox.loaded();
    List<Message> messages = new ArrayList<>();
    for (int index : list.indexesOf(uids)) {
      messages.add(list.message(index));
    }
    return messages;
  }

  private static UidSet uids(List<Message> messages) {
    UidSet.Builder uids = new UidSet.Builder();
    for (Message message : messages) {
      uids.add(message.uid());
    }
    return uids.build();
  }
}
