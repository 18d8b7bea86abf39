package org.everpost.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.everpost.core.config.Config;
import org.everpost.server.net.Service;
import org.everpost.server.outbound.Departure;
import org.everpost.wire.smtp.SmtpCommand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mail from our users (RFC 6409). */
class SubmissionTest {

  private static final String COMPLETE =
      "From: Alice <alice@example.test>\r\nDate: x\r\nMessage-ID: <1@x>\r\n\r\nHi\r\n";

  private final SmtpHouse house = new SmtpHouse();

  @AfterEach
  void close() {
    house.close();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String plain(String name) {
    return "AUTH PLAIN " + base64("\0" + name + "\0" + SmtpHouse.PASSWORD);
  }

  private SmtpClient alice() {
    return house
        .connect(Service.SUBMISSION)
        .ask("EHLO c", "250-")
        .ask(plain("alice@example.test"), "235 2.7.0");
  }

  @Test
  void loggingInComesFirst() {
    try (SmtpClient client = house.connect(Service.SUBMISSION)) {
      client.ask(plain("alice@example.test"), "503 5.5.1");
      assertThat(client.ask("EHLO c")).contains("AUTH SCRAM-SHA-256 PLAIN LOGIN");
      client.ask("MAIL FROM:<alice@example.test>", "530 5.7.0");
      client.ask("AUTH PLAIN " + base64("\0alice@example.test\0wrong"), "535 5.7.8");
      client.ask("AUTH CRAM-MD5", "504 5.5.4").ask("AUTH PLAIN !", "501 5.5.2");
      client.ask("AUTH PLAIN", "334 ").ask("*", "501 5.7.0").ask("AUTH SCRAM-SHA-256-PLUS", "504");
      client.ask("AUTH LOGIN", "334 VXNlcm5hbWU6").ask(base64("alice@example.test"), "334 UGFzc");
      client.ask(base64(SmtpHouse.PASSWORD), "235 2.7.0").ask("AUTH PLAIN", "503 5.5.1");
      assertThat(client.ask("EHLO c")).doesNotContain("AUTH");
      client.ask("MAIL FROM:<alice@example.test>", "250");
    }
  }

  @Test
  void passwordsInPlainTextOnlyUnderTlsOrFromHere() {
    try (SmtpClient client = house.connectFrom("127.0.0.2", Service.SUBMISSION)) {
      assertThat(client.ask("EHLO c")).contains("AUTH SCRAM-SHA-256").doesNotContain("PLAIN");
      client.ask(plain("alice@example.test"), "538 5.7.11").startTls();
      assertThat(client.ask("EHLO c"))
          .contains("AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN");
      client.ask(plain("alice@example.test"), "235 2.7.0");
    }
    try (SmtpClient client = house.connect(Service.SUBMISSIONS)) {
      client.ask("EHLO c", "250-").ask(plain("alice@example.test"), "235 2.7.0");
      client.mail("alice@example.test", "bob@example.test");
      assertThat(client.data(COMPLETE)).startsWith("250");
    }
    assertThat(house.inbox("bob@example.test").getFirst()).contains(" with ESMTPSA id ");
  }

  @Test
  void tlsForgetsWhoLoggedIn() {
    try (SmtpClient client = alice()) {
      client.startTls().ask("EHLO c", "250-").ask("MAIL FROM:<alice@example.test>", "530");
    }
  }

  @Test
  void theSenderIsTheUser() {
    try (SmtpClient client = alice()) {
      client.ask("MAIL FROM:<bob@example.test>", "553 5.7.1");
      client.ask("MAIL FROM:<alice@elsewhere.test>", "553 5.7.1");
      client.ask("MAIL FROM:<alice@[127.0.0.1]>", "553 5.7.1");
      client.ask("MAIL FROM:<ALICE+x@example.test>", "250").ask("RSET", "250");
      client.ask("MAIL FROM:<team@example.test>", "250").ask("RSET", "250");
      client.mail("", "bob@example.test");
      assertThat(client.data(COMPLETE)).startsWith("250");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "From: bob@example.test\r\n",
        "From: Alice <alice@example.test>, bob@example.test\r\n",
        "From: \"alice@example.test\" <bob@example.test>\r\n",
        "From : bob@example.test\r\n",
        "FROM:\r\n\tbob@example.test\r\n",
        "Subject: x\r\nnonsense\r\nFrom: bob@example.test\r\n"
      })
  void everyAuthorIsTheUser(String from) {
    try (SmtpClient client = alice()) {
      client.mail("alice@example.test", "bob@example.test");
      assertThat(client.data(from + "\r\nHi\r\n")).startsWith("550 5.7.1");
      client.ask("NOOP", "250");
    }
    assertThat(house.received).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Subject: no author\r\n",
        "From: alice@example.test\r\nFrom: alice@example.test\r\n",
        "From: alice@example.test\r\nfrom: bob@example.test\r\n",
        "From: nobody:;\r\n",
        "From:\r\n"
      })
  void thereIsOneFromField(String header) {
    try (SmtpClient client = alice()) {
      client.mail("alice@example.test", "bob@example.test");
      assertThat(client.data(header + "\r\nFrom: alice@example.test\r\n")).startsWith("554 5.6.0");
    }
  }

