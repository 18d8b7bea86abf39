package org.everpost.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.everpost.core.delivery.Delivery;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.Quota;
import org.everpost.core.directory.StoredPassword;
import org.everpost.core.event.AuthEvent;
import org.everpost.core.event.Event;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.password.Authenticator;
import org.everpost.core.password.PasswordHashing;
import org.everpost.core.password.SaslLogin;
import org.everpost.core.srs.ReturnAddresses;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.imap.ImapParts;
import org.everpost.server.imap.ImapService;
import org.everpost.server.imap.ImapSettings;
import org.everpost.server.net.ConnectionSettings;
import org.everpost.server.net.Service;
import org.everpost.server.net.TestClient;
import org.everpost.server.net.TestListener;
import org.everpost.server.pop3.Pop3Session;
import org.everpost.server.smtp.RecordedDepartures;
import org.everpost.server.smtp.SmtpLimits;
import org.everpost.server.smtp.SmtpService;
import org.everpost.server.smtp.StoredMail;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may no longer be logged in hears so by every protocol, waiting or not. */
class RevokedLoginTest {

  private static final String HASH = "{SHA}L55TUjtiq8FBorTWAZ0jy6g129A="; // correct horse
  private static final EmailAddress ALICE = EmailAddress.of("alice@example.test");

  private final Clock clock = Clock.system();
  private final RandomSource random = RandomSource.seeded(1);
  private final MemoryStore store = new MemoryStore(clock, random);
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final Directory directory =
      new Directory(store.ledger(), false, clock, random, events::add);
  private final Mailboxes mailboxes = new Mailboxes(store, clock, random);
  private final PasswordHashing hashing = new PasswordHashing(random);
  private final Authenticator authenticator =
      new Authenticator(directory, hashing, store.hints(), clock, random, events::add);
  private final SaslLogin sasl = new SaslLogin(authenticator, random, true);
  private final Thread watching = Thread.ofVirtual().start(authenticator.watch());
  private final SmtpService smtp =
      new SmtpService(
          "mx.example.test",
          false,
          SmtpLimits.DEFAULT,
          new StoredMail(directory, mailboxes, new Delivery(mailboxes, clock, events::add)),
          new RecordedDepartures(new ReturnAddresses(directory, store, clock, random)),
          RecordedDepartures.withoutLimits(directory, store.hints(), clock),
          sasl,
          clock,
          random,
          events::add);
  private final TestListener imap =
      listener(
          Service.IMAP,
          new ImapService(
              new ImapParts(
                  ImapSettings.of(1_000_000),
                  directory,
                  mailboxes,
                  authenticator,
                  sasl,
                  clock,
                  events::add)));
  private final TestListener pop3 =
      listener(Service.POP3, () -> new Pop3Session(mailboxes, authenticator, sasl, events::add));
  private final TestListener submission = listener(Service.SUBMISSION, smtp::submission);

  private TestListener listener(Service service, org.everpost.server.net.SessionFactory sessions) {
    return new TestListener(service, sessions, ConnectionSettings.DEFAULT, events::add);
  }

  @BeforeEach
  void addAlice() {
    directory.addDomain(DomainName.of("example.test"));
    directory.addAccount(ALICE, new StoredPassword(HASH, null), Quota.UNLIMITED);
    directory.addAccount(
        EmailAddress.of("bob@example.test"), new StoredPassword(HASH, null), Quota.UNLIMITED);
  }

  @AfterEach
  void close() {
    watching.interrupt();
    imap.close();
    pop3.close();
    submission.close();
    hashing.close();
    store.close();
  }

  private Account alice() {
    return directory.account(ALICE).orElseThrow();
  }

  private TestClient imap(String name) {
    TestClient client = imap.connect();
    client.readLine();
    assertThat(client.ask("1 LOGIN " + name + " \"correct horse\"")).startsWith("1 OK");
    return client;
  }

  private TestClient pop3() {
    TestClient client = pop3.connect();
    client.readLine();
    client.ask("USER alice");
    assertThat(client.ask("PASS correct horse")).startsWith("+OK");
    return client;
  }

  private TestClient submission() {
    TestClient client = submission.connect();
    client.readLine();
    client.ask("HELO x");
    String response = Base64.getEncoder().encodeToString("\0alice\0correct horse".getBytes(UTF_8));
    assertThat(client.ask("AUTH PLAIN " + response)).startsWith("235");
    return client;
  }

  /** RFC 3207 §4.2: what was known before TLS is forgotten, and so is who was logged in. */
  @Test
  void whoLoggedInBeforeTlsIsNotLoggedInAnyMore() {
    try (TestClient before = submission();
        TestClient after = submission()) {
      assertThat(after.ask("STARTTLS")).startsWith("220");
      after.tls();
      assertThat(after.ask("HELO x")).startsWith("250");
      directory.setDisabled(alice(), true);
      assertThat(before.readLine()).startsWith("421 4.7.0 ");
      assertThat(after.ask("MAIL FROM:<alice@example.test>")).startsWith("530");
      assertThat(events.stream().filter(AuthEvent.LoginRevoked.class::isInstance)).hasSize(1);
    }
  }

  private void everySessionEnds(Runnable change) {
    try (TestClient waiting = imap("alice");
        TestClient idle = imap("alice");
        TestClient bob = imap("bob");
        TestClient pop3 = pop3();
        TestClient submission = submission()) {
      assertThat(idle.ask("2 IDLE")).startsWith("+ ");
      change.run();
      for (TestClient client : List.of(waiting, idle)) {
        assertThat(client.readLine()).isEqualTo("* BYE Your login does not hold any longer");
        assertThat(client.readLine()).isNull();
      }
      assertThat(pop3.readLine()).startsWith("-ERR [AUTH] ");
      assertThat(pop3.readLine()).isNull();
      assertThat(submission.readLine()).startsWith("421 4.7.0 ");
      assertThat(submission.readLine()).isNull();
      assertThat(bob.ask("2 NOOP")).startsWith("2 OK");
      assertThat(events.stream().filter(AuthEvent.LoginRevoked.class::isInstance)).hasSize(4);
    }
  }

  @Test
  void disabled() {
    everySessionEnds(() -> directory.setDisabled(alice(), true));
  }

  @Test
  void deleted() {
    everySessionEnds(() -> {
      Account alice = alice();
      directory.deleteAccount(alice);
      mailboxes.deleteAll(alice.id());
    });
  }

  @Test
  void anotherPassword() {
    everySessionEnds(
        () -> directory.changePassword(alice(), new StoredPassword("{SHA}AAAA", null)));
  }
}
