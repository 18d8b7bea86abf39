package org.everpost.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.everpost.core.event.ConnectionEvent;
import org.everpost.core.event.SmtpEvent;
import org.everpost.core.time.RandomSource;
import org.everpost.server.guard.Guard;
import org.everpost.server.guard.TestGuard;
import org.everpost.server.net.Service;
import org.everpost.server.relay.StillClock;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions of peers nobody knows: what mail servers never do ends them. */
class StrangersTest {

  private static final String STRANGER = "127.0.0.9";
  private static final String GREETING = "220-mx.example.test ESMTP\n220 mx.example.test ESMTP";
  private static final String MESSAGE = "Subject: hello\r\n\r\nhello\r\n";

  private final StillClock clock = new StillClock();
  private final MemoryStore store = new MemoryStore(clock, RandomSource.seeded(1));
  private final Guard guard =
      TestGuard.strict(
          Duration.ofMillis(300),
          Duration.ofMinutes(2),
          Set.of(EmailAddress.of("bob@example.test")),
          store,
          clock);
  private final SmtpHouse house = new SmtpHouse(guard);

  @AfterEach
  void close() {
    house.close();
    assertThat(house.events(ConnectionEvent.SessionFailed.class)).isEmpty();
  }

  private SmtpClient connect(String from) {
    return SmtpClient.connect(house.listener(Service.SMTP).address(), from);
  }

  /** One who waited for the whole greeting. */
  private SmtpClient patient(String from) {
    SmtpClient client = connect(from);
    assertThat(client.reply()).isEqualTo(GREETING);
    return client;
  }

  private SmtpClient greeted(String from) {
    return patient(from).ask("EHLO mx.there.test", "250-mx.example.test");
  }

  private static void assertEnds(SmtpClient client, String reply) {
    client.expect(reply);
    assertThat(client.reply()).isEqualTo(SmtpClient.CLOSED);
  }

  private void assertRefused(String from) {
    try (SmtpClient again = connect(from)) {
      again.send("QUIT\r\n".repeat(60));
      assertEnds(again, "421 4.7.0");
    }
  }

  /** Brings a message for alice after the greylist's rest. */
  private void becomeGood(String from) {
    try (SmtpClient client = greeted(from)) {
      client.ask("MAIL FROM:<a@there.test>", "250 ").ask("RCPT TO:<alice@example.test>", "451 ");
      clock.advance(Duration.ofMinutes(2));
      client.ask("RCPT TO:<alice@example.test>", "250 ");
      assertThat(client.data(MESSAGE)).startsWith("250 2.0.0");
    }
  }

  @Test
  void whoeverSpeaksFirstIsSentAway() {
    try (SmtpClient client = connect(STRANGER)) {
      client.send("EHLO mx.there.test\r\n");
      assertThat(client.reply())
          .isEqualTo("220-mx.example.test ESMTP\n554 5.5.1 You spoke before you were greeted");
      assertThat(client.reply()).isEqualTo(SmtpClient.CLOSED);
    }
    assertRefused(STRANGER);
  }

  @Test
  void whoeverSpeaksHttpOrTlsIsSentAway() {
    try (SmtpClient client = patient("127.0.0.10")) {
      client.send("GET / HTTP/1.1\r\nHost: mx.example.test\r\n\r\n");
      assertEnds(client, "554 5.5.1 This is SMTP");
    }
    try (SmtpClient client = patient("127.0.0.11")) {
      client.send("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\r\n");
      assertEnds(client, "554 5.5.1 This is SMTP");
    }
    try (SmtpClient client = patient("127.0.0.12")) {
      client.send("GET / HTTP/1.0\n\n");
      assertEnds(client, "554 5.5.1 This is SMTP");
    }
    try (SmtpClient client = patient("127.0.0.13")) {
      client.send("\u0016\u0003\u0001\u0002\0\u0001\0\n\u00fc\u0003\u0003");
      assertEnds(client, "554 5.5.1 This is SMTP");
    }
    assertThat(house.events(SmtpEvent.Rejected.class)).hasSize(4);
    for (int host = 10; host <= 13; host++) {
      assertRefused("127.0.0." + host);
    }
  }

  @Test
  void whoeverDoesNotWaitForTheReplyToEhloIsSentAway() {
    try (SmtpClient client = patient(STRANGER)) {
      client.send("EHLO mx.there.test\r\nMAIL FROM:<a@there.test>\r\n");
      assertEnds(client, "554 5.5.1 You did not wait");
    }
    assertRefused(STRANGER);
  }

