package org.everpost.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.everpost.core.delivery.Delivery;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.Quota;
import org.everpost.core.event.Event;
import org.everpost.core.event.EventSink;
import org.everpost.core.mailbox.FlagNames;
import org.everpost.core.mailbox.MailAccount;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.mailbox.NewMessage;
import org.everpost.core.password.Authenticator;
import org.everpost.core.password.PasswordHashing;
import org.everpost.core.password.SaslLogin;
import org.everpost.core.srs.ReturnAddresses;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.imap.ImapParts;
import org.everpost.server.imap.ImapService;
import org.everpost.server.imap.ImapSettings;
import org.everpost.server.net.Monologue;
import org.everpost.server.net.Service;
import org.everpost.server.net.Session;
import org.everpost.server.pop3.Pop3Session;
import org.everpost.server.smtp.RecordedDepartures;
import org.everpost.server.smtp.SmtpLimits;
import org.everpost.server.smtp.SmtpService;
import org.everpost.server.smtp.StoredMail;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;

/**
 * Sessions for {@link SessionFuzzTest}: every monologue meets the same mailboxes at the same time,
 * so the same monologue is answered alike. Only the directory lives on. Alice's password is {@code
 * secret}; three messages are in her inbox.
 */
final class FuzzedServer {

  private static final long MESSAGE_SIZE = 100_000;

  private static final List<String> MESSAGES =
      List.of(
          "From: A <a@b.test>\r\nSubject: one\r\n\r\n.dot\r\n",
          """
          Content-Type: multipart/mixed; boundary=b\r
          Subject: =?utf-8?Q?zw=C3=B6?=\r
          \r
          --b\r
          Content-Type: text/plain; charset=utf-8\r
          Content-Transfer-Encoding: base64\r
          \r
          w6QK\r
          --b\r
          Content-Type: message/rfc822\r
          \r
          Subject: inner\r
          \r
          x\r
          --b--\r
          """,
          "no header at all\nbut\0octets \u00e4");

  /** Stands still, and lets nobody rest. */
  private static final Clock CLOCK =
      new Clock() {
        @Override
        public Instant instant() {
          return Instant.ofEpochSecond(1_800_000_000);
        }

        @Override
        public long nanoTime() {
          return 0;
        }

        @Override
        public void sleep(Duration duration) {}
      };

  private final MemoryStore people = new MemoryStore(CLOCK, RandomSource.seeded(1));
  private final Directory directory =
      new Directory(people.ledger(), false, CLOCK, RandomSource.seeded(1), EventSink.NONE);
  private final Authenticator authenticator;
  private final Account alice;

  FuzzedServer() {
    PasswordHashing hashing = new PasswordHashing(RandomSource.seeded(1));
    authenticator =
        new Authenticator(
            directory, hashing, people.hints(), CLOCK, RandomSource.seeded(1), EventSink.NONE);
    directory.addDomain(DomainName.of("example.test"));
    EmailAddress address = EmailAddress.of("alice@example.test");
    directory.addAccount(address, hashing.store("secret"), Quota.UNLIMITED);
    alice = directory.account(address).orElseThrow();
  }

  /** All that was answered. */
  byte[] answer(Service service, byte[] said, int piece) {
    List<Event> events = new CopyOnWriteArrayList<>();
    byte[] heard;
    long began = System.nanoTime();
    try (MemoryStore store = new MemoryStore(CLOCK, RandomSource.seeded(2))) {
      heard = Monologue.hold(service, session(service, store, events::add), said, piece, CLOCK);
    }
    if (System.nanoTime() - began > 10_000_000_000L) {
      throw new AssertionError("this took longer than ten seconds");
    }
    for (Event event : events) {
      if (event.level() == Event.Level.ERROR) {
        throw new AssertionError(event.toString());
      }
    }
    return heard;
  }

  private Session session(Service service, MemoryStore store, EventSink events) {
    RandomSource random = RandomSource.seeded(3);
    Mailboxes mailboxes = new Mailboxes(store, CLOCK, random);
    SaslLogin logins = new SaslLogin(authenticator, random, true);
    return switch (service) {
      case SMTP -> smtp(mailboxes, logins, events).mx();
      case LMTP -> smtp(mailboxes, logins, events).lmtp();
      case SUBMISSION, SUBMISSIONS -> smtp(mailboxes, logins, events).submission();
      case IMAP, IMAPS -> {
        fill(mailboxes);
        yield imap(mailboxes, logins, events).newSession();
      }
      case POP3, POP3S -> {
        fill(mailboxes);
        yield new Pop3Session(mailboxes, authenticator, logins, events);
      }
    };
  }

  private SmtpService smtp(Mailboxes mailboxes, SaslLogin logins, EventSink events) {
    return new SmtpService(
        "mx.example.test",
        false,
        SmtpLimits.DEFAULT.withMessageSize(MESSAGE_SIZE),
        new StoredMail(directory, mailboxes, new Delivery(mailboxes, CLOCK, events)),
        new RecordedDepartures(
            new ReturnAddresses(directory, people, CLOCK, RandomSource.seeded(4))),
        RecordedDepartures.withoutLimits(directory, people.hints(), CLOCK),
        logins,
        CLOCK,
        RandomSource.seeded(4),
        events);
  }

  private ImapService imap(Mailboxes mailboxes, SaslLogin logins, EventSink events) {
    return new ImapService(
        new ImapParts(
            ImapSettings.of(MESSAGE_SIZE),
            directory,
            mailboxes,
            authenticator,
            logins,
            CLOCK,
            events));
  }

  private void fill(Mailboxes mailboxes) {
    MailAccount mail = mailboxes.open(alice.id());
    FlagNames none = new FlagNames(0, Set.of());
    for (String message : MESSAGES) {
      try {
        mail.append(
            mail.view().inbox().id(),
            List.of(
                new NewMessage(
                    mailboxes.receive(new ByteArrayInputStream(message.getBytes(UTF_8))),
                    none,
                    CLOCK.instant())),
            Quota.UNLIMITED);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }
}
