package org.everpost.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.everpost.server.net.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mail from programs on our machines: one reply for each recipient (RFC 2033). */
class LmtpTest {

  private static final String MESSAGE = "Subject: hello\r\n\r\nA line\r\n";

  private final SmtpHouse house = new SmtpHouse();

  @AfterEach
  void close() {
    house.close();
  }

  private SmtpClient greeted() {
    return house.connect(Service.LMTP).ask("LHLO client.example", "250-");
  }

  @Test
  void onlyLhloIsKnown() {
    try (SmtpClient client = house.connect(Service.LMTP)) {
      client.ask("EHLO x", "500 5.5.1").ask("HELO x", "500 5.5.1");
      client.ask("MAIL FROM:<>", "503 5.5.1").ask("LHLO x", "250-mx.example.test");
    }
  }

  @Test
  void aReplyForEachRecipientInTheirOrder() {
    try (SmtpClient client = greeted()) {
      client.mail("a@b.test", "alice@example.test", "tiny@example.test", "team@example.test");
      client.ask("RCPT TO:<nobody@example.test>", "550 5.1.1");
      assertThat(client.data("S: x\r\n\r\n" + "x".repeat(20_000) + "\r\n")).startsWith("250 2.0.0");
      client.expect("552 5.2.2").expect("250 2.0.0").ask("NOOP", "250");
    }
    assertThat(house.inbox("alice@example.test"))
        .singleElement()
        .asString()
        .contains("Return-Path: <a@b.test>", " with LMTP id ");
    assertThat(house.inbox("bob@example.test")).hasSize(1);
    assertThat(house.inbox("tiny@example.test")).isEmpty();
  }

  @Test
  void anAliasIsAsGoodAsItsWorstTarget() {
    try (SmtpClient client = greeted()) {
      client.mail("a@b.test", "team@example.test", "bob@example.test");
      house.failingDeliveries.set(1);
      assertThat(client.data(MESSAGE)).startsWith("451 4.3.0");
      client.expect("250 2.0.0");
    }
    assertThat(house.inbox("alice@example.test")).isEmpty();
    assertThat(house.inbox("bob@example.test")).hasSize(1);
  }

  @Test
  void whatIsRefusedIsRefusedForEach() {
    try (SmtpClient client = greeted()) {
      client.mail("a@b.test", "alice@example.test", "bob@example.test");
      client.ask("DATA", "354").send("x\ny\r\n.\r\n");
      client.expect("550 5.5.2").expect("550 5.5.2").ask("NOOP", "250");
      client.mail("a@b.test", "alice@example.test", "bob@example.test");
      client.send("BDAT 3 LAST\r\nx\ny").expect("550 5.5.2").expect("550 5.5.2");
      client.ask("NOOP", "250").mail("a@b.test", "alice@example.test", "bob@example.test");
      client.send("BDAT 5 LAST\r\nx\r\n\r\n").expect("250 2.0.0").expect("250 2.0.0");
    }
  }

  @Test
  void noRecipientsNoData() {
    try (SmtpClient client = greeted()) {
      client.ask("MAIL FROM:<>", "250").ask("DATA", "503 5.5.1").ask("RCPT TO:<x@y.test>", "550");
      client.ask("DATA", "554 5.5.1");
    }
  }
}
