package org.everpost.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.everpost.core.event.SmtpEvent;
import org.everpost.server.net.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mail from other servers. */
class MxTest {

  private static final String MESSAGE = "Subject: hello\r\n\r\nA line\r\n.\r\n..\r\n";

  private final SmtpHouse house = new SmtpHouse();

  @AfterEach
  void close() {
    house.close();
  }

  private SmtpClient greeted() {
    return house.connect(Service.SMTP).ask("EHLO client.example", "250-");
  }

  @Test
  void aMessageArrivesWithItsTrace() {
    try (SmtpClient client = greeted()) {
      client.mail("a@sender.test", "alice@example.test");
      assertThat(client.data(MESSAGE)).startsWith("250 2.0.0 Stored as ");
      client.ask("QUIT", "221 2.0.0");
      assertThat(client.reply()).isEqualTo(SmtpClient.CLOSED);
    }
    assertThat(house.inbox("alice@example.test"))
        .singleElement()
        .asString()
        .matches(
            String.join(
                "\r\n",
                "(?s)Return-Path: <a@sender\\.test>",
                "Received: from client\\.example \\(\\[127\\.0\\.0\\.1]\\)",
                "\tby mx\\.example\\.test with ESMTP id [0-9a-v]+\\.1",
                "\tfor <alice@example\\.test>;",
                "\t[A-Z][a-z]{2}, [0-9]{1,2} [A-Z][a-z]{2} 20[0-9]{2} [0-9:]{8} \\+0000",
                Pattern.quote(MESSAGE)));
    assertThat(house.events(SmtpEvent.MessageAccepted.class))
        .singleElement()
        .satisfies(e -> assertThat(e.recipients()).isEqualTo(1));
  }

  @Test
  void ehloTellsWhatCanBeDone() {
    try (SmtpClient client = house.connect(Service.SMTP)) {
      assertThat(client.ask("EHLO me").lines())
          .containsExactly(
              "250-mx.example.test",
              "250-PIPELINING",
              "250-SIZE 1000000",
              "250-8BITMIME",
              "250-SMTPUTF8",
              "250-ENHANCEDSTATUSCODES",
              "250-CHUNKING",
              "250-BINARYMIME",
              "250-DSN",
              "250-LIMITS RCPTMAX=100",
              "250 STARTTLS");
      client.startTls();
      assertThat(client.ask("EHLO me")).doesNotContain("STARTTLS").doesNotContain("AUTH");
      assertThat(client.ask("STARTTLS")).startsWith("503 5.5.1");
      assertThat(client.ask("HELO me")).isEqualTo("250 mx.example.test");
      assertThat(client.ask("LHLO me")).startsWith("500 5.5.1");
      assertThat(client.ask("AUTH PLAIN AGEAYg==")).startsWith("502 5.5.1");
    }
    try (SmtpClient client = house.connectFrom("127.0.0.2", Service.SMTP)) {
      assertThat(client.ask("EHLO me")).contains("250-LIMITS MAILMAX=20 RCPTMAX=100");
    }
  }

  @Test
  void theProtocolInReceivedIsTheOneSpoken() {
    try (SmtpClient client = greeted()) {
      client.startTls().ask("EHLO c", "250-").mail("", "alice@example.test").data(MESSAGE);
      client.ask("MAIL FROM:<\u00c3\u00b6@x.test> SMTPUTF8", "250");
      client.ask("RCPT TO:<alice@example.test>", "250");
      client.data(MESSAGE);
      client.ask("HELO c", "250 ").mail("", "alice@example.test").data(MESSAGE);
    }
    assertThat(house.inbox("alice@example.test"))
        .satisfiesExactly(
            m -> assertThat(m).contains(" with ESMTPS id ", "(TLSv1.3 TLS_", "Return-Path: <>\r\n"),
            m -> assertThat(m).contains(" with UTF8SMTPS id ", "Return-Path: <\u00f6@x.test>\r\n"),
            m -> assertThat(m).contains(" with SMTP id "));
  }