  @Test
  void whoeverDoesNotWaitForTheReplyToDataIsSentAway() {
    try (SmtpClient client = greeted(STRANGER)) {
      client.send("MAIL FROM:<a@there.test>\r\nRCPT TO:<alice@example.test>\r\nNOOP\r\n");
      client.expect("250 ").expect("451 ").expect("250 ");
      client.send("DATA\r\n" + MESSAGE + ".\r\n");
      assertEnds(client, "554 5.5.1 You did not wait");
    }
    assertThat(house.inbox("alice@example.test")).isEmpty();
  }

  @Test
  void afterHeloNothingMayBePipelined() {
    try (SmtpClient client = patient(STRANGER)) {
      client.ask("HELO mx.there.test", "250 ");
      client.send("MAIL FROM:<a@there.test>\r\nRCPT TO:<alice@example.test>\r\n");
      assertEnds(client, "554 5.5.1 You did not wait");
    }
  }

  @Test
  void whoeverTakesOurNameIsTold() {
    int host = 0;
    for (String name : new String[] {"mx.example.test", "MX.Example.TEST", "[127.0.0.1]"}) {
      try (SmtpClient client = patient("127.0.1." + ++host)) {
        client.ask("HELO " + name, "550 5.7.1 That is not your name");
        client.ask("EHLO mx.there.test", "250-");
        client.ask("EHLO " + name, "550 5.7.1 That is not your name");
        client.expect("421 4.7.0");
        assertThat(client.reply()).isEqualTo(SmtpClient.CLOSED);
      }
    }
  }

  @Test
  void whoeverDoesNothingForLongIsSentAway() {
    try (SmtpClient client = greeted(STRANGER)) {
      for (int i = 0; i < 19; i++) {
        client.ask("NOOP", "250 ");
      }
      client.send("NOOP\r\n");
      assertEnds(client, "421 4.7.0 You did nothing here");
    }
  }

  @Test
  void whoeverHasToComeAgainWithManyMessagesMayTryThemAll() {
    try (SmtpClient client = greeted(STRANGER)) {
      for (int i = 0; i < 20; i++) {
        client.ask("MAIL FROM:<a@there" + i + ".test>", "250 ");
        client.ask("RCPT TO:<alice@example.test>", "451 4.7.1").ask("RSET", "250 ");
      }
    }
  }

  @Test
  void whoeverGivesUpMessageAfterMessageIsSentAway() {
    try (SmtpClient client = greeted(STRANGER)) {
      client.ask("MAIL FROM:<a@there.test>", "250 ").ask("RCPT TO:<alice@example.test>", "451 ");
      clock.advance(Duration.ofMinutes(2));
      client.ask("RSET", "250 ");
      for (int i = 1; i < 100; i++) {
        client.ask("MAIL FROM:<a@there.test>", "250 ");
        client.ask("RCPT TO:<alice@example.test>", "250 ").ask("RSET", "250 ");
      }
      client.ask("MAIL FROM:<a@there.test>", "250 ").ask("RCPT TO:<alice@example.test>", "250 ");
      client.send("RSET\r\n");
      assertEnds(client, "421 4.7.0 You did nothing here");
    }
  }

  @Test
  void whoeverGuessesRecipientsIsSentAway() {
    try (SmtpClient client = greeted(STRANGER)) {
      client.ask("MAIL FROM:<a@there.test>", "250 ");
      for (int i = 0; i < 19; i++) {
        client.ask("RCPT TO:<guess" + i + "@example.test>", "550 5.1.1");
      }
      client.ask("RCPT TO:<guess19@example.test>", "550 5.1.1");
      assertEnds(client, "421 4.7.0 Too many errors");
    }
    assertRefused(STRANGER);
  }

  @Test
  void whoeverMayWriteToNobodyCannotAskForEver() {
    try (SmtpClient client = greeted(STRANGER)) {
      client.ask("MAIL FROM:<a@there.test>", "250 ");
      for (int i = 0; i < 20; i++) {
        client.ask("RCPT TO:<alice+" + i + "@example.test>", "451 4.7.1");
      }
      client.ask("RCPT TO:<alice@example.test>", "451 4.7.1");
      assertEnds(client, "421 4.7.0 Too many errors");
    }
    clock.advance(Duration.ofMinutes(2));
    try (SmtpClient again = SmtpClient.connect(address(), STRANGER, false)) {
      again.ask("QUIT", "221 "); // it did nothing that a mail server does not do
    }
  }

