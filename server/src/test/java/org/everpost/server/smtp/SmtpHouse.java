package org.everpost.server.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.everpost.core.config.Config;
import org.everpost.core.delivery.Delivery;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.Quota;
import org.everpost.core.directory.Resolution;
import org.everpost.core.directory.StoredPassword;
import org.everpost.core.event.Event;
import org.everpost.core.mailbox.Email;
import org.everpost.core.mailbox.EmailId;
import org.everpost.core.mailbox.MailAccount;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.mailbox.MessageList;
import org.everpost.core.password.Authenticator;
import org.everpost.core.password.PasswordHashing;
import org.everpost.core.password.SaslLogin;
import org.everpost.core.sending.SendingMeter;
import org.everpost.core.sending.SendingRules;
import org.everpost.core.srs.ReturnAddresses;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.guard.Guard;
import org.everpost.server.guard.TestGuard;
import org.everpost.server.net.ConnectionSettings;
import org.everpost.server.net.Service;
import org.everpost.server.net.TestListener;
import org.everpost.store.BlobId;
import org.everpost.store.StoreUnavailableException;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.jspecify.annotations.Nullable;

/**
 * A server that takes mail, with a few people in it: alice, bob, jörg, dora (disabled), tiny (10
 * KB), and the aliases team (alice, bob), both (bob, jörg), away (another domain), mixed (bob and
 * another domain), nowhere (a domain that does not exist), partly (that and another).
 */
final class SmtpHouse implements AutoCloseable {

  static final long MESSAGE_SIZE = 1_000_000;

  /** Small enough for tests to reach. */
  static final SmtpLimits LIMITS =
      new SmtpLimits(
          MESSAGE_SIZE,
          100,
          20,
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(60),
          Duration.ofMillis(500),
          Duration.ofSeconds(120),
          10,
          50,
          20);

  private static final Config.Sending NO_LIMITS = new Config.Sending(0, 0, 0, 0, 0, false);

  /** Everybody's password; made once, because that is slow on purpose. */
  static final String PASSWORD = "correct horse";

  private static final class Secret {
    static final StoredPassword STORED;

    static {
      try (PasswordHashing hashing = new PasswordHashing(RandomSource.seeded(2))) {
        STORED = hashing.store(PASSWORD);
      }
    }
  }

  private final Clock clock = Clock.system();
  private final RandomSource random = RandomSource.seeded(1);
  private final MemoryStore store = new MemoryStore(clock, random);
  private final List<Event> events = new ArrayList<>();
  private final Map<Service, TestListener> listeners = new EnumMap<>(Service.class);
  private final PasswordHashing hashing = new PasswordHashing(random);
  private final SmtpService service;
  private final Guard guard;

  final Directory directory =
      new Directory(store.ledger(), store.shared(), clock, random, this::happened);
  final Mailboxes mailboxes = new Mailboxes(store, clock, random);

  /** Fails this many deliveries, after that many have succeeded. */
  final AtomicInteger failingDeliveries = new AtomicInteger();

  final AtomicInteger succeedingDeliveries = new AtomicInteger();
  final AtomicInteger failingReceives = new AtomicInteger();
  final AtomicInteger failingLookups = new AtomicInteger();
  final AtomicInteger received = new AtomicInteger();
  final ReturnAddresses returns = new ReturnAddresses(directory, store, clock, random);
  final RecordedDepartures departures = new RecordedDepartures(returns);

  /** Whose mail in the queue was held. */
  final List<String> held = new CopyOnWriteArrayList<>();

  SmtpHouse() {
    this(LIMITS);
  }

  SmtpHouse(SmtpLimits limits) {
    this(limits, null);
  }

  SmtpHouse(Config.Sending sending) {
    this(LIMITS, null, sending, TestGuard.bare(20_000, 100));
  }

  /** One whose door is kept by this guard. */
  SmtpHouse(Guard guard) {
    this(LIMITS, null, NO_LIMITS, guard);
  }

  /**
   * @param instead where mail goes; null: into the mailboxes
   */
  SmtpHouse(SmtpLimits limits, @Nullable LocalMail instead) {
    this(limits, instead, NO_LIMITS, TestGuard.bare(20_000, 100));
  }

