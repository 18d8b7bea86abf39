package org.everpost.server.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.everpost.core.delivery.Delivery;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.Quota;
import org.everpost.core.event.ConnectionEvent;
import org.everpost.core.event.EventSink;
import org.everpost.core.mailbox.MailAccount;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.mailbox.UidSet;
import org.everpost.core.password.Authenticator;
import org.everpost.core.password.PasswordHashing;
import org.everpost.core.password.SaslLogin;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.net.Service;
import org.everpost.server.net.TestClient;
import org.everpost.server.net.TestListener;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Pop3SessionTest {

  private static final String ONE = "Subject: one\r\n\r\n.first\r\nsecond\r\nthird\r\n";
  private static final String TWO = "Subject: two\r\n\r\nonly\r\n";

  private final Clock clock = Clock.system();
  private final RandomSource random = RandomSource.seeded(1);
  private final MemoryStore store = new MemoryStore(clock, random);
  private final Directory directory =
      new Directory(store.ledger(), false, clock, random, EventSink.NONE);
  private final Mailboxes mailboxes = new Mailboxes(store, clock, random);
  private final PasswordHashing hashing = new PasswordHashing(random);
  private final Authenticator authenticator =
      new Authenticator(directory, hashing, store.hints(), clock, random, EventSink.NONE);
  private final TestListener listener =
      new TestListener(
          Service.POP3,
          () ->
              new Pop3Session(
                  mailboxes,
                  authenticator,
                  new SaslLogin(authenticator, random, true),
                  EventSink.NONE));
  private MailAccount mail = mailboxes.open(alice().id());

  private Account alice() {
    EmailAddress address = EmailAddress.of("alice@example.test");
    directory.addDomain(DomainName.of("example.test"));
    directory.addAccount(address, hashing.store("secret"), Quota.UNLIMITED);
    return directory.account(address).orElseThrow();
  }

  @BeforeEach
  void twoMessages() throws IOException {
    deliver(ONE);
    deliver(TWO);
  }

  private void deliver(String text) throws IOException {
    Account account = directory.account(EmailAddress.of("alice@example.test")).orElseThrow();
    new Delivery(mailboxes, clock, EventSink.NONE)
        .deliver(
            mailboxes.receive(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))),
            account,
            Quota.UNLIMITED,
            "test");
    mail = mailboxes.open(account.id());
  }

  @AfterEach
  void nothingFailedAndNothingIsLeft() {
    assertThat(listener.events()).noneMatch(e -> e instanceof ConnectionEvent.SessionFailed);
    listener.listeners().drain(Duration.ofSeconds(5));
    assertThat(listener.listeners().connections()).isEmpty();
    listener.close();
    hashing.close();
    store.close();
  }

  private TestClient connect() {
    TestClient client = listener.connect();
    assertThat(client.readLine()).startsWith("+OK");
    return client;
  }

  private TestClient login() {
    TestClient client = connect();
    assertThat(client.ask("USER alice@example.test")).startsWith("+OK");
    assertThat(client.ask("PASS secret")).startsWith("+OK 2 messages");
    return client;
  }

  private static List<String> multiLine(TestClient client) {
    List<String> lines = new ArrayList<>();
    for (String line = Objects.requireNonNull(client.readLine());
        !line.equals(".");
        line = Objects.requireNonNull(client.readLine())) {
      lines.add(line);
    }
    return lines;
  }

  @Test
  void messagesAreListedAndRetrievedAsTheyAre() {
    try (TestClient client = login()) {
      assertThat(client.ask("STAT")).isEqualTo("+OK 2 " + (ONE.length() + TWO.length()));
      assertThat(client.ask("LIST")).startsWith("+OK");
      assertThat(multiLine(client)).containsExactly("1 " + ONE.length(), "2 " + TWO.length());
      assertThat(client.ask("LIST 2")).isEqualTo("+OK 2 " + TWO.length());
      assertThat(client.ask("RETR 1")).isEqualTo("+OK " + ONE.length() + " octets");
      assertThat(multiLine(client))
          .containsExactly("Subject: one", "", "..first", "second", "third");
      assertThat(client.ask("TOP 1 1")).startsWith("+OK");
      assertThat(multiLine(client)).containsExactly("Subject: one", "", "..first");
      assertThat(client.ask("TOP 2 0")).startsWith("+OK");
      assertThat(multiLine(client)).containsExactly("Subject: two", "");
      assertThat(client.ask("RETR 3")).startsWith("-ERR");
      assertThat(client.ask("NOOP")).startsWith("+OK");
      assertThat(client.ask("QUIT")).startsWith("+OK");
      assertThat(client.readLine()).isNull();
    }
  }

  @Test
  void deletedMessagesGoAtQuitOnly() {
    try (TestClient client = login()) {
      assertThat(client.ask("DELE 1")).startsWith("+OK");
      assertThat(client.ask("DELE 1")).startsWith("-ERR");
      assertThat(client.ask("RETR 1")).startsWith("-ERR");
      assertThat(client.ask("STAT")).isEqualTo("+OK 1 " + TWO.length());
      assertThat(client.ask("RSET")).startsWith("+OK 2");
      assertThat(client.ask("DELE 1")).startsWith("+OK");
    }
    assertThat(mail.view().inbox().count()).isEqualTo(2);
    try (TestClient client = login()) {
      assertThat(client.ask("DELE 2")).startsWith("+OK");
      assertThat(client.ask("QUIT")).startsWith("+OK");
    }
    assertThat(mail.load(mail.view().inbox().id()).orElseThrow().loaded().uid(0)).isEqualTo(1);
    assertThat(mail.view().inbox().count()).isEqualTo(1);
  }

  @Test
  void uniqueIdsStayTheSame() {
    List<String> first;
    try (TestClient client = login()) {
      assertThat(client.ask("UIDL")).startsWith("+OK");
      first = multiLine(client);
      assertThat(client.ask("UIDL 1")).isEqualTo("+OK " + first.getFirst());
    }
    mail.remove(mail.view().inbox().id(), UidSet.of(1));
    try (TestClient client = connect()) {
      client.ask("USER alice@example.test");
      client.ask("PASS secret");
      assertThat(client.ask("UIDL 1")).isEqualTo("+OK 1" + first.get(1).substring(1));
    }
  }

  @Test
  void anotherSessionsDeletionIsNoHarm() {
    try (TestClient client = login()) {
      mail.remove(mail.view().inbox().id(), UidSet.of(1));
      assertThat(client.ask("RETR 1")).startsWith("-ERR");
      assertThat(client.ask("DELE 1")).startsWith("+OK");
      assertThat(client.ask("QUIT")).startsWith("+OK");
    }
    assertThat(mail.view().inbox().count()).isEqualTo(1);
  }

  @Test
  void commandsMayBePipelined() {
    try (TestClient client = connect()) {
      client.send("USER alice@example.test\r\nPASS secret\r\nSTAT\r\nRETR 2\r\nQUIT\r\n");
      assertThat(client.readLine()).startsWith("+OK");
      assertThat(client.readLine()).startsWith("+OK 2");
      assertThat(client.readLine()).startsWith("+OK 2 ");
      assertThat(client.readLine()).startsWith("+OK");
      assertThat(multiLine(client)).containsExactly("Subject: two", "", "only");
      assertThat(client.readLine()).startsWith("+OK");
    }
  }

  @Test
  void saslPlainWithAndWithoutInitialResponse() {
    String response =
        Base64.getEncoder()
            .encodeToString("\0alice@example.test\0secret".getBytes(StandardCharsets.UTF_8));
    try (TestClient client = connect()) {
      assertThat(client.ask("AUTH PLAIN " + response)).startsWith("+OK 2");
    }
    try (TestClient client = connect()) {
      assertThat(client.ask("AUTH PLAIN")).isEqualTo("+ ");
      assertThat(client.ask("*")).startsWith("-ERR");
      assertThat(client.ask("AUTH PLAIN")).isEqualTo("+ ");
      assertThat(client.ask(response)).startsWith("+OK 2");
      assertThat(client.ask("AUTH PLAIN")).startsWith("-ERR");
    }
    try (TestClient client = connect()) {
      assertThat(client.ask("AUTH")).startsWith("+OK");
      assertThat(multiLine(client)).contains("PLAIN", "SCRAM-SHA-256");
      assertThat(client.ask("AUTH NONSENSE")).startsWith("-ERR [AUTH]");
    }
  }

  @Test
  void aWrongPasswordSaysSo() {
    try (TestClient client = connect()) {
      client.ask("USER alice@example.test");
      assertThat(client.ask("PASS wrong")).startsWith("-ERR [AUTH]");
      client.ask("USER nobody@example.test");
      assertThat(client.ask("PASS wrong")).startsWith("-ERR [AUTH]");
      assertThat(client.ask("PASS secret")).startsWith("-ERR");
    }
  }

  @Test
  void tlsStartsAndThenOnlyTlsIsSpoken() {
    try (TestClient client = connect()) {
      assertThat(client.ask("CAPA")).startsWith("+OK");
      assertThat(multiLine(client)).contains("STLS", "USER", "PIPELINING", "UIDL", "TOP");
      assertThat(client.ask("STLS")).startsWith("+OK");
      client.tls();
      assertThat(client.ask("CAPA")).startsWith("+OK");
      assertThat(multiLine(client))
          .doesNotContain("STLS")
          .contains("USER")
          .anyMatch(line -> line.startsWith("SASL") && line.contains("SCRAM-SHA-256-PLUS"));
      assertThat(client.ask("USER alice@example.test")).startsWith("+OK");
      assertThat(client.ask("PASS secret")).startsWith("+OK");
      assertThat(client.ask("CAPA")).startsWith("+OK");
      assertThat(multiLine(client))
          .contains("USER")
          .anyMatch(line -> line.startsWith("SASL") && line.contains("SCRAM-SHA-256-PLUS"));
      assertThat(client.ask("STLS")).startsWith("-ERR");
    }
  }

  @Test
  void whatIsInjectedBehindStlsIsNotRead() {
    try (TestClient client = connect()) {
      client.send("STLS\r\nUSER alice@example.test\r\n");
      assertThat(client.readLine()).isEqualTo("-ERR nothing may follow STLS before TLS");
      assertThat(client.readLine()).isNull();
    }
  }

  @Test
  void passwordsAreNotTakenInPlainTextFromElsewhere() {
    try (TestClient client = TestClient.connect(listener.address(), "127.0.0.9")) {
      assertThat(client.readLine()).startsWith("+OK");
      assertThat(client.ask("CAPA")).startsWith("+OK");
      assertThat(multiLine(client)).doesNotContain("USER").contains("SASL SCRAM-SHA-256");
      assertThat(client.ask("USER alice@example.test")).startsWith("-ERR");
      assertThat(client.ask("AUTH PLAIN")).startsWith("-ERR");
    }
  }

  @Test
  void tenErrorsInARowEndIt() {
    try (TestClient client = connect()) {
      for (int i = 1; i < 10; i++) {
        assertThat(client.ask("NONSENSE")).isEqualTo("-ERR no such command");
      }
      assertThat(client.ask("NONSENSE"))
          .isEqualTo("-ERR no such command; too many errors, goodbye");
      assertThat(client.readLine()).isNull();
    }
  }

  private TestListener impatient(Duration login, Duration idle) {
    Pop3Limits limits = new Pop3Limits(login, login.multipliedBy(2), idle);
    return new TestListener(
        Service.POP3,
        () ->
            new Pop3Session(
                limits,
                mailboxes,
                authenticator,
                new SaslLogin(authenticator, random, true),
                EventSink.NONE));
  }

  @Test
  void silentClients() {
    String late = "-ERR [SYS/TEMP] nothing came for too long";
    try (TestListener hasty = impatient(Duration.ofMillis(300), Duration.ofSeconds(20));
        TestClient client = hasty.connect()) {
      client.readLine();
      assertThat(client.readLine()).isEqualTo(late);
      assertThat(client.readLine()).isNull();
    }
    try (TestListener hasty = impatient(Duration.ofSeconds(20), Duration.ofMillis(300));
        TestClient client = hasty.connect()) {
      client.readLine();
      client.ask("USER alice@example.test");
      assertThat(client.ask("PASS secret")).startsWith("+OK 2");
      assertThat(client.readLine()).isEqualTo(late);
      assertThat(client.readLine()).isNull();
    }
  }

  @Test
  void slowClients() {
    try (TestListener hasty = impatient(Duration.ofMillis(300), Duration.ofSeconds(20));
        TestClient client = hasty.connect()) {
      client.readLine();
      CompletableFuture<Void> drip = client.drip("x");
      assertThat(client.readLine()).isEqualTo("-ERR [SYS/TEMP] nothing came for too long");
      client.hangUp();
      drip.join();
    }
    try (TestListener hasty = impatient(Duration.ofMillis(300), Duration.ofSeconds(20));
        TestClient client = hasty.connect()) {
      client.readLine();
      // Whole commands, but none that leads to a login.
      CompletableFuture<Void> drip = client.drip("CAPA\r\n");
      String line = client.readLine();
      while (line != null && !line.startsWith("-ERR")) {
        line = client.readLine();
      }
      assertThat(line).isEqualTo("-ERR [SYS/TEMP] nothing came for too long");
      client.hangUp();
      drip.join();
    }
  }

  @Test
  void fiveFailedLogins() {
    try (TestClient client = connect()) {
      for (int i = 0; i < 5; i++) {
        client.ask("USER alice@example.test");
        assertThat(client.ask("PASS wrong")).startsWith("-ERR [AUTH]");
      }
      assertThat(client.readLine()).isNull();
    }
  }

  @Test
  void tenThousandUnknownCommands() {
    try (TestClient client = login()) {
      client.send("NONSENSE\r\nNOOP\r\n".repeat(10_000));
      for (int i = 1; i < 1_000; i++) {
        assertThat(client.readLine()).isEqualTo("-ERR no such command");
        assertThat(client.readLine()).isEqualTo("+OK");
      }
      assertThat(client.readLine()).endsWith("too many errors, goodbye");
      assertThat(client.readLine()).isNull();
    }
  }

  @Test
  void halfACommandHoldsNoReplyBack() {
    try (TestClient client = login()) {
      assertThat(client.send("STAT\r\nST").readLine()).startsWith("+OK 2");
      assertThat(client.send("AT\r\n").readLine()).startsWith("+OK 2");
    }
  }

  @Test
  void longPipelines() {
    try (TestClient client = login()) {
      client.send("NOOP\r\n".repeat(10_000));
      for (int i = 0; i < 10_000; i++) {
        assertThat(client.readLine()).isEqualTo("+OK");
      }
    }
  }

  @Test
  void anEndlessLineIsRefused() {
    try (TestClient client = connect()) {
      assertThat(client.ask("USER " + "x".repeat(20_000))).startsWith("-ERR");
    }
    try (TestClient client = connect()) {
      client.send("x".repeat(400_000));
      assertThat(client.readLine()).isEqualTo("-ERR the line is too long");
      assertThat(client.readLine()).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aDamagedDialogueHarmsNobody(long seed) throws IOException {
    SplittableRandom chance = new SplittableRandom(seed);
    List<String> commands =
        List.of(
            "CAPA",
            "USER alice@example.test",
            "PASS secret",
            "STAT",
            "LIST",
            "UIDL",
            "TOP 1 1",
            "RETR 2",
            "DELE 1",
            "RSET",
            "NOOP",
            "AUTH PLAIN",
            "*",
            "QUIT",
            "");
    String dialogue = String.join("\r\n", commands);
    for (int i = 0; i < 20; i++) {
      byte[] octets = dialogue.getBytes(StandardCharsets.UTF_8);
      for (int j = chance.nextInt(4); j >= 0; j--) {
        octets[chance.nextInt(octets.length)] = (byte) chance.nextInt(256);
      }
      try (TestClient client = connect()) {
        client.out().write(octets);
        client.out().flush();
        client.socket().shutdownOutput();
        client.in().readAllBytes();
      }
    }
  }
}
