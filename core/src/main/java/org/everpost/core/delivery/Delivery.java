package org.everpost.core.delivery;

import java.util.List;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.Quota;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.MailboxEvent;
import org.everpost.core.mailbox.AccountView;
import org.everpost.core.mailbox.AppendResult;
import org.everpost.core.mailbox.FlagNames;
import org.everpost.core.mailbox.IncomingMessage;
import org.everpost.core.mailbox.MailAccount;
import org.everpost.core.mailbox.MailboxId;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.mailbox.NewMessage;
import org.everpost.core.time.Clock;

/**
 * Delivers to local accounts.
 *
 * <p>Safe for any number of threads.
 */
public final class Delivery {

  private final Mailboxes mailboxes;
  private final Clock clock;
  private final EventSink events;

  public Delivery(Mailboxes mailboxes, Clock clock, EventSink events) {
    this.mailboxes = mailboxes;
    this.clock = clock;
    this.events = events;
  }

  /**
   * Whether a message of this size would be within the account's quota now.
   *
   * @param size in octets; 0 if not known
   */
  public boolean hasRoom(Account account, long size) {
    if (account.quota().equals(Quota.UNLIMITED)) {
      return true;
    }
    AccountView view = mailboxes.open(account.id()).view();
    return account.quota().allows(view.usedOctets() + size, view.usedMessages() + 1);
  }

  /**
   * Puts a message into the inbox.
   *
   * @param quota what is to be kept; {@link Quota#UNLIMITED} for a message that may no longer be
   *     refused
   * @param connection the id of the connection it came by, for the log
   */
  public DeliveryResult deliver(
      IncomingMessage content, Account account, Quota quota, String connection) {
    MailAccount mail = mailboxes.open(account.id());
    NewMessage message = new NewMessage(content, FlagNames.NONE, clock.instant());
    while (true) {
      MailboxId inbox = mail.view().inbox().id();
      AppendResult result = mail.append(inbox, List.of(message), quota);
      switch (result) {
        case AppendResult.Appended appended -> {
          int uid = appended.uids().first(0);
          events.accept(
              new MailboxEvent.MessageStored(
                  connection,
                  account.address().toString(),
                  "INBOX",
                  uid,
                  content.blob().toString(),
                  content.size()));
          return new DeliveryResult.Delivered(uid);
        }
        case AppendResult.OverQuota _ -> {
          return new DeliveryResult.OverQuota();
        }
        case AppendResult.NoSuchMailbox _ -> mail.refresh(); // the inbox was renamed meanwhile
        case AppendResult.TooManyKeywords _ ->
            throw new IllegalStateException("a message without keywords has too many");
      }
    }
  }
}
