package org.everpost.server.imap;

import java.io.IOException;
import java.util.Optional;
import org.everpost.core.directory.Quota;
import org.everpost.core.mailbox.CopyResult;
import org.everpost.core.mailbox.MailAccount;
import org.everpost.core.mailbox.MailboxView;
import org.everpost.core.mailbox.UidSet;
import org.everpost.wire.imap.ImapCommand;
import org.everpost.wire.imap.SequenceSet;
import org.everpost.wire.imap.response.ResponseCode;

/** COPY and MOVE with their UID forms (RFC 9051 §6.4.7 and §6.4.8). */
final class CopyHandler {

  Reply copy(ImapCommand.Copy command, State.Selected selected, Dialogue dialogue)
      throws IOException {
    return transfer(command.set(), command.uid(), command.mailbox(), false, selected, dialogue);
  }

  Reply move(ImapCommand.Move command, State.Selected selected, Dialogue dialogue)
      throws IOException {
    return selected.readOnly()
        ? Reply.readOnly()
        : transfer(command.set(), command.uid(), command.mailbox(), true, selected, dialogue);
  }

  private static Reply transfer(
      SequenceSet set,
      boolean uid,
      String mailbox,
      boolean move,
      State.Selected selected,
      Dialogue dialogue)
      throws IOException {
    int[] indexes = UidSets.indexes(set, uid, selected);
    if (indexes == null) {
      return Reply.noSuchMessage();
    }
    MailAccount mail = selected.user().mail();
    Optional<MailboxView> target = mail.view().mailbox(mailbox);
    if (target.isEmpty()) {
      target = mail.refresh().mailbox(mailbox);
    }
    if (target.isEmpty()) {
      return Reply.tryCreate();
    }
    UidSet uids = UidSets.uids(selected.shown().loaded(), indexes);
    Quota quota = selected.user().quota();
    CopyResult result =
        move
            ? mail.move(selected.id(), uids, target.get().id(), quota)
            : mail.copy(selected.id(), uids, target.get().id(), quota);
    return switch (result) {
      case CopyResult.Copied copied -> completed(copied, move, selected, dialogue);
      case CopyResult.NoSuchMailbox() -> Reply.tryCreate();
      case CopyResult.OverQuota() -> Reply.overQuota();
      case CopyResult.TooManyKeywords() -> Reply.tooManyKeywords();
    };
  }

  private static Reply completed(
      CopyResult.Copied copied, boolean move, State.Selected selected, Dialogue dialogue)
      throws IOException {
    if (copied.source().isEmpty()) {
      return Reply.ok("No messages");
    }
    ResponseCode copyUid =
        new ResponseCode.CopyUid(
            copied.uidValidity(),
            UidSets.numbers(copied.source()),
            UidSets.numbers(copied.target()));
    if (!move) {
      return Reply.ok(copyUid, "COPY completed");
    }
    // RFC 9051 §6.4.8: before the EXPUNGEs that follow now.
    dialogue.out().ok(copyUid, "Moved");
    // RFC 6851 §4.4.
    return ExpungeHandler.completed("MOVE completed", selected, dialogue);
  }
}