  @Test
  void authorsThatAreTheUser() {
    try (SmtpClient client = alice()) {
      for (String from :
          new String[] {
            "Alice+work@EXAMPLE.test", "team@example.test, Alice <alice@example.test>",
            "us: alice@example.test;", "=?utf-8?q?Al=C3=AFce?=\r\n <alice@example.test>"
          }) {
        client.mail("alice@example.test", "bob@example.test");
        assertThat(client.data("From: " + from + "\r\n\r\n")).as(from).startsWith("250");
      }
    }
  }

  @Test
  void whatIsMissingIsAdded() {
    try (SmtpClient client = alice()) {
      client.mail("alice@example.test", "bob@example.test");
      assertThat(client.data("From: alice@example.test\r\n\r\nHi\r\n")).startsWith("250");
      client.mail("alice@example.test", "bob@example.test");
      assertThat(client.data(COMPLETE)).startsWith("250");
      client.mail("alice@example.test", "bob@example.test");
      assertThat(client.data("From: alice@example.test\r\n")).startsWith("250");
    }
    assertThat(house.inbox("bob@example.test"))
        .satisfiesExactly(
            m ->
                assertThat(m)
                    .contains("Return-Path: <alice@example.test>", " with ESMTPA id ")
                    .containsPattern("\r\nMessage-ID: <[0-9a-z.]+@mx\\.example\\.test>\r\n")
                    .containsPattern("\r\nDate: [A-Z][a-z]{2}, ")
                    .endsWith("\r\nFrom: alice@example.test\r\n\r\nHi\r\n"),
            m -> assertThat(m).endsWith("+0000\r\n" + COMPLETE),
            m -> assertThat(m).endsWith("\r\nFrom: alice@example.test\r\n"));
  }

  /** Neither what it calls itself nor its address; RFC 5321 §4.4 has a name there. */
  @Test
  void whereAUserIsStaysHere() {
    try (SmtpClient client = house.connectFrom("127.0.0.2", Service.SUBMISSIONS)) {
      client.ask("EHLO alices-phone.at-home.test", "250-");
      client.ask(plain("alice@example.test"), "235").mail("alice@example.test", "bob@example.test");
      assertThat(client.data(COMPLETE)).startsWith("250");
    }
    assertThat(house.inbox("bob@example.test").getFirst())
        .startsWith(
            "Return-Path: <alice@example.test>\r\n"
                + "Received: from submission by mx.example.test with ESMTPSA id ")
        .contains("\r\n\t(TLSv1.3 TLS_", "\r\n\tfor <bob@example.test>;\r\n\t")
        .doesNotContain("alices-phone", "127.0.0.2");
  }

  @Test
  void whereAUserIsIsToldIfItIsWanted() {
    try (SmtpHouse open = new SmtpHouse(new Config.Sending(0, 0, 0, 0, 0, true));
        SmtpClient client = open.connectFrom("127.0.0.2", Service.SUBMISSIONS)) {
      client.ask("EHLO alices-phone.at-home.test", "250-");
      client.ask(plain("alice@example.test"), "235").mail("alice@example.test", "bob@example.test");
      assertThat(client.data(COMPLETE)).startsWith("250");
      assertThat(open.inbox("bob@example.test").getFirst())
          .contains(
              "\r\nReceived: from alices-phone.at-home.test ([127.0.0.2])\r\n"
                  + "\tby mx.example.test with ESMTPSA id ");
    }
  }

