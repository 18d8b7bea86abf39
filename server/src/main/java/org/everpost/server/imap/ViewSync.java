package org.everpost.server.imap;

import java.io.IOException;
import java.util.List;
import org.everpost.core.mailbox.MailboxView;
import org.everpost.core.mailbox.MessageList;
import org.everpost.core.mailbox.UidSet;
import org.everpost.core.mailbox.ViewChanges;
import org.everpost.wire.imap.response.FetchRenderer;
import org.everpost.wire.imap.response.ResponseCode;
import org.everpost.wire.imap.response.Untagged;

/** Tells a client what changed since the view it knows (RFC 9051 §5.2 and §7.5.1). */
final class ViewSync {

  private ViewSync() {}

  /** Whether messages may go now. */
  enum Expunges {
    NOW,
    /** The client may be using message numbers: those that went keep theirs; all else is told. */
    LATER
  }

  /** Brings the client to the newest view here. */
  @SuppressWarnings("ReferenceEquality") // the very same view has no changes, another is compared
  static void tell(State.Selected selected, Expunges expunges, Dialogue dialogue)
      throws IOException {
    MailboxView before = selected.shown();
    MailboxView now = selected.newest();
    if (before != now) {
      ViewChanges changes = ViewChanges.between(before, now);
      boolean waiting = expunges == Expunges.LATER && changes.expunged().length > 0;
      if (waiting) {
        now = before.keepingExpunged(now, changes);
        changes = ViewChanges.between(before, now);
      }
      tell(before, now, changes, selected, dialogue);
      selected.shown(now);
      if (waiting && dialogue.condstore()) {
        // RFC 7162 §3.2: or the client takes the MODSEQs it was told for a sign that it knows all
        // before them, and never hears of the messages that went if the connection breaks now.
        dialogue.out().ok(new ResponseCode.HighestModSeq(now.highestModSeq()), "More to be told");
      }
    }
    selected.told().clear();
  }

  private static void tell(
      MailboxView before,
      MailboxView now,
      ViewChanges changes,
      State.Selected selected,
      Dialogue dialogue)
      throws IOException {
    Responses out = dialogue.out();
    FlagList flags = new FlagList(now.keywords());
    if (!before.keywords().equals(now.keywords())
        && !now.keywords().equals(selected.told().keywords())) {
      flags(flags, selected.readOnly(), out);
    }
    expunged(before.loaded(), changes.expunged(), dialogue);
    if (changes.added() > 0) {
      Untagged.exists(now.count(), out.buffer());
      out.end();
    }
    MessageList list = now.loaded();
    for (int index : changes.changed()) {
      if (!selected.told().has(list.uid(index), list.modSeq(index))) {
        fetch(list, index, flags, dialogue);
      }
    }
  }

  /** FLAGS and PERMANENTFLAGS. */
  static void flags(FlagList flags, boolean readOnly, Responses out) throws IOException {
    Untagged.flags(flags.all(), out.buffer());
    out.end();
    List<String> permanent = readOnly ? List.of() : flags.permanent();
    out.ok(new ResponseCode.PermanentFlags(permanent), "Flags that are kept");
  }

  private static void expunged(MessageList before, int[] indexes, Dialogue dialogue)
      throws IOException {
    Responses out = dialogue.out();
    if (dialogue.has(Feature.QRESYNC)) {
      // RFC 7162 §3.2.10.
      UidSet uids = UidSets.uids(before, indexes);
      Untagged.vanished(false, UidSets.numbers(uids), out.buffer());
      out.end();
      return;
    }
    // From the last to the first, so that no number shifts the ones still to come.
    for (int i = indexes.length - 1; i >= 0; i--) {
      Untagged.expunge(indexes[i] + 1, out.buffer());
      out.end();
    }
  }

  /** An unasked FETCH: UID, FLAGS and, if the client knows of it, MODSEQ (RFC 7162 §3.1). */
  static void fetch(MessageList list, int index, FlagList flags, Dialogue dialogue)
      throws IOException {
    Responses out = dialogue.out();
    FetchRenderer response = new FetchRenderer(out.buffer()).begin(index + 1);
    response.uid(list.uid(index)).flags(flags.names(list.flags(index)));
    if (dialogue.condstore()) {
      response.modSeq(list.modSeq(index));
    }
    response.end();
    out.end();
  }
}
