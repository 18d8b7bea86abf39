package org.everpost.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.everpost.core.config.Config;
import org.everpost.core.directory.SendingShare;
import org.everpost.core.event.SmtpEvent;
import org.everpost.server.net.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much one account may send elsewhere. */
class SendingLimitTest {

  private static final String MESSAGE = "From: alice@example.test\r\n\r\nHi\r\n";
  private static final String WHEN = ", go on at 2[0-9]{3}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} UTC";

  private final SmtpHouse house = new SmtpHouse(new Config.Sending(3, 10, 0, 0, 0, false));

  @AfterEach
  void close() {
    house.close();
  }

  private SmtpClient alice(String from) {
    String login = "\0alice@example.test\0" + SmtpHouse.PASSWORD;
    byte[] octets = login.getBytes(StandardCharsets.UTF_8);
    return house
        .connectFrom(from, Service.SUBMISSIONS)
        .ask("EHLO c", "250-")
        .ask("AUTH PLAIN " + Base64.getEncoder().encodeToString(octets), "235 2.7.0");
  }

  private static String[] elsewhere(int count) {
    String[] recipients = new String[count];
    for (int i = 0; i < count; i++) {
      recipients[i] = "r" + i + "@elsewhere.test";
    }
    return recipients;
  }

  private static void send(SmtpClient client, String... recipients) {
    client.mail("alice@example.test", recipients);
    assertThat(client.data(MESSAGE)).startsWith("250 2.0.0");
  }

  @Test
  void soManyMessages() {
    try (SmtpClient client = alice("127.0.0.2")) {
      for (int i = 0; i < 3; i++) {
        send(client, "someone@elsewhere.test");
      }
      client.mail("alice@example.test");
      assertThat(client.ask("RCPT TO:<someone@elsewhere.test>"))
          .matches("452 4\\.7\\.1 Your limit of 3 messages an hour is reached" + WHEN);
      client.ask("RCPT TO:<away@example.test>", "452 4.7.1");
      client.ask("RCPT TO:<bob@example.test>", "250 2.1.5");
      assertThat(client.data(MESSAGE)).as("to others here").startsWith("250 2.0.0");
    }
    assertThat(house.departures.all()).hasSize(3);
    assertThat(house.inbox("bob@example.test")).hasSize(1);
    assertThat(house.events(SmtpEvent.Rejected.class))
        .filteredOn(event -> event.code() == 452)
        .hasSize(2);
  }

  @Test
  void soManyRecipients() {
    try (SmtpClient client = alice("127.0.0.2")) {
      send(client, elsewhere(8));
      client.mail("alice@example.test", "a@elsewhere.test", "away@example.test");
      assertThat(client.ask("RCPT TO:<b@elsewhere.test>"))
          .matches("452 4\\.7\\.1 Your limit of 10 recipients an hour is reached" + WHEN);
      assertThat(client.data(MESSAGE)).as("to those it has").startsWith("250 2.0.0");
      client.mail("alice@example.test").ask("RCPT TO:<c@elsewhere.test>", "452 4.7.1");
    }
  }

  @Test
  void whatWasNotAcceptedDoesNotCount() {
    try (SmtpClient client = alice("127.0.0.2")) {
      send(client, elsewhere(5));
      house.departures.failing.set(1);
      client.mail("alice@example.test", elsewhere(5));
      assertThat(client.data(MESSAGE)).startsWith("451 4.3.0");
      client.mail("alice@example.test", elsewhere(5)).ask("RSET", "250");
      send(client, elsewhere(5));
      client.mail("alice@example.test").ask("RCPT TO:<c@elsewhere.test>", "452 4.7.1");
    }
  }

  /** Each may have been within the limit when its recipients were named. */
  @Test
  void manySessionsAtOnceDoNotGetMore() {
    try (SmtpClient one = alice("127.0.0.2");
        SmtpClient other = alice("127.0.0.3")) {
      one.mail("alice@example.test", elsewhere(6)).ask("RCPT TO:<bob@example.test>", "250");
      other.mail("alice@example.test", elsewhere(6)).ask("RCPT TO:<bob@example.test>", "250");
      assertThat(one.data(MESSAGE)).startsWith("250 2.0.0");
      assertThat(other.data(MESSAGE)).startsWith("452 4.7.1 Your limit of 10 recipients an hour");
    }
    assertThat(house.departures.all()).hasSize(1);
    assertThat(house.inbox("bob@example.test")).hasSize(1);
  }

  /** Each with its own share: alice's does not matter to others, nor to what is forwarded. */
  @Test
  void limitsAreOfOneAccount() {
    house.directory.setSending(house.account("alice@example.test"), new SendingShare.Percent(200));
    try (SmtpClient client = alice("127.0.0.2")) {
      send(client, elsewhere(20));
      client.mail("alice@example.test").ask("RCPT TO:<c@elsewhere.test>", "452 4.7.1");
    }
    try (SmtpClient client = house.connectFrom("127.0.0.2", Service.SMTP)) {
      for (int i = 0; i < 5; i++) {
        client.ask("EHLO c", "250-").mail("x@elsewhere.test", "away@example.test");
        assertThat(client.data(MESSAGE)).startsWith("250 2.0.0");
      }
    }
    house.directory.setSending(house.account("alice@example.test"), new SendingShare.Unlimited());
    try (SmtpClient client = alice("127.0.0.2")) {
      send(client, elsewhere(20));
    }
  }

  @Test
  void whoIsOnThisMachineHasNone() {
    try (SmtpClient client = alice("127.0.0.1")) {
      for (int i = 0; i < 5; i++) {
        send(client, elsewhere(20));
      }
    }
    try (SmtpClient client = alice("127.0.0.2")) {
      send(client, elsewhere(10));
    }
  }

  /** A message counts once, however many of its recipients are too many. */
  @Test
  void whoGoesOnAllTheSameHasHisQueueHeld() {
    try (SmtpClient client = alice("127.0.0.2")) {
      send(client, elsewhere(10));
      for (int i = 0; i < 25; i++) {
        assertThat(house.held).hasSize(i < 20 ? 0 : 1);
        client.mail("alice@example.test");
        client.ask("RCPT TO:<someone@elsewhere.test>", "452 4.7.1");
        client.ask("RCPT TO:<other@elsewhere.test>", "452 4.7.1").ask("RSET", "250");
      }
    }
    assertThat(house.held)
        .containsExactly(
            "alice@example.test: The account tried to send far more than 10 recipients an hour,"
                + " its limit");
  }
}
