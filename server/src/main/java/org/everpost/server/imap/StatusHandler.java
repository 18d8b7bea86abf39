package org.everpost.server.imap;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.everpost.core.mailbox.Flags;
import org.everpost.core.mailbox.MailAccount;
import org.everpost.core.mailbox.MailboxView;
import org.everpost.core.mailbox.MessageList;
import org.everpost.wire.imap.ImapCommand;
import org.everpost.wire.imap.StatusItem;
import org.everpost.wire.imap.response.StatusData;

/** STATUS (RFC 9051 §6.3.11), also for LIST (RFC 5819). */
final class StatusHandler {
  private final ImapSettings settings;

  StatusHandler(ImapSettings settings) {
    this.settings = settings;
  }

  Reply status(ImapCommand.Status command, State.LoggedIn in, Dialogue dialogue)
      throws IOException {
    MailAccount mail = in.user().mail();
    Optional<MailboxView> found = mail.refresh().mailbox(command.mailbox());
    if (found.isEmpty()) {
      return Reply.noSuchMailbox();
    }
    write(found.get(), command.items(), mail, dialogue);
    return Reply.ok("STATUS completed");
  }

  /** The untagged response. */
  void write(MailboxView view, Set<StatusItem> items, MailAccount mail, Dialogue dialogue)
      throws IOException {
    if (items.contains(StatusItem.HIGHESTMODSEQ)) {
      SessionHandler.enableCondstore(dialogue);
    }
    Map<StatusItem, Long> numbers = new EnumMap<>(StatusItem.class);
    String mailboxId = null;
    for (StatusItem item : items) {
      switch (item) {
        case MESSAGES -> numbers.put(item, (long) view.count());
        case RECENT -> numbers.put(item, 0L);
        case UIDNEXT -> numbers.put(item, (long) view.uidNext());
        case UIDVALIDITY -> numbers.put(item, view.uidValidity());
        case UNSEEN -> numbers.put(item, (long) view.unseen());
        case DELETED -> numbers.put(item, (long) view.deleted());
        case SIZE -> numbers.put(item, view.sizeOctets());
        case HIGHESTMODSEQ -> numbers.put(item, view.highestModSeq());
        case APPENDLIMIT -> numbers.put(item, settings.messageSize());
        case DELETED_STORAGE -> numbers.put(item, deletedStorage(view, mail));
        case MAILBOXID -> mailboxId = view.id().toString();
      }
    }
    new StatusData(view.name(), numbers, mailboxId).render(dialogue.out().buffer());
    dialogue.out().end();
  }

  /** RFC 9208 §4.1.4: what EXPUNGE would free, in octets. */
  private static long deletedStorage(MailboxView view, MailAccount mail) {
    if (view.deleted() == 0) {
      return 0;
    }
    Optional<MailboxView> loaded = mail.load(view.id());
    long octets = 0;
    if (loaded.isPresent()) {
      MessageList list = loaded.get().loaded();
      for (int i = 0; i < list.count(); i++) {
        octets += (list.flags(i) & Flags.DELETED) != 0 ? list.size(i) : 0;
      }
    }
    return octets;
  }
}
