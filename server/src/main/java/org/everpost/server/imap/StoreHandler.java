package org.everpost.server.imap;

import java.io.IOException;
import org.everpost.core.mailbox.FlagChange;
import org.everpost.core.mailbox.FlagNames;
import org.everpost.core.mailbox.Flags;
import org.everpost.core.mailbox.MailboxView;
import org.everpost.core.mailbox.MessageList;
import org.everpost.core.mailbox.StoreResult;
import org.everpost.core.mailbox.UidSet;
import org.everpost.wire.imap.ImapCommand;
import org.everpost.wire.imap.NumberSet;
import org.everpost.wire.imap.StoreOperation;
import org.everpost.wire.imap.response.FetchRenderer;
import org.everpost.wire.imap.response.ResponseCode;

/** STORE and UID STORE (RFC 9051 §6.4.6, RFC 7162 §3.1.3). */
final class StoreHandler {

  Reply store(ImapCommand.Store command, State.Selected selected, Dialogue dialogue)
      throws IOException {
    StoreOperation operation = command.operation();
    if (operation.flags().stream().anyMatch(f -> f.startsWith("\\") && Flags.system(f) == 0)) {
      return Reply.bad("Unknown system flag");
    }
    if (FlagList.isTooLong(operation.flags())) {
      return Reply.no(ResponseCode.Plain.LIMIT, "A keyword is too long");
    }
    if (selected.readOnly()) {
      return Reply.readOnly();
    }
    Long unchangedSince = operation.unchangedSince();
    if (unchangedSince != null) {
      SessionHandler.enableCondstore(dialogue);
    }
    int[] indexes = UidSets.indexes(command.set(), command.uid(), selected);
    if (indexes == null) {
      return Reply.noSuchMessage();
    }
    MessageList list = selected.shown().loaded();
    UidSet uids = UidSets.uids(list, indexes);
    if (uids.isEmpty()) {
      return Reply.ok("STORE completed");
    }
    StoreResult result =
        selected
            .user()
            .mail()
            .store(
                selected.id(),
                uids,
                change(operation.action()),
                FlagList.parse(operation.flags()),
                unchangedSince == null ? Long.MAX_VALUE : unchangedSince);
    return switch (result) {
      case StoreResult.NoSuchMailbox() -> Reply.noSuchMailbox();
      case StoreResult.TooManyKeywords() -> Reply.tooManyKeywords();
      case StoreResult.Stored(UidSet modified, long _) -> {
        boolean gone = tell(indexes, modified, command, selected, dialogue);
        yield reply(command, modified, list, gone);
      }
    };
  }

  private static Reply reply(
      ImapCommand.Store command, UidSet modified, MessageList list, boolean gone) {
    if (!modified.isEmpty()) {
      NumberSet.Builder numbers = new NumberSet.Builder();
      for (int index : list.indexesOf(modified)) {
        numbers.add(command.uid() ? list.uid(index) : index + 1L);
      }
      return Reply.ok(
          new ResponseCode.Modified(numbers.build()), "Some were changed meanwhile, not stored");
    }
    return gone && !command.uid() ? Reply.expungeIssued() : Reply.ok("STORE completed");
  }

  private static FlagChange change(StoreOperation.Action action) {
    return switch (action) {
      case REPLACE -> FlagChange.REPLACE;
      case ADD -> FlagChange.ADD;
      case REMOVE -> FlagChange.REMOVE;
    };
  }

  /**
   * Tells the new flags of the messages, by the numbers the client knows. What is {@code .SILENT}
   * is told by no FLAGS if they are what the client can work out itself (RFC 9051 §6.4.6), yet by
   * MODSEQ if it knows of that (RFC 7162 §3.1.3).
   *
   * @return whether some messages are gone
   */
  private static boolean tell(
      int[] indexes,
      UidSet modified,
      ImapCommand.Store command,
      State.Selected selected,
      Dialogue dialogue)
      throws IOException {
    MessageList before = selected.shown().loaded();
    MailboxView now = selected.newest();
    MessageList list = now.loaded();
    boolean keywordsChanged = !now.keywords().equals(selected.shown().keywords());
    FlagList flags = new FlagList(now.keywords());
    Responses out = dialogue.out();
    if (keywordsChanged) {
      ViewSync.flags(flags, false, out);
      selected.told().keywords(now.keywords());
    }
    Expected expected = new Expected(command.operation(), now);
    boolean gone = false;
    for (int index : indexes) {
      int uid = before.uid(index);
      int at = list.indexOf(uid);
      if (at < 0 || modified.contains(uid)) {
        gone |= at < 0;
        continue;
      }
      boolean silent =
          command.operation().silent() && list.flags(at) == expected.after(before.flags(index));
      boolean modSeqNews = dialogue.condstore() && list.modSeq(at) != before.modSeq(index);
      if (!silent || modSeqNews) {
        FetchRenderer response = new FetchRenderer(out.buffer()).begin(index + 1);
        if (command.uid() || dialogue.condstore()) { // RFC 7162 §3.2.4
          response.uid(uid);
        }
        if (!silent) {
          response.flags(flags.names(list.flags(at)));
        }
        if (dialogue.condstore()) {
          response.modSeq(list.modSeq(at));
        }
        response.end();
        out.end();
      }
      selected.told().add(uid, list.modSeq(at));
    }
    return gone;
  }

  /** What the client expects flags to be. */
  private record Expected(StoreOperation.Action action, long bits) {

    Expected(StoreOperation operation, MailboxView now) {
      this(operation.action(), bits(operation, now));
    }

    private static long bits(StoreOperation operation, MailboxView now) {
      FlagNames names = FlagList.parse(operation.flags());
      long bits = names.system();
      for (String keyword : names.keywords()) {
        bits |= Flags.keyword(now.keywords(), keyword);
      }
      return bits;
    }

    long after(long flags) {
      return switch (action) {
        case REPLACE -> bits;
        case ADD -> flags | bits;
        case REMOVE -> flags & ~bits;
      };
    }
  }
}