  @Test
  void aTrapLooksLikeAnyRecipient() {
    try (SmtpClient client = greeted(STRANGER)) {
      client.mail("a@there.test", "bob@example.test");
      assertThat(client.data(MESSAGE)).startsWith("250 2.0.0");
    }
    assertThat(house.inbox("bob@example.test")).hasSize(1);
    assertRefused(STRANGER);
  }

  @Test
  void aStrangerHasToComeAgain() {
    try (SmtpClient client = greeted(STRANGER)) {
      client.ask("MAIL FROM:<a@there.test>", "250 ");
      client.ask(
          "RCPT TO:<alice@example.test>",
          "451 4.7.1 We do not know you yet: try again in 121 seconds");
    }
    clock.advance(Duration.ofMinutes(1));
    try (SmtpClient client = SmtpClient.connect(address(), STRANGER, false)) {
      client.ask("EHLO mx.there.test", "250-").ask("MAIL FROM:<a@there.test>", "250 ");
      client.ask("RCPT TO:<alice@example.test>", "451 4.7.1");
      clock.advance(Duration.ofMinutes(1));
      client.ask("RCPT TO:<alice@example.test>", "250 2.1.5");
      assertThat(client.data(MESSAGE)).startsWith("250 2.0.0");
    }
    assertThat(house.inbox("alice@example.test")).hasSize(1);
  }

  @Test
  void aNotificationForAnAddressThatWasRewrittenIsNoWayAroundThat() {
    Path sender = new Path.Address(EmailAddress.of("a@there.test"));
    Path ours = house.returns.forwarded(sender, DomainName.of("example.test"));
    String recipient = ours.toString().replaceAll("[<>]", "");
    try (SmtpClient client = greeted(STRANGER)) {
      client.ask("MAIL FROM:<>", "250 ").ask("RCPT TO:<" + recipient + ">", "451 4.7.1");
      clock.advance(Duration.ofMinutes(2));
      client.ask("RCPT TO:<" + recipient + ">", "250 2.1.5");
    }
  }

  private InetSocketAddress address() {
    return house.listener(Service.SMTP).address();
  }

  @Test
  void whoeverBroughtMailIsNeitherPausedNorAskedToComeAgain() {
    becomeGood(STRANGER);
    clock.advance(Duration.ofHours(10));
    try (SmtpClient client = connect(STRANGER)) {
      // All at once, and before the greeting: it may be in a hurry now.
      client.send(
          """
          EHLO mx.there.test\r
          MAIL FROM:<c@other.test>\r
          RCPT TO:<tiny@example.test>\r
          DATA\r
          """);
      client.expect("220 mx.example.test").expect("250-").expect("250 ").expect("250 ");
      client.expect("354 ").send(MESSAGE + ".\r\n").expect("250 2.0.0");
    }
    assertThat(house.inbox("tiny@example.test")).hasSize(1);
  }

  @Test
  void whoeverIsGoodIsKnownAfterTheNextStartAndToOtherNodes() throws InterruptedException {
    Thread writer = TestGuard.writer(guard);
    becomeGood(STRANGER);
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    Guard other =
        TestGuard.strict(Duration.ofSeconds(30), Duration.ofMinutes(2), Set.of(), store, clock);
    try (SmtpHouse restarted = new SmtpHouse(other)) {
      boolean known = false;
      while (!known) {
        assertThat(System.nanoTime()).isLessThan(until);
        try (SmtpClient client =
            SmtpClient.connect(restarted.listener(Service.SMTP).address(), STRANGER)) {
          byte[] first = client.raw().in().readNBytes(4);
          known = new String(first, StandardCharsets.US_ASCII).equals("220 ");
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      }
    } finally {
      writer.interrupt();
    }
    assertThat(writer.join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void thisMachineMayDoWhatItLikes() {
    try (SmtpClient client = house.connect(Service.SMTP)) {
      client.send("HELO mx.example.test\r\nMAIL FROM:<a@there.test>\r\nNOOP\r\n");
      client.expect("250 ").expect("250 ").expect("250 ");
      client.ask("RCPT TO:<alice@example.test>", "250 2.1.5");
    }
  }
}
