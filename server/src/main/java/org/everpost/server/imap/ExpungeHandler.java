package org.everpost.server.imap;

import java.io.IOException;
import org.everpost.core.mailbox.ExpungeResult;
import org.everpost.core.mailbox.UidSet;
import org.everpost.wire.imap.ImapCommand;
import org.everpost.wire.imap.response.ResponseCode;
import org.jspecify.annotations.Nullable;

/** EXPUNGE, UID EXPUNGE, CLOSE and UNSELECT (RFC 9051 §6.4.1 to §6.4.3 and §6.4.9). */
final class ExpungeHandler {

  Reply expunge(State.Selected selected, Dialogue dialogue) throws IOException {
    return expunge(selected, null, dialogue);
  }

  Reply uidExpunge(ImapCommand.UidExpunge command, State.Selected selected, Dialogue dialogue)
      throws IOException {
    UidSet uids =
        command.uids().isSaved()
            ? selected.saved()
            : UidSets.of(UidSets.resolveUids(command.uids(), selected.shown()));
    return expunge(selected, uids, dialogue);
  }

  private static Reply expunge(State.Selected selected, @Nullable UidSet only, Dialogue dialogue)
      throws IOException {
    if (selected.readOnly()) {
      return Reply.readOnly();
    }
    ExpungeResult result = selected.user().mail().expunge(selected.id(), only);
    if (result instanceof ExpungeResult.NoSuchMailbox) {
      return Reply.noSuchMailbox();
    }
    return completed("EXPUNGE completed", selected, dialogue);
  }

  /** The reply to a command that took messages away. */
  static Reply completed(String text, State.Selected selected, Dialogue dialogue)
      throws IOException {
    if (!dialogue.has(Feature.QRESYNC)) {
      return Reply.ok(text);
    }
    // RFC 7162 §3.2.7: the client's next HIGHESTMODSEQ; so it must have heard of all before it.
    ViewSync.tell(selected, ViewSync.Expunges.NOW, dialogue);
    return Reply.ok(new ResponseCode.HighestModSeq(selected.shown().highestModSeq()), text);
  }

  /** Removes without a word what is marked, and leaves (RFC 9051 §6.4.1). */
  Reply close(State.Selected selected, Dialogue dialogue) {
    if (!selected.readOnly()) {
      selected.user().mail().expunge(selected.id(), null);
    }
    dialogue.state(new State.Authenticated(selected.user()));
    return Reply.ok("CLOSE completed");
  }

  Reply unselect(State.Selected selected, Dialogue dialogue) {
    dialogue.state(new State.Authenticated(selected.user()));
    return Reply.ok("UNSELECT completed");
  }
}
