package org.everpost.server.smtp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.AccountId;
import org.everpost.core.directory.Quota;
import org.everpost.core.event.SmtpEvent;
import org.everpost.core.time.Clock;
import org.everpost.server.outbound.Departure;
import org.everpost.store.StoreUnavailableException;
import org.everpost.wire.smtp.Reply;

/** Stores a message and delivers it, then knows what to answer. */
final class MessageIntake {

  /** Before a delivery is repeated for the first time; then twice as long each time. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final SmtpParts parts;
  private final Flavour flavour;

  MessageIntake(SmtpParts parts, Flavour flavour) {
    this.parts = parts;
    this.flavour = flavour;
  }

  /**
   * Takes the message, leaving the connection where it ends.
   *
   * @return one reply, or with LMTP one for each recipient
   */
  List<Reply> take(SmtpSession session, State.Hello hello, Transaction tx, MessageBody body)
      throws IOException {
    session.expectMessage();
    List<Reply> replies;
    try {
      String id = session.nextMessageId();
      MessageStream stream = stream(session, hello, tx, body, id);
      LocalMail.Content content = parts.mail().receive(stream);
      session.connection().rests();
      session.connection().requireLogin();
      Departures departures = new Departures(session, flavour, tx, stream, content);
      boolean loop = tx.hasRemote() && departures.isLoop();
      if (!loop) {
        departures.proveSender(session, hello.domain());
      }
      replies =
          loop
              ? repeated(Replies.FORWARDED_BEFORE, tx)
              : flavour == Flavour.LMTP
                  ? deliverEach(session, tx, content, departures, id)
                  : List.of(submit(session, tx, content, departures, id));
    } catch (MessageRefusedException e) {
      replies = repeated(e.reply(), tx);
    } catch (StoreUnavailableException e) {
      session.storeFailed(e);
      replies = repeated(Replies.STORE_UNAVAILABLE, tx);
    }
    if (!body.discard()) {
      session.end();
      return List.of(Reply.of(421, "4.7.0", "Message far too large, closing the connection"));
    }
    return replies;
  }

  private List<Reply> repeated(Reply reply, Transaction tx) {
    return flavour == Flavour.LMTP
        ? Collections.nCopies(tx.recipients().size(), reply)
        : List.of(reply);
  }

  private MessageStream stream(
      SmtpSession session, State.Hello hello, Transaction tx, MessageBody body, String id)
      throws IOException {
    StringBuilder trace = new StringBuilder(320);
    TraceHeader.append(trace, session, hello, tx, id);
    Account login = session.login();
    int returnPath = octets(trace.substring(0, trace.indexOf("\n") + 1)).length;
    if (login == null) {
      return new MessageStream(returnPath, octets(trace.toString()), body);
    }
    SubmissionHeader header = new SubmissionHeader(parts);
    header.read(body);
    header.checkFrom(login);
    header.complete(trace);
    byte[] ours = octets(trace.toString());
    byte[] theirs = header.octets();
    byte[] prefix = new byte[ours.length + theirs.length];
    System.arraycopy(ours, 0, prefix, 0, ours.length);
    System.arraycopy(theirs, 0, prefix, ours.length, theirs.length);
    return new MessageStream(returnPath, prefix, body);
  }

  private static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Counts it as sent by whoever is logged in, and not if it is not accepted. */
  private Reply submit(
      SmtpSession session,
      Transaction tx,
      LocalMail.Content content,
      Departures departures,
      String id) {
    Reply refusal = parts.guard().admit(session, tx);
    if (refusal != null) {
      return refusal;
    }
    boolean accepted = false;
    try {
      Reply reply = deliver(session, tx, content, departures, id);
      accepted = reply.isPositive();
      return reply;
    } finally {
      if (!accepted) {
        parts.guard().takeBack(session, tx);
      }
    }
  }

