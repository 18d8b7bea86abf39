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
import org.everpost.store.StoreUnavailableException;
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

  /** Looks at a message before its first octet is taken. */
  void check(AppendMessage message, Dialogue dialogue) {
    if (message.size() > maxSize) {
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
      octets += message.size();
      AccountView account = user.mail().view();
      long count = account.usedMessages() + messages.size() + 1;
      if (!user.quota().allows(account.usedOctets() + octets, count)) {
        refuse(Reply.overQuota());
      }
    }
  }

  /**
   * Stores a message's octets.
   *
   * @return how many of them were not read because the store failed
   */
  long receive(AppendMessage message, Connection connection) throws IOException {
    Octets octets = new Octets(connection, message.size());
    FlagNames flags = FlagList.parse(message.flags());
    try {
      IncomingMessage content = mailboxes.receive(octets);
      Instant date = message.internalDate();
      messages.add(new NewMessage(content, flags, date == null ? clock.instant() : date));
    } catch (StoreUnavailableException e) {
      refuse(Reply.no(ResponseCode.Plain.UNAVAILABLE, "Try again later"));
    }
    return octets.left;
  }

  /** So many octets of the connection. */
  private static final class Octets extends InputStream {
    private final Connection connection;
    private long left;

    Octets(Connection connection, long size) {
      this.connection = connection;
      this.left = size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int n = connection.read(target, offset, (int) Math.min(left, length));
      left -= n;
      return n;
    }
  }
}
