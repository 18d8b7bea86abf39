package org.everpost.core.mailbox;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How one view of a mailbox follows from another. */
final class MailboxViews {

  private MailboxViews() {}

  static MailboxView with(MailboxView v, @Nullable MessageList messages) {
    return copy(v, v.highestModSeq(), v.uidNext(), v.keywords(), counts(v), messages);
  }

  static MailboxView at(MailboxView v, long modSeq) {
    return copy(v, modSeq, v.uidNext(), v.keywords(), counts(v), v.messages());
  }

  static MailboxView emptied(MailboxView v) {
    return copy(v, v.highestModSeq(), v.uidNext(), v.keywords(), new Counts(), MessageList.EMPTY);
  }

  static MailboxView withKeywords(MailboxView v, List<String> keywords) {
    return copy(v, v.highestModSeq(), v.uidNext(), keywords, counts(v), v.messages());
  }

  static MailboxView renamed(MailboxView v, String name, Set<SpecialUse> use) {
    return new MailboxView(
        v.id(),
        name,
        v.uidValidity(),
        v.uidNext(),
        v.highestModSeq(),
        use,
        v.keywords(),
        v.count(),
        v.unseen(),
        v.deleted(),
        v.sizeOctets(),
        v.messages());
  }

  static MailboxView added(MailboxView v, List<Message> messages) {
    Counts counts = counts(v);
    int uidNext = v.uidNext();
    for (Message message : messages) {
      counts.add(message, 1);
      uidNext = message.uid() + 1;
    }
    MessageList list = v.messages();
    return copy(
        v,
        v.highestModSeq(),
        uidNext,
        v.keywords(),
        counts,
        list == null ? null : list.appended(messages));
  }

  static MailboxView updated(MailboxView v, List<Message> messages) {
    MessageList list = v.loaded();
    Counts counts = counts(v);
    for (Message message : messages) {
      counts.add(list.message(list.indexOf(message.uid())), -1);
      counts.add(message, 1);
    }
    return copy(v, v.highestModSeq(), v.uidNext(), v.keywords(), counts, list.updated(messages));
  }

  static MailboxView removed(MailboxView v, List<Message> messages) {
    Counts counts = counts(v);
    UidSet.Builder uids = new UidSet.Builder();
    for (Message message : messages) {
      counts.add(message, -1);
      uids.add(message.uid());
    }
    return copy(
        v, v.highestModSeq(), v.uidNext(), v.keywords(), counts, v.loaded().without(uids.build()));
  }

  static MailboxView keepingExpunged(MailboxView v, MailboxView later, ViewChanges changes) {
    MessageList list = later.loaded();
    List<Message> changed = IntStream.of(changes.changed()).mapToObj(list::message).toList();
    List<Message> added =
        IntStream.range(list.count() - changes.added(), list.count())
            .mapToObj(list::message)
            .toList();
    return added(updated(withKeywords(v, later.keywords()), changed), added);
  }

  private static Counts counts(MailboxView v) {
    Counts counts = new Counts();
    counts.count = v.count();
    counts.unseen = v.unseen();
    counts.deleted = v.deleted();
    counts.sizeOctets = v.sizeOctets();
    return counts;
  }

  private static MailboxView copy(
      MailboxView v,
      long modSeq,
      int uidNext,
      List<String> keywords,
      Counts counts,
      @Nullable MessageList messages) {
    return new MailboxView(
        v.id(),
        v.name(),
        v.uidValidity(),
        uidNext,
        modSeq,
        v.specialUse(),
        keywords,
        counts.count,
        counts.unseen,
        counts.deleted,
        counts.sizeOctets,
        messages);
  }

  /** The sums over a mailbox's messages. */
  private static final class Counts {
    int count;
    int unseen;
    int deleted;
    long sizeOctets;

    void add(Message message, int sign) {
      count += sign;
      unseen += (message.flags() & Flags.SEEN) == 0 ? sign : 0;
      deleted += (message.flags() & Flags.DELETED) != 0 ? sign : 0;
      sizeOctets += sign * message.size();
    }
  }
}
