package org.everpost.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.everpost.core.event.ConnectionEvent;
import org.everpost.server.net.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that do what they should not: each is told so once, and then they are gone. */
class HostileClientTest {

  private SmtpHouse house = new SmtpHouse();

  @AfterEach
  void close() {
    house.close();
    assertThat(house.events(ConnectionEvent.SessionFailed.class)).isEmpty();
  }

  private SmtpClient greeted(String from) {
    return house.connectFrom(from, Service.SMTP).ask("EHLO c", "250-");
  }

  private static SmtpLimits impatient(Duration command, Duration data, Duration session) {
    return impatient(command, data, data, session);
  }

  private static SmtpLimits impatient(
      Duration command, Duration data, Duration message, Duration session) {
    SmtpLimits limits = SmtpHouse.LIMITS;
    return new SmtpLimits(
        limits.messageSize(),
        limits.recipients(),
        limits.messages(),
        command,
        data,
        message,
        limits.redelivery(),
        session,
        limits.errorsInARow(),
        limits.errors(),
        limits.refusedRecipients());
  }

  private void restart(SmtpLimits limits) {
    house.close();
    house = new SmtpHouse(limits);
  }

  /** Sends what nobody may want to read any more. */
  private static void flood(SmtpClient client, String text, int times) {
    try {
      for (int i = 0; i < times; i++) {
        client.send(text);
      }
    } catch (UncheckedIOException e) {
      assertThat(e.getCause()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void tenThousandUnknownCommands() {
    try (SmtpClient client = greeted("127.0.0.1")) {
      flood(client, "BOGUS\r\n".repeat(1_000), 10);
      for (int i = 0; i < SmtpHouse.LIMITS.errorsInARow(); i++) {
        client.expect("500 5.5.2");
      }
      client.expect("421 4.7.0");
      assertThat(client.reply()).isEqualTo(SmtpClient.CLOSED);
    }
  }

  @Test
  void errorsNowAndThen() {
    try (SmtpClient client = greeted("127.0.0.1")) {
      for (int i = 1; i < SmtpHouse.LIMITS.errors(); i++) {
        client.ask("BOGUS", "500").ask("NOOP", "250");
      }
      client.ask("DATA", "503").expect("421 4.7.0");
      assertThat(client.reply()).isEqualTo(SmtpClient.CLOSED);
    }
  }

  @Test
  void longAndEndlessLines() {
    try (SmtpClient client = greeted("127.0.0.1")) {
      client.ask("NOOP " + "x".repeat(2_000), "250").ask("NOOP " + "x".repeat(2_044), "500 5.5.2");
      client.ask("NOOP " + "x".repeat(200_000), "500 5.5.2").ask("NOOP", "250");
      flood(client, "x".repeat(100_000), 20);
      client.expect("500 5.5.2");
      assertThat(client.reply()).isEqualTo(SmtpClient.CLOSED);
    }
  }

  @Test
  void guessingAddresses() {
    try (SmtpClient client = greeted("127.0.0.2")) {
      client.ask("MAIL FROM:<a@b.test>", "250");
      for (int i = 1; i < 20; i++) { // half a point each
        client.ask("RCPT TO:<guess" + i + "@example.test>", "550 5.1.1");
      }
      client.ask("RCPT TO:<last@example.test>", "550 5.1.1").expect("421 4.7.0");
    }
    try (SmtpClient client = greeted("127.0.0.1")) {
      client.ask("MAIL FROM:<a@b.test>", "250");
      for (int i = 0; i < 2 * SmtpHouse.LIMITS.refusedRecipients(); i++) {
        client.ask("RCPT TO:<guess" + i + "@example.test>", "550 5.1.1");
      }
    }
  }

  @Test
  void tooManyRecipients() {
    try (SmtpClient client = greeted("127.0.0.2")) {
      client.ask("MAIL FROM:<a@b.test>", "250");
      for (int i = 0; i < SmtpHouse.LIMITS.recipients(); i++) {
        client.ask("RCPT TO:<alice+" + i + "@example.test>", "250");
      }
      client.ask("RCPT TO:<bob@example.test>", "452 4.5.3");
      assertThat(client.data("S: x\r\n\r\n")).startsWith("250");
    }
    assertThat(house.inbox("alice@example.test")).hasSize(1);
  }

  @Test
  void tooManyMessages() {
    try (SmtpClient client = greeted("127.0.0.2")) {
      for (int i = 0; i < SmtpHouse.LIMITS.messages(); i++) {
        client.mail("a@b.test", "alice@example.test");
        assertThat(client.data("S: x\r\n\r\n")).startsWith("250");
      }
      client.ask("MAIL FROM:<a@b.test>", "421 4.7.0");
      assertThat(client.reply()).isEqualTo(SmtpClient.CLOSED);
    }
  }

  @Test
  void silentClients() {
    restart(impatient(Duration.ofMillis(200), Duration.ofMillis(200), Duration.ofSeconds(60)));
    try (SmtpClient client = greeted("127.0.0.1")) {
      client.expect("421 4.4.2");
      assertThat(client.reply()).isEqualTo(SmtpClient.CLOSED);
    }
    try (SmtpClient client = greeted("127.0.0.1").mail("a@b.test", "alice@example.test")) {
      client.ask("DATA", "354").send("S: x\r\n").expect("421 4.4.2");
    }
    try (SmtpClient client = greeted("127.0.0.1").mail("a@b.test", "alice@example.test")) {
      client.send("BDAT 10\r\nS: x\r\n").expect("421 4.4.2");
    }
    try (SmtpClient client = greeted("127.0.0.1").mail("a@b.test", "alice@example.test")) {
      client.send("BDAT 2\r\n\r\n").expect("250").expect("421 4.4.2");
    }
    try (SmtpClient client = greeted("127.0.0.1").send("NOO")) {
      client.expect("421 4.4.2");
    }
    assertThat(house.received).hasValue(0);
  }

  @Test
  void slowClients() {
    restart(
        impatient(
            Duration.ofMillis(300),
            Duration.ofSeconds(20),
            Duration.ofMillis(300),
            Duration.ofSeconds(60)));
    for (String begun : new String[] {"NOOP ", "DATA\r\n", "BDAT 100000\r\n"}) {
      try (SmtpClient client = greeted("127.0.0.1").mail("a@b.test", "alice@example.test")) {
        client.send(begun);
        if (begun.startsWith("DATA")) {
          client.expect("354");
        }
        CompletableFuture<Void> drip = client.raw().drip("x");
        client.expect("421 4.4.2");
        client.raw().hangUp();
        drip.join();
      }
    }
    assertThat(house.received).hasValue(0);
  }

  @Test
  void tenThousandRecipients() {
    try (SmtpClient client = greeted("127.0.0.2").ask("MAIL FROM:<a@b.test>", "250")) {
      client.send("RCPT TO:<alice@example.test>\r\n".repeat(10_000));
      for (int i = 0; i < 10_000; i++) {
        client.expect(i < SmtpHouse.LIMITS.recipients() ? "250 2.1.5" : "452 4.5.3");
      }
      assertThat(client.data("S: x\r\n\r\n")).startsWith("250");
    }
    assertThat(house.inbox("alice@example.test")).hasSize(1);
  }

  @Test
  void halfACommandHoldsNoReplyBack() {
    try (SmtpClient client = greeted("127.0.0.1")) {
      client.send("NOOP\r\nNO").expect("250").send("OP\r\n").expect("250");
    }
  }

  @Test
  void longPipelines() {
    try (SmtpClient client = greeted("127.0.0.1")) {
      client.send("NOOP\r\n".repeat(10_000));
      for (int i = 0; i < 10_000; i++) {
        client.expect("250 2.0.0");
      }
    }
  }

  @Test
  void whoNeverGoes() {
    restart(impatient(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofMillis(300)));
    try (SmtpClient client = greeted("127.0.0.1")) {
      String reply = client.ask("NOOP");
      while (reply.startsWith("250")) {
        reply = client.ask("NOOP");
      }
      assertThat(reply).startsWith("421 4.");
    }
  }

  @Test
  void aServerThatStopsSaysSo() {
    try (SmtpClient client = greeted("127.0.0.1")) {
      house.listener(Service.SMTP).listeners().drain(Duration.ofSeconds(5));
      client.expect("421 4.3.2");
      assertThat(client.reply()).isEqualTo(SmtpClient.CLOSED);
    }
  }

  @Test
  void messagesFarTooLarge() {
    try (SmtpClient client = greeted("127.0.0.1").mail("a@b.test", "alice@example.test")) {
      client.ask("DATA", "354");
      String line = "x".repeat(998) + "\r\n";
      flood(client, line.repeat(1_000), 3);
      client.send(".\r\n").expect("552 5.3.4").ask("NOOP", "250");
    }
    assertThat(house.received).hasValue(0);
  }

  @Test
  void oneHugeLineIsAMessage() {
    try (SmtpClient client = greeted("127.0.0.1").mail("a@b.test", "alice@example.test")) {
      assertThat(client.data("x".repeat(900_000) + "\r\n")).startsWith("250");
    }
    assertThat(house.inbox("alice@example.test").getFirst()).endsWith("x".repeat(900_000) + "\r\n");
  }
}