  private SmtpHouse(
      SmtpLimits limits, @Nullable LocalMail instead, Config.Sending sending, Guard guard) {
    this.guard = guard;
    directory.addDomain(DomainName.of("example.test"));
    directory.addDomain(DomainName.of("b\u00fccher.test"));
    person("alice@example.test", Quota.UNLIMITED);
    person("bob@example.test", Quota.UNLIMITED);
    person("j\u00f6rg@b\u00fccher.test", Quota.UNLIMITED);
    person("dora@example.test", Quota.UNLIMITED);
    person("tiny@example.test", new Quota(10_000, 0));
    directory.setDisabled(account("dora@example.test"), true);
    alias("team@example.test", "alice@example.test", "bob@example.test");
    alias("both@example.test", "bob@example.test", "j\u00f6rg@b\u00fccher.test");
    alias("away@example.test", "someone@elsewhere.test");
    alias("mixed@example.test", "bob@example.test", "someone@elsewhere.test");
    alias("nowhere@example.test", "nobody@nowhere.test");
    alias("partly@example.test", "nobody@nowhere.test", "someone@elsewhere.test");
    LocalMail mail =
        new FaultyMail(
            new StoredMail(directory, mailboxes, new Delivery(mailboxes, clock, this::happened)));
    Authenticator authenticator =
        new Authenticator(directory, hashing, store.hints(), clock, random, this::happened);
    service =
        new SmtpService(
            "mx.example.test",
            sending.showClient(),
            limits,
            instead == null ? mail : instead,
            departures,
            new SendingGuard(
                directory,
                new SendingMeter(
                    store.hints(),
                    SendingRules.of(sending),
                    RecordedDepartures.alone(clock),
                    clock),
                (account, reason) -> held.add(account.address() + ": " + reason)),
            new SaslLogin(authenticator, random, true),
            clock,
            random,
            this::happened);
  }

  private void person(String address, Quota quota) {
    directory.addAccount(EmailAddress.of(address), Secret.STORED, quota);
  }

  private void alias(String address, String... targets) {
    directory.addAlias(
        EmailAddress.of(address), List.of(targets).stream().map(EmailAddress::of).toList());
  }

  Account account(String address) {
    return directory.account(EmailAddress.of(address)).orElseThrow();
  }

  private void happened(Event event) {
    synchronized (events) {
      events.add(event);
    }
  }

  /** What happened so far, of one kind. */
  <T extends Event> List<T> events(Class<T> kind) {
    synchronized (events) {
      return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
  }

  /** The listener of a service. */
  synchronized TestListener listener(Service kind) {
    return listeners.computeIfAbsent(
        kind,
        k ->
            new TestListener(
                k,
                switch (k) {
                  case LMTP -> service::lmtp;
                  case SUBMISSION, SUBMISSIONS -> service::submission;
                  default -> service::mx;
                },
                ConnectionSettings.DEFAULT,
                guard,
                this::happened));
  }

  /** A client that read the greeting. */
  SmtpClient connect(Service kind) {
    return SmtpClient.connect(listener(kind).address(), "127.0.0.1", kind.implicitTls());
  }

  /** A client at an address that counts as the Internet. */
  SmtpClient connectFrom(String address, Service kind) {
    return SmtpClient.connect(listener(kind).address(), address, kind.implicitTls());
  }

  /** The messages in somebody's inbox, oldest first. */
  List<String> inbox(String address) {
    MailAccount mail = mailboxes.open(account(address).id());
    MessageList messages = mail.load(mail.view().inbox().id()).orElseThrow().loaded();
    List<EmailId> ids = new ArrayList<>();
    for (int i = 0; i < messages.count(); i++) {
      ids.add(messages.email(i));
    }
    List<String> texts = new ArrayList<>();
    for (@Nullable Email email : mail.emails(ids)) {
      Email found = Objects.requireNonNull(email);
      try (InputStream in = mailboxes.content(found.blob(), 0, Long.MAX_VALUE)) {
        texts.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return texts;
  }

  @Override
  public void close() {
    listeners.values().forEach(TestListener::close);
    hashing.close();
    store.close();
  }

  /** Fails when a test wants it to. */
  private final class FaultyMail implements LocalMail {
    private final LocalMail mail;

    FaultyMail(LocalMail mail) {
      this.mail = mail;
    }

    @Override
    public Resolution resolve(EmailAddress recipient) {
      failIf(failingLookups);
      if (recipient.localPart().equals("crash")) {
        throw new IllegalStateException("a bug, as a test wants it");
      }
      return mail.resolve(recipient);
    }

    @Override
    public Optional<DomainName> defaultDomain() {
      return mail.defaultDomain();
    }

    @Override
    public boolean mayUse(Account account, EmailAddress address) {
      return mail.mayUse(account, address);
    }

    @Override
    public boolean hasRoom(Account account, long size) {
      return mail.hasRoom(account, size);
    }

    @Override
    public boolean isReady(Account account) {
      return mail.isReady(account);
    }

    @Override
    public Content receive(InputStream content) throws IOException {
      failIf(failingReceives);
      Content stored = mail.receive(content);
      received.incrementAndGet();
      return new FaultyContent(stored);
    }

    private static void failIf(AtomicInteger left) {
      if (left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        throw new StoreUnavailableException("as a test wants it");
      }
    }

    private final class FaultyContent implements Content {
      private final Content content;

      FaultyContent(Content content) {
        this.content = content;
      }

      @Override
      public long size() {
        return content.size();
      }

      @Override
      public BlobId blob() {
        return content.blob();
      }

      @Override
      public boolean deliver(Account account, Quota quota, String connection) {
        if (succeedingDeliveries.decrementAndGet() < 0) {
          failIf(failingDeliveries);
        }
        return content.deliver(account, quota, connection);
      }
    }
  }
}
