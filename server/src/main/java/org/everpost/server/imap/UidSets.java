package org.everpost.server.imap;

import org.everpost.core.mailbox.MailboxView;
import org.everpost.core.mailbox.MessageList;
import org.everpost.core.mailbox.UidSet;
import org.everpost.wire.imap.NumberSet;
import org.everpost.wire.imap.SequenceSet;
import org.jspecify.annotations.Nullable;

/** What the sets of commands mean in the view a client knows. */
final class UidSets {

  private UidSets() {}

  /** UIDs as sets of them; those no message can have are left out. */
  static UidSet of(NumberSet numbers) {
    UidSet.Builder uids = new UidSet.Builder();
    for (int i = 0; i < numbers.rangeCount() && numbers.first(i) <= Integer.MAX_VALUE; i++) {
      uids.add((int) numbers.first(i), (int) Math.min(Integer.MAX_VALUE, numbers.last(i)));
    }
    return uids.build();
  }

  /** UIDs as a response lists them. */
  static NumberSet numbers(UidSet uids) {
    NumberSet.Builder numbers = new NumberSet.Builder();
    for (int r = 0; r < uids.ranges(); r++) {
      numbers.addRange(uids.first(r), uids.last(r));
    }
    return numbers.build();
  }

  /**
   * The indexes of the messages a command is about, ascending; null if it names a message number
   * that is not in use, which is an error (RFC 9051 §9, {@code seq-number}).
   */
  static int @Nullable [] indexes(SequenceSet set, boolean uid, State.Selected selected) {
    MailboxView view = selected.shown();
    MessageList list = view.loaded();
    if (set.isSaved()) {
      return list.indexesOf(selected.saved());
    }
    if (uid) {
      return list.indexesOf(of(resolveUids(set, view)));
    }
    if (set.largest() > list.count()) {
      return null;
    }
    NumberSet numbers = set.resolve(list.count());
    int[] indexes = new int[(int) numbers.size()];
    int n = 0;
    for (int r = 0; r < numbers.rangeCount(); r++) {
      for (long number = numbers.first(r); number <= numbers.last(r); number++) {
        indexes[n++] = (int) number - 1;
      }
    }
    return indexes;
  }

  /** {@code *} is the last message's UID, or in an empty mailbox nothing. */
  static NumberSet resolveUids(SequenceSet set, MailboxView view) {
    MessageList list = view.loaded();
    return set.resolve(list.count() == 0 ? 0 : list.uid(list.count() - 1));
  }

  /** The UIDs at these ascending indexes. */
  static UidSet uids(MessageList list, int[] indexes) {
    UidSet.Builder uids = new UidSet.Builder();
    for (int index : indexes) {
      uids.add(list.uid(index));
    }
    return uids.build();
  }
}
