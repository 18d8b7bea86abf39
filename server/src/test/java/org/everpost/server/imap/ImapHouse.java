package org.everpost.server.imap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.Quota;
import org.everpost.core.directory.StoredPassword;
import org.everpost.core.event.Event;
import org.everpost.core.mailbox.FlagNames;
import org.everpost.core.mailbox.MailAccount;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.mailbox.NewMessage;
import org.everpost.core.password.Authenticator;
import org.everpost.core.password.PasswordHashing;
import org.everpost.core.password.SaslLogin;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.net.ConnectionSettings;
import org.everpost.server.net.Service;
import org.everpost.server.net.TestListener;
import org.everpost.store.Store;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;

/**
 * A server with IMAP on loopback and a few people in it, all with the password {@code secret}:
 * alice, bob, tiny (10 KB and 5 messages).
 */
final class ImapHouse implements AutoCloseable {
  static final long MESSAGE_SIZE = 1_000_000;
  static final String PASSWORD = "secret";

  static final ImapSettings SETTINGS =
      new ImapSettings(
          MESSAGE_SIZE,
          Duration.ofSeconds(20),
          Duration.ofMinutes(30),
          Duration.ofSeconds(20),
          5,
          50,
          3);

  final Clock clock = Clock.system();
  final List<Event> events = new CopyOnWriteArrayList<>();
  final Directory directory;
  final Mailboxes mailboxes;
  final ImapService service;
  private final RandomSource random = RandomSource.seeded(1);
  private final Store store;
  private final PasswordHashing hashing = new PasswordHashing(random);
  private final TestListener listener;

  ImapHouse() {
    this(SETTINGS);
  }

  ImapHouse(ImapSettings settings) {
    this(settings, memory -> memory);
  }

  /**
   * @param wrapped what stands between the server and the store
   */
  ImapHouse(ImapSettings settings, UnaryOperator<Store> wrapped) {
    store = wrapped.apply(new MemoryStore(clock, random));
    directory = new Directory(store.ledger(), store.shared(), clock, random, events::add);
    mailboxes = new Mailboxes(store, clock, random);
    directory.addDomain(DomainName.of("example.test"));
    StoredPassword password = hashing.store(PASSWORD);
    directory.addAccount(EmailAddress.of("alice@example.test"), password, Quota.UNLIMITED);
    directory.addAccount(EmailAddress.of("bob@example.test"), password, Quota.UNLIMITED);
    directory.addAccount(EmailAddress.of("tiny@example.test"), password, new Quota(10_240, 5));
    Authenticator authenticator =
        new Authenticator(directory, hashing, store.hints(), clock, random, events::add);
    service =
        new ImapService(
            new ImapParts(
                settings,
                directory,
                mailboxes,
                authenticator,
                new SaslLogin(authenticator, random, true),
                clock,
                events::add));
    listener = new TestListener(Service.IMAP, service, ConnectionSettings.DEFAULT, events::add);
  }

  TestListener listener() {
    return listener;
  }

  Store store() {
    return store;
  }

  Account account(String name) {
    return directory.account(EmailAddress.of(name + "@example.test")).orElseThrow();
  }

  MailAccount mail(String name) {
    return mailboxes.open(account(name).id());
  }

  /** A client that has read the greeting. */
  ImapClient connect() {
    return new ImapClient(listener.connect());
  }

  /** A client that is logged in. */
  ImapClient login(String name) {
    ImapClient client = connect();
    client.ok("LOGIN " + name + "@example.test " + PASSWORD);
    return client;
  }

  /** Puts a message into somebody's inbox, as if it were delivered. */
  void deliver(String name, String message, String... flags) {
    deliver(name, "INBOX", message, clock.instant(), flags);
  }

  void deliver(String name, String mailbox, String message, Instant date, String... flags) {
    MailAccount mail = mail(name);
    FlagNames names = FlagList.parse(List.of(flags));
    mail.append(
        mail.view().mailbox(mailbox).orElseThrow().id(),
        List.of(new NewMessage(receive(message), names, date)),
        Quota.UNLIMITED);
  }

  org.everpost.core.mailbox.IncomingMessage receive(String message) {
    try {
      return mailboxes.receive(
          new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A small message with that subject. */
  static String message(String subject) {
    return String.join(
        "\r\n",
        "From: Alice <alice@example.test>",
        "To: bob@example.test",
        "Subject: " + subject,
        "Date: Mon, 7 Feb 1994 21:52:25 -0800",
        "Message-ID: <" + subject.replace(' ', '.') + "@example.test>",
        "",
        "Hello " + subject,
        "");
  }

  /** Events that wake somebody. */
  Set<Event> errors() {
    return Set.copyOf(events.stream().filter(event -> event.level() == Event.Level.ERROR).toList());
  }

  @Override
  public void close() {
    listener.close();
    hashing.close();
    store.close();
  }
}
