package org.everpost.server.imap;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.everpost.core.mailbox.AccountView;
import org.everpost.core.mailbox.FlagNames;
import org.everpost.core.mailbox.IncomingMessage;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.mailbox.NewMessage;
import org.everpost.core.time.Clock;
import org.everpost.server.net.Connection;
import org.everpost.wire.imap.AppendMessage;
import org.everpost.wire.imap.response.ResponseCode;
import org.jspecify.annotations.Nullable;

/** An APPEND under way: the messages taken in so far, or why they are refused. */
final class Appending {
  private final Mailboxes mailboxes;
  private final Clock clock;
  private final long maxSize;
  private final State.User user;
  private final String mailbox;
  private final List<NewMessage> messages = new ArrayList<>();
  private long octets;
  private long unread;
  private @Nullable Reply refusal;

  Appending(Mailboxes mailboxes, Clock clock, long maxSize, State.User user, String mailbox) {
    this.mailboxes = mailboxes;
    this.clock = clock;
    this.maxSize = maxSize;
    this.user = user;
    this.mailbox = mailbox;
  }

  String mailbox() {
    return mailbox;
  }

  List<NewMessage> messages() {
    return messages;
  }

  /** Why the command fails, whatever else of it may come; null so far. */
  @Nullable Reply refusal() {
    return refusal;
  }

  void refuse(Reply reply) {
    if (refusal == null) {
      refusal = reply;
    }
  }

  /** Looks at a message, and whether it can go where it shall, before its first octet is taken. */
  void check(AppendMessage message, Dialogue dialogue) {
    if (messages.isEmpty()
        && user.mail().view().mailbox(mailbox).isEmpty()
        && user.mail().refresh().mailbox(mailbox).isEmpty()) {
      refuse(Reply.tryCreate());
    } else if (message.size() > maxSize) {
      // RFC 7889 §4.
      refuse(
          Reply.no(ResponseCode.Plain.TOOBIG, "The message is larger than " + maxSize + " octets"));
    } else if (message.size() == 0) {
      // RFC 3502 §6.3.11: an empty literal gives the command up.
      refuse(Reply.no("Empty message, nothing was appended"));
    } else if (FlagList.isTooLong(message.flags())) {
      refuse(Reply.no(ResponseCode.Plain.LIMIT, "A keyword is too long"));
    } else if (message.utf8() && !dialogue.utf8()) {
      // RFC 6855 §4.
      refuse(Reply.bad("UTF8 is not enabled"));
    } else {
      // Deviates from RFC 6855 §4: 8-bit headers are taken from clients without UTF8, too, because
      // old mail has them, and who copies it here would lose it.
      octets += message.size();
      AccountView account = user.mail().view();
      long count = account.usedMessages() + messages.size() + 1;
      if (!user.quota().allows(account.usedOctets() + octets, count)) {
        refuse(Reply.overQuota());
      }
    }
  }

  /** Stores a message's octets; how many were not read if that fails tells {@link #unread}. */
  void receive(AppendMessage message, Connection connection) throws IOException {
    unread = message.size();
    FlagNames flags = FlagList.parse(message.flags());
    Octets octets = new Octets(connection);
    IncomingMessage content = mailboxes.receive(octets);
    if (octets.nul && !message.binary()) {
      // RFC 9051 §4.3. Not BAD, after a few of which the client would be cut off.
      refuse(Reply.no("The message has a NUL, which only a literal8 can hold"));
    }
    Instant date = message.internalDate();
    messages.add(new NewMessage(content, flags, date == null ? clock.instant() : date));
  }

  /** How many octets of the message under way are still to come. */
  long unread() {
    return unread;
  }

  /** The octets of the connection that belong to the message under way. */
  private final class Octets extends InputStream {
    private final Connection connection;

    /** Whether one of them was NUL. */
    private boolean nul;

    Octets(Connection connection) {
      this.connection = connection;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (unread == 0) {
        return -1;
      }
      int n = connection.read(target, offset, (int) Math.min(unread, length));
      unread -= n;
      for (int i = offset; i < offset + n; i++) {
        nul |= target[i] == 0;
      }
      return n;
    }
  }
}