  @Test
  void recipientsAreRefusedWhereTheyAreNamed() {
    try (SmtpClient client = greeted()) {
      client
          .ask("MAIL FROM:<a@sender.test>", "250")
          .ask("RCPT TO:<nobody@example.test>", "550 5.1.1")
          .ask("RCPT TO:<bob@elsewhere.test>", "550 5.7.1")
          .ask("RCPT TO:<bob@[127.0.0.1]>", "550 5.1.1 Here addresses have the name of a domain")
          .ask("RCPT TO:<bob@[192.0.2.1]>", "550 5.7.1")
          .ask("RCPT TO:<dora@example.test>", "550 5.2.1")
          .ask("RCPT TO:<j\u00c3\u00b6rg@b\u00c3\u00bccher.test>", "553 5.6.7")
          .ask("DATA", "554 5.5.1")
          .ask("BDAT 6 LAST\r\nNOOP", "554 5.5.1")
          .ask("RCPT TO:<Postmaster>", "250 2.1.5")
          .ask("RCPT TO:<POSTmaster@[127.0.0.1]>", "250 2.1.5")
          .ask("RCPT TO:<TEAM+x@Example.Test>", "250 2.1.5");
    }
    assertThat(house.events(SmtpEvent.Rejected.class)).hasSize(8);
  }

  @Test
  void oneMessageForManyIsStoredOnceAndDeliveredOnceToEach() {
    try (SmtpClient client = greeted()) {
      client.ask("MAIL FROM:<a@sender.test> SMTPUTF8", "250");
      client.ask("RCPT TO:<team@example.test>", "250").ask("RCPT TO:<alice@example.test>", "250");
      client.ask("RCPT TO:<both@example.test>", "250");
      assertThat(client.data(MESSAGE)).startsWith("250");
    }
    assertThat(house.received).hasValue(1);
    assertThat(house.inbox("alice@example.test"))
        .singleElement()
        .asString()
        .doesNotContain("\tfor ");
    assertThat(house.inbox("bob@example.test")).hasSize(1);
    assertThat(house.inbox("j\u00f6rg@b\u00fccher.test")).hasSize(1);
  }

  @Test
  void sizeIsRefusedWhereItIsDeclaredAndWhereItIsReached() {
    try (SmtpClient client = greeted()) {
      client.ask("MAIL FROM:<a@b.test> SIZE=1000001", "552 5.3.4");
      client.ask("MAIL FROM:<a@b.test> SIZE=99999999999999999999", "552 5.3.4");
      client.ask("MAIL FROM:<a@b.test> SIZE=1000000", "250").ask("RSET", "250");
      client.mail("a@b.test", "alice@example.test");
      assertThat(client.data("S: x\r\n\r\n" + "0123456\r\n".repeat(120_000)))
          .startsWith("552 5.3.4");
      client.ask("NOOP", "250");
    }
    assertThat(house.inbox("alice@example.test")).isEmpty();
  }

  @Test
  void aFullMailboxIsRefusedAsEarlyAsPossible() {
    String big = "Subject: x\r\n\r\n" + "x".repeat(8_000) + "\r\n";
    try (SmtpClient client = greeted()) {
      client.ask("MAIL FROM:<a@b.test> SIZE=20000", "250");
      client.ask("RCPT TO:<tiny@example.test>", "552 5.2.2").ask("RSET", "250");
      client.mail("a@b.test", "tiny@example.test");
      assertThat(client.data(big)).startsWith("250");
      client.mail("a@b.test", "tiny@example.test");
      assertThat(client.data(big)).startsWith("452 4.2.2");
      client.mail("a@b.test", "tiny@example.test");
      assertThat(client.data(big + "x\r\n".repeat(5_000))).startsWith("552 5.2.2");
      client.ask("MAIL FROM:<a@b.test> SIZE=8000", "250");
      client.ask("RCPT TO:<tiny@example.test>", "452 4.2.2").ask("RSET", "250");
      client.mail("a@b.test", "tiny@example.test", "alice@example.test");
      assertThat(client.data(big)).startsWith("250");
    }
    assertThat(house.inbox("tiny@example.test")).hasSize(2);
    assertThat(house.inbox("alice@example.test")).hasSize(1);
  }

  @Test
  void loopsAreCut() {
    try (SmtpClient client = greeted()) {
      client.mail("a@b.test", "alice@example.test");
      assertThat(client.data("Received: x\r\n".repeat(101) + "\r\nx\r\n")).startsWith("554 5.4.6");
      client.mail("a@b.test", "alice@example.test");
      assertThat(client.data("Received : x\r\n".repeat(100) + "\r\nReceived: x\r\n"))
          .startsWith("250");
    }
  }