  @Test
  void aHeaderLargerThanWeReadIsRefused() {
    try (SmtpClient client = alice()) {
      client.mail("alice@example.test", "bob@example.test");
      String fits = "From: alice@example.test\r\n" + "X: y\r\n".repeat(40_000);
      assertThat(client.data(fits + "\r\nHi\r\n")).startsWith("250");
      client.mail("alice@example.test", "bob@example.test");
      assertThat(client.data(fits + "X: y\r\n".repeat(10_000) + "\r\n")).startsWith("552 5.3.4");
      client.mail("alice@example.test", "bob@example.test");
      client.ask("DATA", "354").send("From: alice@example.test\nX: y\r\n.\r\n").expect("550 5.5.2");
    }
    assertThat(house.inbox("bob@example.test")).hasSize(1);
  }

  @Test
  void whatIsForOthersLeaves() {
    try (SmtpClient client = alice()) {
      client
          .ask("MAIL FROM:<alice@example.test> RET=HDRS ENVID=e1", "250")
          .ask("RCPT TO:<someone@elsewhere.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;x@y.test", "250")
          .ask("RCPT TO:<someone@elsewhere.test>", "250")
          .ask("RCPT TO:<other@[192.0.2.1]>", "250")
          .ask("RCPT TO:<other@[127.0.0.1]>", "550 5.1.1")
          .ask("RCPT TO:<bob@example.test>", "250")
          .ask("RCPT TO:<away@example.test>", "250")
          .ask("RCPT TO:<someone@nowhere.test>", "550 5.1.2");
      assertThat(client.data("From: alice@example.test\r\n\r\nHi\r\n")).startsWith("250 2.0.0");
    }
    assertThat(house.inbox("bob@example.test")).hasSize(1);
    List<Departure> departures = house.departures.all();
    assertThat(departures).hasSize(2);
    Departure direct = departures.getFirst();
    assertThat(direct.sender()).isEqualTo("alice@example.test");
    assertThat(direct.envelope().from()).hasToString("<alice@example.test>");
    assertThat(direct.envelope().ret()).isEqualTo(SmtpCommand.Ret.HDRS);
    assertThat(direct.envelope().envid()).isEqualTo("e1");
    assertThat(direct.envelope().body()).isEqualTo(SmtpCommand.Body.SEVEN_BIT);
    assertThat(direct.prefix()).isEmpty();
    assertThat(direct.recipients())
        .extracting(recipient -> recipient.to().toString())
        .containsExactly("<someone@elsewhere.test>", "<other@[192.0.2.1]>");
    assertThat(direct.recipients().getFirst().notifyOn())
        .containsExactlyInAnyOrder(SmtpCommand.Notify.SUCCESS, SmtpCommand.Notify.DELAY);
    assertThat(direct.recipients().getFirst().orcpt()).isEqualTo("rfc822;x@y.test");
    String stored = house.inbox("bob@example.test").getFirst();
    assertThat(stored.substring(0, direct.skip()))
        .isEqualTo("Return-Path: <alice@example.test>\r\n");
    assertThat(direct.blobSize()).isEqualTo(stored.length());
    Departure forwarded = departures.get(1);
    assertThat(forwarded.sender()).isEqualTo("alice@example.test");
    assertThat(forwarded.prefix()).isEqualTo("Delivered-To: away@example.test\r\n");
    assertThat(forwarded.recipients().getFirst().to()).hasToString("<someone@elsewhere.test>");
    assertThat(forwarded.recipients().getFirst().orcpt()).isEqualTo("rfc822;away@example.test");
  }

  @Test
  void whatGoesRoundInACircleIsRefused() {
    String message = "From: alice@example.test\r\n%sTo: x@y.test\r\n\r\n%s";
    String mark = "delivered-TO: Away@example.test \r\n";
    String many = "Delivered-To: x@y.test\r\n".repeat(101);
    try (SmtpClient client = alice()) {
      for (String fields : List.of(mark, "Delivered-To: x@y.test\r\n" + mark, many)) {
        client.mail("alice@example.test", "away@example.test");
        assertThat(client.data(message.formatted(fields, "Hi\r\n")))
            .startsWith("554 5.4.6 An address here has forwarded this message before");
      }
      assertThat(house.departures.all()).isEmpty();
      client.mail("alice@example.test", "away@example.test");
      assertThat(client.data(message.formatted("Delivered-To: x@y.test\r\n", mark)))
          .startsWith("250");
    }
    assertThat(house.departures.all()).hasSize(1);
  }

