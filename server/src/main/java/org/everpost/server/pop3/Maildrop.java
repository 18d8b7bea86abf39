package org.everpost.server.pop3;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.everpost.core.mailbox.Email;
import org.everpost.core.mailbox.EmailId;
import org.everpost.core.mailbox.MailAccount;
import org.everpost.core.mailbox.MailboxView;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.mailbox.MessageList;
import org.everpost.core.mailbox.UidSet;
import org.everpost.wire.pop3.MultiLineBody;
import org.jspecify.annotations.Nullable;

/**
 * The inbox as it was at login, and what is marked for deletion. Messages are numbered from 1.
 *
 * <p>For one thread.
 */
final class Maildrop {

  /** How many messages are looked up at once: who asks for one mostly asks for the next. */
  private static final int AHEAD = 128;

  private final Mailboxes mailboxes;
  private final MailAccount account;
  private final MailboxView inbox;
  private final MessageList messages;
  private final BitSet deleted = new BitSet();
  private List<@Nullable Email> known = List.of();
  private int knownFrom;

  private Maildrop(Mailboxes mailboxes, MailAccount account, MailboxView inbox) {
    this.mailboxes = mailboxes;
    this.account = account;
    this.inbox = inbox;
    this.messages = inbox.loaded();
  }

  static Maildrop open(Mailboxes mailboxes, MailAccount account) {
    MailboxView inbox = account.load(account.refresh().inbox().id()).orElseThrow();
    return new Maildrop(mailboxes, account, inbox);
  }

  /** The highest message number, with those marked deleted. */
  int last() {
    return messages.count();
  }

  /** Whether there is a message of this number that is not marked deleted. */
  boolean has(int number) {
    return number >= 1 && number <= last() && !deleted.get(number);
  }

  int count() {
    return last() - deleted.cardinality();
  }

  /** The sum of sizes without those marked deleted, in octets. */
  long size() {
    long size = inbox.sizeOctets();
    for (int number = deleted.nextSetBit(0); number >= 0; number = deleted.nextSetBit(number + 1)) {
      size -= size(number);
    }
    return size;
  }

  /** In octets. */
  long size(int number) {
    return messages.size(number - 1);
  }

  /** RFC 1939 §7, UIDL: 1 to 70 characters. */
  String uniqueId(int number) {
    return Long.toHexString(inbox.uidValidity())
        + '.'
        + Integer.toHexString(messages.uid(number - 1));
  }

  void delete(int number) {
    deleted.set(number);
  }

  void reset() {
    deleted.clear();
  }

  /** The content, or null if another session removed the message meanwhile. */
  @Nullable InputStream content(int number) {
    Email email = email(number - 1);
    return email == null ? null : mailboxes.content(email.blob(), 0, email.size());
  }

  /** Removes what is marked: the UPDATE state (RFC 1939 §6). */
  void update() {
    if (deleted.isEmpty()) {
      return;
    }
    UidSet.Builder uids = new UidSet.Builder();
    deleted.stream().forEach(number -> uids.add(messages.uid(number - 1)));
    account.remove(inbox.id(), uids.build());
  }

  private @Nullable Email email(int index) {
    if (index < knownFrom || index >= knownFrom + known.size()) {
      List<EmailId> ids = new ArrayList<>();
      for (int i = index; i < Math.min(messages.count(), index + AHEAD); i++) {
        ids.add(messages.email(i));
      }
      known = account.emails(ids);
      knownFrom = index;
    }
    return known.get(index - knownFrom);
  }

  /** Copies a message, or the header and some lines of it. */
  static void send(InputStream content, MultiLineBody body) throws IOException {
    byte[] buffer = new byte[16 << 10];
    for (int n = content.read(buffer); n >= 0 && !body.isFull(); n = content.read(buffer)) {
      body.write(buffer, 0, n);
    }
    body.finish();
  }
}
