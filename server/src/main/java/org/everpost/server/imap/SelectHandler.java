package org.everpost.server.imap;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.everpost.core.mailbox.Flags;
import org.everpost.core.mailbox.MailAccount;
import org.everpost.core.mailbox.MailboxNames;
import org.everpost.core.mailbox.MailboxView;
import org.everpost.core.mailbox.MessageList;
import org.everpost.core.mailbox.UidSet;
import org.everpost.wire.imap.ImapCommand;
import org.everpost.wire.imap.SelectParameters;
import org.everpost.wire.imap.response.ListResponse;
import org.everpost.wire.imap.response.ResponseCode;
import org.everpost.wire.imap.response.Untagged;

/** SELECT and EXAMINE (RFC 9051 §6.3.2 and §6.3.3). */
final class SelectHandler {

  Reply select(ImapCommand.Select command, State.LoggedIn in, Dialogue dialogue)
      throws IOException {
    SelectParameters.Qresync known = command.parameters().qresync();
    if (known != null && !dialogue.has(Feature.QRESYNC)) {
      // RFC 7162 §3.2.5.
      return Reply.bad("QRESYNC is not enabled");
    }
    Responses out = dialogue.out();
    if (dialogue.state() instanceof State.Selected) {
      // RFC 7162 §3.2.11, RFC 9051 §7.1: what was selected is no longer, even if this fails.
      out.ok(ResponseCode.Plain.CLOSED, "The mailbox before is closed");
    }
    dialogue.state(new State.Authenticated(in.user()));
    MailAccount mail = in.user().mail();
    Optional<MailboxView> found =
        mail.refresh().mailbox(command.mailbox()).flatMap(view -> mail.load(view.id()));
    if (found.isEmpty()) {
      return Reply.noSuchMailbox();
    }
    if (command.parameters().condstore()) {
      dialogue.enable(Feature.CONDSTORE);
    }
    MailboxView view = found.get();
    boolean readOnly = command.readOnly();
    dialogue.state(new State.Selected(in.user(), view, readOnly));
    describe(view, command, dialogue);
    if (known != null && known.uidValidity() == view.uidValidity()) {
      resynchronize(known, mail, view, dialogue);
    }
    return Reply.ok(
        readOnly ? ResponseCode.Plain.READ_ONLY : ResponseCode.Plain.READ_WRITE,
        readOnly ? "EXAMINE completed" : "SELECT completed");
  }

  private static void describe(MailboxView view, ImapCommand.Select command, Dialogue dialogue)
      throws IOException {
    Responses out = dialogue.out();
    ViewSync.flags(new FlagList(view.keywords()), command.readOnly(), out);
    Untagged.exists(view.count(), out.buffer());
    if (!dialogue.has(Feature.IMAP4REV2)) {
      // RFC 3501 §7.3.2: no session is told that it is the first, so no message is recent.
      Untagged.recent(0, out.buffer());
      if (view.unseen() > 0) {
        int first = view.loaded().firstWithout(Flags.SEEN);
        out.ok(new ResponseCode.Unseen(first + 1L), "First unseen message");
      }
    }
    out.ok(new ResponseCode.UidValidity(view.uidValidity()), "UIDs are valid");
    out.ok(new ResponseCode.UidNext(view.uidNext()), "Next UID");
    out.ok(new ResponseCode.HighestModSeq(view.highestModSeq()), "Highest MODSEQ");
    out.ok(new ResponseCode.MailboxId(view.id().toString()), "Mailbox id");
    if (dialogue.has(Feature.IMAP4REV2)) {
      // RFC 9051 §6.3.2.
      String oldName = OldName.of(command.mailbox(), dialogue);
      new ListResponse(List.of(), MailboxNames.SEPARATOR, view.name(), List.of(), oldName)
          .render(out.buffer());
      out.end();
    }
  }

  /** What the client missed (RFC 7162 §3.2.5): first what went, then what changed or came. */
  private static void resynchronize(
      SelectParameters.Qresync known, MailAccount mail, MailboxView view, Dialogue dialogue)
      throws IOException {
    UidSet asked = UidSet.range(1, view.uidNext() - 1);
    if (known.knownUids() != null) {
      asked = UidSets.of(known.knownUids().resolve(view.uidNext() - 1L));
    }
    UidSet vanished = mail.vanishedSince(view, known.modSeq(), asked);
    Untagged.vanished(true, UidSets.numbers(vanished), dialogue.out().buffer());
    dialogue.out().end();
    MessageList list = view.loaded();
    FlagList flags = new FlagList(view.keywords());
    for (int index : list.indexesOf(asked)) {
      if (list.modSeq(index) > known.modSeq()) {
        ViewSync.fetch(list, index, flags, dialogue);
      }
    }
  }
}