  /**
   * All or nothing, as one reply stands for all recipients. Where there are several, quotas were
   * looked at with RCPT, and the one message they may be exceeded by now is let in: refusing it
   * would make the client send it again to those who have it.
   *
   * <p>For the same reason what is in the way of one recipient is looked for before another has the
   * message, and if the store fails after that, it is waited for. If it stays away, the client is
   * told to try again, and then some have the message twice: RFC 5321 §6.1 forbids to lose one, and
   * what would tell a repetition from another message for sure costs every message more than this
   * seldom case is worth.
   */
  private Reply deliver(
      SmtpSession session,
      Transaction tx,
      LocalMail.Content content,
      Departures departures,
      String id) {
    Collection<Account> accounts = tx.accounts();
    for (Account account : accounts) {
      if (!parts.mail().isReady(account)) {
        return Replies.MAILBOX_GONE;
      }
    }
    long until = parts.clock().nanoTime() + parts.limits().redelivery().toNanos();
    boolean first = true;
    for (Account account : accounts) {
      boolean only = accounts.size() == 1 && !tx.hasRemote();
      Quota quota = only ? account.quota() : Quota.UNLIMITED;
      boolean delivered =
          first
              ? content.deliver(account, quota, session.connection().id())
              : patiently(
                  session,
                  until,
                  () ->
                      isGone(account)
                          || content.deliver(account, Quota.UNLIMITED, session.connection().id()));
      if (!delivered) {
        return Replies.mailboxFull(account.quota().allows(content.size(), 1));
      }
      first = false;
    }
    Reply reply = Reply.of(250, "2.0.0", "Stored as " + id);
    if (tx.hasRemote() && first) {
      reply = Reply.of(250, "2.0.0", "Queued as " + depart(session, departures, _ -> true));
    } else if (departures.any()) {
      boolean _ =
          patiently(
              session,
              until,
              () -> {
                String _ = depart(session, departures, _ -> true);
                return true;
              });
    }
    accepted(session, tx, content);
    return reply;
  }

  /** Returns how the queue knows it. */
  private String depart(
      SmtpSession session, Departures departures, Predicate<Transaction.Recipient> delivered) {
    List<Departure> leaving = departures.all(parts.clock().instant(), delivered);
    return leaving.isEmpty() ? "" : parts.remote().accept(session.login(), leaving);
  }

  /**
   * Delivers what others have already: again and again if the store fails, until a moment that is
   * the same for all recipients, as the client waits for one reply (RFC 5321 §4.5.3.2.6). Whoever
   * was deleted meanwhile gets nothing, which is no reason to send it to the others again.
   */
  private boolean patiently(SmtpSession session, long until, BooleanSupplier delivery) {
    Clock clock = parts.clock();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return delivery.getAsBoolean();
      } catch (StoreUnavailableException e) {
        if (clock.nanoTime() - until >= 0 || session.connection().draining()) {
          throw e;
        }
        session.storeFailed(e);
      }
      try {
        clock.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StoreUnavailableException("interrupted while the store was away", e);
      }
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
    }
  }

  private boolean isGone(Account account) {
    try {
      return !parts.mail().isReady(account);
    } catch (StoreUnavailableException e) {
      return false; // nobody can tell just now
    }
  }

  /** RFC 2033 §4.2: each recipient has its own fate. */
  private List<Reply> deliverEach(
      SmtpSession session,
      Transaction tx,
      LocalMail.Content content,
      Departures departures,
      String id) {
    Reply stored = Reply.of(250, "2.0.0", "Stored as " + id);
    Map<AccountId, Reply> outcomes = new HashMap<>();
    for (Account account : tx.accounts()) {
      outcomes.put(account.id(), deliverOne(session, content, account, stored));
    }
    Reply sent = stored;
    if (departures.any()) {
      try {
        String _ =
            depart(
                session,
                departures,
                recipient -> reached(recipient, outcomes, stored).isPositive());
      } catch (StoreUnavailableException e) {
        session.storeFailed(e);
        sent = Replies.STORE_UNAVAILABLE;
      }
    }
    if (outcomes.containsValue(stored) || (tx.hasRemote() && sent.isPositive())) {
      accepted(session, tx, content);
    }
    List<Reply> replies = new ArrayList<>();
    for (Transaction.Recipient recipient : tx.recipients()) {
      replies.add(reached(recipient, outcomes, recipient.remote().isEmpty() ? stored : sent));
    }
    return replies;
  }

  /** What became of a recipient here; the other reply if all of that went well. */
  private static Reply reached(
      Transaction.Recipient recipient, Map<AccountId, Reply> outcomes, Reply otherwise) {
    Reply reply = otherwise;
    for (Account account : recipient.accounts()) {
      Reply outcome = outcomes.getOrDefault(account.id(), otherwise);
      reply = outcome.isPositive() ? reply : outcome;
    }
    return reply;
  }

  private Reply deliverOne(
      SmtpSession session, LocalMail.Content content, Account account, Reply stored) {
    try {
      if (!parts.mail().isReady(account)) {
        return Replies.MAILBOX_GONE;
      }
      boolean delivered = content.deliver(account, account.quota(), session.connection().id());
      return delivered ? stored : Replies.mailboxFull(account.quota().allows(content.size(), 1));
    } catch (StoreUnavailableException e) {
      session.storeFailed(e);
      return Replies.STORE_UNAVAILABLE;
    }
  }

  private void accepted(SmtpSession session, Transaction tx, LocalMail.Content content) {
    session.connection().visit().delivered();
    parts
        .events()
        .accept(
            new SmtpEvent.MessageAccepted(
                session.connection().id(),
                session.connection().peerAddress(),
                tx.mail().from().toString(),
                tx.recipients().size(),
                content.size(),
                content.blob().toString()));
  }
}