  @Test
  void theMarkIsSeenWhereTheMessageEndsWithIt() {
    try (SmtpClient client = alice()) {
      client.mail("alice@example.test", "away@example.test");
      assertThat(client.data("From: alice@example.test\r\nDelivered-To: away@example.test\r\n"))
          .startsWith("554 5.4.6");
    }
  }

  @Test
  void whatCannotBeQueuedIsNotAcknowledged() {
    house.departures.failing.set(1);
    try (SmtpClient client = alice()) {
      client.mail("alice@example.test", "someone@elsewhere.test");
      assertThat(client.data("From: alice@example.test\r\n\r\nHi\r\n")).startsWith("451 4.3.0");
      client.mail("alice@example.test", "someone@elsewhere.test");
      assertThat(client.data("From: alice@example.test\r\n\r\nHi\r\n")).startsWith("250");
    }
    assertThat(house.departures.all()).hasSize(1);
  }

  /** Who has the message already must not get it again because the queue is away for a moment. */
  @Test
  void theQueueIsWaitedForWhereSomebodyHasTheMessage() {
    house.departures.failing.set(1);
    try (SmtpClient client = alice()) {
      client
          .ask("MAIL FROM:<alice@example.test>", "250")
          .ask("RCPT TO:<bob@example.test>", "250")
          .ask("RCPT TO:<someone@elsewhere.test>", "250");
      assertThat(client.data("From: alice@example.test\r\n\r\nHi\r\n")).startsWith("250");
    }
    assertThat(house.inbox("bob@example.test")).hasSize(1);
    assertThat(house.departures.all()).hasSize(1);
  }

  @Test
  void whatIsBeyondAsciiIsNoted() {
    try (SmtpClient client = alice()) {
      client
          .ask("MAIL FROM:<alice@example.test> SMTPUTF8 BODY=8BITMIME", "250")
          .ask("RCPT TO:<someone@elsewhere.test>", "250");
      assertThat(client.data("From: alice@example.test\r\n\r\n\u00e4\r\n")).startsWith("250");
      client
          .ask("MAIL FROM:<alice@example.test> SMTPUTF8 BODY=8BITMIME", "250")
          .ask("RCPT TO:<someone@elsewhere.test>", "250");
      assertThat(client.data("From: alice@example.test\r\nSubject: \u00e4\r\n\r\nx\r\n"))
          .startsWith("250");
    }
    assertThat(house.departures.all())
        .extracting(departure -> departure.envelope().smtpUtf8())
        .containsExactly(false, true);
    assertThat(house.departures.all())
        .extracting(departure -> departure.envelope().body())
        .containsOnly(SmtpCommand.Body.EIGHT_BIT_MIME);
  }

  @Test
  void byPieces() {
    try (SmtpClient client = alice()) {
      client.mail("alice@example.test", "bob@example.test");
      client.send("BDAT 4\r\nFrom").expect("250 2.0.0 4");
      client.send("BDAT 26 LAST\r\n: alice@example.test\r\n\r\nHi").expect("250 2.0.0 Stored");
      client.mail("alice@example.test", "bob@example.test");
      client.send("BDAT 4\r\nFrom").expect("250 2.0.0 4");
      client.send("BDAT 22 LAST\r\n: bob@example.test\r\n\r\n").expect("550 5.7.1");
      client.mail("alice@example.test", "bob@example.test");
    }
    assertThat(house.inbox("bob@example.test")).hasSize(1);
  }

  @Test
  void guessingPasswordsEndsTheSession() {
    try (SmtpClient client = house.connect(Service.SUBMISSION)) {
      client.ask("EHLO c", "250-");
      for (int i = 0; i < SmtpHouse.LIMITS.errorsInARow(); i++) {
        assertThat(client.ask("AUTH PLAIN " + base64("\0alice@example.test\0" + i)))
            .matches("(535|454) .*");
      }
      client.expect("421 4.7.0");
      assertThat(client.reply()).isEqualTo(SmtpClient.CLOSED);
    }
  }
}