  @Test
  void whatTheStoreCannotDoNowIsTemporary() {
    try (SmtpClient client = greeted()) {
      house.failingLookups.set(1);
      client.ask("MAIL FROM:<a@b.test>", "250").ask("RCPT TO:<alice@example.test>", "451 4.3.0");
      client.ask("RCPT TO:<alice@example.test>", "250");
      house.failingReceives.set(1);
      assertThat(client.data(MESSAGE)).startsWith("451 4.3.0");
      client.mail("a@b.test", "team@example.test");
      house.failingDeliveries.set(1);
      assertThat(client.data(MESSAGE)).startsWith("451 4.3.0");
      client.mail("a@b.test", "team@example.test");
      assertThat(client.data(MESSAGE)).startsWith("250");
    }
    assertThat(house.events(SmtpEvent.StoreFailed.class)).hasSize(3);
    assertThat(house.inbox("alice@example.test")).hasSize(1);
    assertThat(house.inbox("bob@example.test")).hasSize(1);
  }

  @Test
  void whatSomeHaveIsTriedForTheOthersBeforeTheClientIsAskedToRepeatIt() {
    try (SmtpClient client = greeted()) {
      client.mail("a@b.test", "team@example.test");
      house.succeedingDeliveries.set(1);
      house.failingDeliveries.set(2);
      assertThat(client.data(MESSAGE)).startsWith("250 2.0.0");
      assertThat(house.inbox("alice@example.test")).hasSize(1);
      assertThat(house.inbox("bob@example.test")).hasSize(1);

      client.mail("a@b.test", "team@example.test");
      house.succeedingDeliveries.set(1);
      house.failingDeliveries.set(1_000);
      assertThat(client.data(MESSAGE)).startsWith("451 4.3.0");
      house.failingDeliveries.set(0);
    }
    assertThat(house.inbox("bob@example.test")).hasSize(1);
  }

  @Test
  void whoWentSinceRcptIsFoundOutBeforeAnybodyHasTheMessage() {
    try (SmtpClient client = greeted()) {
      client.mail("a@b.test", "alice@example.test", "bob@example.test");
      house.directory.setDisabled(house.account("bob@example.test"), true);
      assertThat(client.data(MESSAGE)).startsWith("450 4.2.1");
      client.mail("a@b.test", "alice@example.test");
      client.ask("RCPT TO:<bob@example.test>", "550 5.2.1");
      assertThat(client.data(MESSAGE)).startsWith("250 2.0.0");
    }
    assertThat(house.inbox("alice@example.test")).hasSize(1);
  }

  @Test
  void ourOwnFaultEndsTheSessionPolitely() {
    try (SmtpClient client = greeted()) {
      client.ask("MAIL FROM:<a@b.test>", "250").ask("RCPT TO:<crash@example.test>", "421 4.3.0");
      assertThat(client.reply()).isEqualTo(SmtpClient.CLOSED);
    }
  }

  @Test
  void pipelinedCommandsAreAnsweredInOrder() {
    try (SmtpClient client = greeted()) {
      client.send(
          String.join(
              "\r\n",
              "MAIL FROM:<a@b.test>",
              "RCPT TO:<alice@example.test>",
              "RCPT TO:<x@example.test>",
              "RCPT TO:<bob@example.test>",
              "DATA",
              ""));
      client.expect("250 2.1.0").expect("250 2.1.5").expect("550 5.1.1").expect("250 2.1.5");
      client.expect("354 ").send("S: 1\r\n\r\n1\r\n.\r\nMAIL FROM:<>\r\nRSET\r\nNOOP\r\nQUIT\r\n");
      client.expect("250 2.0.0 Stored").expect("250 2.1.0").expect("250 2.0.0 OK");
      client.expect("250 2.0.0 OK").expect("221 2.0.0");
    }
    assertThat(house.inbox("bob@example.test")).singleElement().asString().endsWith("\r\n1\r\n");
  }

  @Test
  void otherCommands() {
    try (SmtpClient client = greeted()) {
      client.ask("VRFY alice", "252 2.1.5").ask("EXPN team", "502 5.5.1").ask("HELP", "214-2.0.0");
      client.ask("NOOP x", "250 2.0.0").ask("RSET", "250 2.0.0").ask("XCLIENT a", "500 5.5.2");
      client.ask("MAIL FROM:<a@b.test> RET=FULL ENVID=x", "250");
      client.ask("RCPT TO:<alice@example.test> NOTIFY=SUCCESS ORCPT=rfc822;a@b.test", "250");
      client.ask("RCPT TO:<alice@example.test> NOTIFY=NEVER,DELAY", "501 5.5.4");
    }
  }
}
