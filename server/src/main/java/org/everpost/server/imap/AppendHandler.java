package org.everpost.server.imap;

import java.io.IOException;
import java.util.Optional;
import org.everpost.core.mailbox.AppendResult;
import org.everpost.core.mailbox.MailAccount;
import org.everpost.core.mailbox.MailboxView;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.mailbox.UidSet;
import org.everpost.core.time.Clock;
import org.everpost.wire.imap.response.ResponseCode;

/** APPEND (RFC 9051 §6.3.12), of several messages too (RFC 3502). */
final class AppendHandler {
  private final ImapSettings settings;
  private final Mailboxes mailboxes;
  private final Clock clock;

  AppendHandler(ImapSettings settings, Mailboxes mailboxes, Clock clock) {
    this.settings = settings;
    this.mailboxes = mailboxes;
    this.clock = clock;
  }

  /** The first message is announced. */
  Appending begin(State.LoggedIn in, String mailbox) {
    return new Appending(mailboxes, clock, settings.messageSize(), in.user(), mailbox);
  }

  /** All messages are in. */
  Reply finish(Appending appending, State.LoggedIn in, Dialogue dialogue) throws IOException {
    Reply refusal = appending.refusal();
    if (refusal != null) {
      return refusal;
    }
    MailAccount mail = in.user().mail();
    Optional<MailboxView> target = mail.view().mailbox(appending.mailbox());
    if (target.isEmpty()) {
      return Reply.tryCreate();
    }
    AppendResult result = mail.append(target.get().id(), appending.messages(), in.user().quota());
    if (result instanceof AppendResult.Appended) {
      OldName.tell(appending.mailbox(), dialogue);
    }
    return switch (result) {
      case AppendResult.Appended(long validity, UidSet uids, long _) ->
          Reply.ok(new ResponseCode.AppendUid(validity, UidSets.numbers(uids)), "APPEND completed");
      case AppendResult.NoSuchMailbox() -> Reply.tryCreate();
      case AppendResult.OverQuota() -> Reply.overQuota();
      case AppendResult.TooManyKeywords() -> Reply.tooManyKeywords();
    };
  }
}
