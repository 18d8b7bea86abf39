package org.everpost.server.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.server.relay.RelayHouse.message;
import static org.everpost.server.relay.RelayHouse.path;
import static org.everpost.testkit.smtp.PeerAction.hangUp;
import static org.everpost.testkit.smtp.PeerAction.say;
import static org.everpost.testkit.smtp.PeerAction.sayAndHangUp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.everpost.core.spool.Reason;
import org.everpost.server.relay.OutgoingMessage.Recipient;
import org.everpost.server.relay.RecipientResult.Abandoned;
import org.everpost.server.relay.RecipientResult.Deferred;
import org.everpost.server.relay.RecipientResult.Refused;
import org.everpost.server.relay.RecipientResult.Relayed;
import org.everpost.server.relay.RecipientResult.Unasked;
import org.everpost.store.StoreUnavailableException;
import org.everpost.testkit.smtp.ScriptedPeer;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.everpost.wire.smtp.SmtpCommand.Notify;
import org.everpost.wire.smtp.SmtpCommand.Ret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One session with one server (RFC 5321 §3). */
class SessionTest {

  private static final String[] MODERN = {
    "PIPELINING", "SIZE 10000000", "8BITMIME", "ENHANCEDSTATUSCODES", "DSN", "SMTPUTF8", "CHUNKING"
  };

  private static final String[] MODERN_BINARY = {"PIPELINING", "CHUNKING", "BINARYMIME"};

  private static String crlf(String text) {
    return text.replace("\n", "\r\n");
  }

  private static void assertResult(RecipientResult result, Class<?> kind, String status) {
    assertThat(result).isInstanceOf(kind);
    assertThat(result.reason().status()).as(result.toString()).hasToString(status);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMessageIsHandedOver(boolean pipelining) {
    ScriptedPeer peer = new ScriptedPeer(pipelining ? MODERN : new String[0]);
    try (RelayHouse house = RelayHouse.with(peer)) {
      List<RecipientResult> results =
          house.send(message(".a\r\n..\r\n\r\nb", "a@there.test", "b@there.test"));
      assertThat(results).hasSize(2).allMatch(Relayed.class::isInstance);
      assertThat(results.getFirst().reason().text()).isEqualTo("250 2.0.0 Queued as 1");
      assertThat(results.getFirst().reason().peer()).contains("mx.there.test[127.0.0.1]");
      assertThat(peer.messages()).containsExactly(".a\r\n..\r\n\r\nb\r\n");
      String size = pipelining ? " SIZE=11" : "";
      assertThat(peer.commands())
          .containsExactly(
              "EHLO mx1.example.test",
              "MAIL FROM:<me@example.test>" + size,
              "RCPT TO:<a@there.test>",
              "RCPT TO:<b@there.test>",
              "DATA",
              "QUIT");
      assertThat(peer.sentAhead() > 0).isEqualTo(pipelining);
    }
  }

  @Test
  void severalMessagesGoOverOneConnection() {
    ScriptedPeer peer = new ScriptedPeer(MODERN);
    try (RelayHouse house = RelayHouse.with(peer);
        RelayConnection connection = house.session("there.test")) {
      for (int i = 0; i < 3; i++) {
        assertThat(connection.isUsable()).isTrue();
        assertThat(connection.send(message("x\r\n", "a@there.test")))
            .allMatch(Relayed.class::isInstance);
      }
      assertThat(peer.messages()).hasSize(3);
      assertThat(peer.connections()).isEqualTo(1);
      assertThat(peer.commands()).doesNotContain("RSET");
    }
  }

  @Test
  void aTransactionThatCameToNothingIsResetBeforeTheNext() {
    ScriptedPeer peer = new ScriptedPeer(MODERN).at("RCPT", say("550 5.1.1 No"), say("250 Ok"));
    peer.at("DATA", say("503 5.5.1 Nobody"), say("354 Go"));
    try (RelayHouse house = RelayHouse.with(peer);
        RelayConnection connection = house.session("there.test")) {
      assertResult(
          connection.send(message("x\r\n", "a@there.test")).getFirst(), Refused.class, "5.1.1");
      assertThat(connection.send(message("x\r\n", "b@there.test")))
          .allMatch(Relayed.class::isInstance);
      assertThat(peer.commands()).containsSubsequence("DATA", "RSET", "RCPT TO:<b@there.test>");
    }
  }

  @Test
  void heloWhereEhloIsUnknown() {
    ScriptedPeer peer = new ScriptedPeer(MODERN).at("EHLO", say("502 What?"));
    try (RelayHouse house = RelayHouse.with(peer)) {
      assertThat(house.send("a@there.test")).allMatch(Relayed.class::isInstance);
      assertThat(peer.commands()).contains("HELO mx1.example.test", "MAIL FROM:<me@example.test>");
      assertThat(peer.sentAhead()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GREETING, 450 4.7.1 Later, false, 4.7.1",
    "GREETING, 421 Later, false, 4.3.2",
    "GREETING, 554 No, true, 5.0.0",
    "GREETING, 521 No, true, 5.3.2",
    "EHLO, 421 4.3.2 Closing, false, 4.3.2",
    "EHLO, 450 Later, false, 4.0.0",
    "GREETING, 354 Go ahead, false, 4.5.0",
    "GREETING, HTTP/1.1 400 Bad request, false, 4.5.0",
    "EHLO, 20, false, 4.5.0",
  })
  void aServerThatDoesNotWantUs(String stage, String reply, boolean permanent, String status) {
    ScriptedPeer peer = new ScriptedPeer(MODERN).at(stage, say(reply));
    try (RelayHouse house = RelayHouse.with(peer)) {
      Relay.Attempt.Failed failed = house.failure("there.test");
      assertThat(failed.reason().status()).hasToString(status);
      assertThat(failed.permanent()).isEqualTo(permanent);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "MAIL, 451 4.7.1 Greylisted, 4.7.1",
    "MAIL, 451 Greylisted, 4.3.0",
    "MAIL, 550 5.7.1 No, 5.7.1",
    "MAIL, 553 No, 5.1.7",
    "RCPT, 450 4.2.0 Greylisted, 4.2.0",
    "RCPT, 450 Greylisted, 4.2.0",
    "RCPT, 452 Full, 4.5.3",
    "RCPT, 550 No such user, 5.1.1",
    "RCPT, 550 2.1.1 Strange, 5.1.1",
    "RCPT, 552 Full, 5.2.2",
    "DATA, 451 4.3.0 Not now, 4.3.0",
    "DATA, 554 5.7.1 No, 5.7.1",
    "DATA, 250 Ok, 4.5.0",
    "END, 451 4.7.1 Later, 4.7.1",
    "END, 552 Too big, 5.3.4",
    "END, 554 5.7.1 Spam, 5.7.1",
    "END, 354 More, 4.5.0",
    "MAIL, 354 What, 4.5.0",
    "RCPT, nonsense, 4.5.0",
    "MAIL, 421 4.3.2 Closing, 4.3.2",
    "RCPT, 421 4.7.0 Too many errors, 4.7.0",
    "DATA, 421 Closing, 4.3.2",
    "END, 421 4.3.2 Closing, 4.3.2",
  })
  void aRefusalAtEachStage(String stage, String reply, String status) {
    for (String[] extensions : List.of(MODERN, new String[0])) {
      ScriptedPeer peer = new ScriptedPeer(extensions).at(stage, say(reply));
      try (RelayHouse house = RelayHouse.with(peer)) {
        for (RecipientResult result : house.send("a@there.test", "b@there.test")) {
          assertResult(result, status.startsWith("5") ? Refused.class : Deferred.class, status);
          assertThat(result.reason().text()).contains(reply);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"MAIL", "RCPT", "DATA", "BODY", "END"})
  void aDisconnectAtEachStage(String stage) {
    for (String[] extensions : List.of(MODERN, new String[0])) {
      ScriptedPeer peer = new ScriptedPeer(extensions).at(stage, hangUp());
      try (RelayHouse house = RelayHouse.with(peer);
          RelayConnection connection = house.session("there.test")) {
        RecipientResult result = connection.send(message("x\r\n", "a@there.test")).getFirst();
        assertResult(result, Deferred.class, "4.4.2");
        assertThat(result.reason().peer()).isNull();
        assertThat(result.reason().text().contains("may have been delivered"))
            .as(result.toString())
            .isEqualTo(stage.equals("END") || stage.equals("BODY"));
        assertThat(connection.isUsable()).isFalse();
        assertResult(
            connection.send(message("x\r\n", "a@there.test")).getFirst(), Deferred.class, "4.4.2");
      }
    }
  }

  /** It may have its limits, or not like to wait: that is nothing against the second message. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoEndsTheSessionAtTheSecondMailMayBeAskedAgainAtOnce(boolean says) {
    for (String[] extensions : List.of(MODERN, new String[0])) {
      ScriptedPeer peer = new ScriptedPeer(extensions);
      peer.at("MAIL", say("250 Ok"), says ? sayAndHangUp("421 4.7.0 Enough") : hangUp());
      try (RelayHouse house = RelayHouse.with(peer);
          RelayConnection connection = house.session("there.test")) {
        assertThat(connection.send(message("x\r\n", "a@there.test")))
            .allMatch(Relayed.class::isInstance);
        RecipientResult result = connection.send(message("x\r\n", "b@there.test")).getFirst();
        assertResult(result, Unasked.class, says ? "4.7.0" : "4.4.2");
        assertThat(connection.isUsable()).isFalse();
      }
    }
  }

  /** What it says later, or does not say at all, is about this message. */
  @Test
  void afterTheReplyToMailTheEndOfASessionIsAFailure() {
    ScriptedPeer peer = new ScriptedPeer(MODERN).at("RCPT", say("250 Ok"), hangUp());
    try (RelayHouse house = RelayHouse.with(peer);
        RelayConnection connection = house.session("there.test")) {
      assertThat(connection.send(message("x\r\n", "a@there.test")))
          .allMatch(Relayed.class::isInstance);
      RecipientResult result = connection.send(message("x\r\n", "b@there.test")).getFirst();
      assertResult(result, Deferred.class, "4.4.2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GREETING", "EHLO"})
  void aDisconnectBeforeThat(String stage) {
    ScriptedPeer peer = new ScriptedPeer(MODERN).at(stage, hangUp());
    try (RelayHouse house = RelayHouse.with(peer)) {
      Relay.Attempt.Failed failed = house.failure("there.test");
      assertThat(failed.reason().status()).hasToString("4.4.2");
      assertThat(failed.permanent()).isFalse();
    }
  }

  @Test
  void eachRecipientHasItsOwnResult() {
    for (String[] extensions : List.of(MODERN, new String[0])) {
      ScriptedPeer peer =
          new ScriptedPeer(extensions)
              .at("RCPT", say("250 Ok"), say("550 No"), say("450 4.2.1 Later"), say("251 Ok"));
      try (RelayHouse house = RelayHouse.with(peer)) {
        List<RecipientResult> results =
            house.send("a@there.test", "b@there.test", "c@there.test", "d@there.test");
        assertResult(results.get(0), Relayed.class, "2.0.0");
        assertResult(results.get(1), Refused.class, "5.1.1");
        assertResult(results.get(2), Deferred.class, "4.2.1");
        assertResult(results.get(3), Relayed.class, "2.0.0");
      }
    }
  }

  @Test
  void whatWasRefusedStaysRefusedWhenTheConnectionIsLostAfterwards() {
    ScriptedPeer peer =
        new ScriptedPeer(MODERN).at("RCPT", say("550 No"), say("250 Ok")).at("END", hangUp());
    try (RelayHouse house = RelayHouse.with(peer)) {
      List<RecipientResult> results = house.send("a@there.test", "b@there.test");
      assertResult(results.get(0), Refused.class, "5.1.1");
      assertResult(results.get(1), Deferred.class, "4.4.2");
    }
  }

  @Test
  void dataSentAheadForNobodyIsAnsweredWithAnEmptyMessage() {
    ScriptedPeer peer = new ScriptedPeer(MODERN).at("RCPT", say("550 5.1.1 No"));
    try (RelayHouse house = RelayHouse.with(peer)) {
      assertResult(house.send("a@there.test").getFirst(), Refused.class, "5.1.1");
      assertThat(peer.messages()).containsExactly("");
      assertThat(peer.commands()).endsWith("DATA", "QUIT");
    }
  }

  @Test
  void withoutPipeliningNothingIsSaidThatMakesNoSense() {
    ScriptedPeer peer = new ScriptedPeer().at("MAIL", say("550 5.7.1 No"));
    try (RelayHouse house = RelayHouse.with(peer)) {
      assertResult(house.send("a@there.test").getFirst(), Refused.class, "5.7.1");
      assertThat(peer.commands()).noneMatch(c -> c.startsWith("RCPT") || c.startsWith("DATA"));
    }
  }

  @Test
  void hundredsOfRecipientsGoInBatches() {
    ScriptedPeer peer = new ScriptedPeer(MODERN);
    try (RelayHouse house = RelayHouse.with(peer)) {
      String[] many =
          IntStream.range(0, 230).mapToObj(i -> "u" + i + "@there.test").toArray(String[]::new);
      assertThat(house.send(many)).hasSize(230).allMatch(Relayed.class::isInstance);
      assertThat(peer.messages()).hasSize(1);
    }
  }

  @Test
  void moreRecipientsThanAServerTakesAtOnceGoInSeveralTransactions() {
    ScriptedPeer peer = new ScriptedPeer("PIPELINING", "LIMITS RCPTMAX=2");
    try (RelayHouse house = RelayHouse.with(peer)) {
      assertThat(house.send("a@there.test", "b@there.test", "c@there.test", "d@x.test", "e@x.test"))
          .hasSize(5)
          .allMatch(Relayed.class::isInstance);
      assertThat(peer.messages()).hasSize(3);
      assertThat(peer.connections()).isEqualTo(1);
    }
  }

  @Test
  void moreDomainsThanAServerTakesAtOnceGoInSeveralTransactions() {
    ScriptedPeer peer = new ScriptedPeer("PIPELINING", "LIMITS RCPTDOMAINMAX=1");
    try (RelayHouse house = RelayHouse.with(peer)) {
      assertThat(house.send("a@there.test", "b@x.test", "c@there.test"))
          .allMatch(Relayed.class::isInstance);
      assertThat(peer.messages()).hasSize(2);
    }
  }

  @Test
  void noMoreTransactionsThanAServerTakes() {
    ScriptedPeer peer = new ScriptedPeer("LIMITS MAILMAX=2 RCPTMAX=1");
    try (RelayHouse house = RelayHouse.with(peer);
        RelayConnection connection = house.session("there.test")) {
      List<RecipientResult> results =
          connection.send(message("x\r\n", "a@there.test", "b@there.test", "c@there.test"));
      assertThat(results.subList(0, 2)).allMatch(Relayed.class::isInstance);
      assertResult(results.get(2), Unasked.class, "4.5.3");
      assertThat(connection.isUsable()).isFalse();
    }
  }

  @Test
  void recipientsForWhomThereIsNoRoomGoInAnotherTransaction() {
    ScriptedPeer peer =
        new ScriptedPeer(MODERN)
            .at(
                "RCPT",
                say("250 Ok"),
                say("452 4.5.3 Too many"),
                say("452 Too many"),
                say("250 Ok"));
    try (RelayHouse house = RelayHouse.with(peer)) {
      assertThat(house.send("a@there.test", "b@there.test", "c@there.test"))
          .allMatch(Relayed.class::isInstance);
      assertThat(peer.messages()).hasSize(2);
      assertThat(peer.connections()).isEqualTo(1);
    }
  }

  /** Its end must not be sent if we may not have it any more when we come to it. */
  @ParameterizedTest
  @EnumSource(Body.class)
  void aMessageIsNotEndedWithoutPermission(Body body) {
    Reason no = Reason.ours("4.3.2", "as a test wants it");
    ScriptedPeer peer = new ScriptedPeer("8BITMIME", "CHUNKING", "BINARYMIME");
    try (RelayHouse house = RelayHouse.with(peer);
        RelayConnection connection = house.session("there.test")) {
      OutgoingMessage whole = message("Hello\r\n", body, "a@there.test", "b@there.test");
      OutgoingMessage message =
          RelayHouse.withContent(
              whole,
              () -> {
                house.whyNot.put(Permission.Step.END, no);
                return whole.content().open();
              });
      assertThat(connection.send(message)).containsExactly(new Abandoned(no), new Abandoned(no));
      assertThat(connection.isUsable()).isFalse();
      assertThat(peer.awaitClosed(1, Duration.ofSeconds(20))).isTrue();
      assertThat(peer.messages()).isEmpty();
    }
  }

  @Test
  void noTransactionBeginsWithoutPermission() {
    Reason no = Reason.ours("4.3.2", "as a test wants it");
    ScriptedPeer peer = new ScriptedPeer();
    try (RelayHouse house = RelayHouse.with(peer)) {
      try (RelayConnection connection = house.session("there.test")) {
        house.whyNot.put(Permission.Step.BEGIN, no);
        assertThat(connection.send(message("x\r\n", "a@there.test")))
            .containsExactly(new Abandoned(no));
      }
      assertThat(peer.commands()).containsExactly("EHLO mx1.example.test", "QUIT");
      assertThat(house.failure("there.test").permanent()).isFalse();
      assertThat(peer.connections()).isEqualTo(1);
    }
  }

  @Test
  void aMessageThatIsTooLargeIsNotSent() {
    ScriptedPeer peer = new ScriptedPeer("SIZE 10");
    try (RelayHouse house = RelayHouse.with(peer)) {
      assertResult(
          house.send(message("12345678\r\n\r\n", "a@there.test")).getFirst(),
          Refused.class,
          "5.3.4");
      assertThat(peer.commands()).noneMatch(c -> c.startsWith("MAIL"));
    }
  }

  @Test
  void parametersOfNotificationsArePassedOn() {
    ScriptedPeer peer = new ScriptedPeer(MODERN);
    ScriptedPeer poor = new ScriptedPeer("PIPELINING");
    byte[] octets = {'x', '\r', '\n'};
    OutgoingMessage message =
        new OutgoingMessage(
            path("me@example.test"),
            List.of(
                new Recipient(
                    path("a@there.test"), Set.of(Notify.SUCCESS), "rfc822;o+x@there.test")),
            3,
            Body.SEVEN_BIT,
            false,
            false,
            Ret.HDRS,
            "id=1",
            () -> new ByteArrayInputStream(octets));
    try (RelayHouse house = RelayHouse.with(peer)) {
      assertThat(((Relayed) house.send(message).getFirst()).dsnPassedOn()).isTrue();
      assertThat(peer.commands())
          .contains(
              "MAIL FROM:<me@example.test> SIZE=3 RET=HDRS ENVID=id+3D1",
              "RCPT TO:<a@there.test> NOTIFY=SUCCESS ORCPT=rfc822;o+2Bx@there.test");
    }
    try (RelayHouse house = RelayHouse.with(poor)) {
      assertThat(((Relayed) house.send(message).getFirst()).dsnPassedOn()).isFalse();
      assertThat(poor.commands()).contains("MAIL FROM:<me@example.test>", "RCPT TO:<a@there.test>");
    }
  }

  @Test
  void internationalisedMailNeedsAServerForIt() {
    ScriptedPeer peer = new ScriptedPeer(MODERN);
    ScriptedPeer poor = new ScriptedPeer("8BITMIME");
    OutgoingMessage message = message("x\r\n", "ü@there.test");
    try (RelayHouse house = RelayHouse.with(peer)) {
      assertThat(house.send(message)).allMatch(Relayed.class::isInstance);
      assertThat(peer.commands())
          .contains("MAIL FROM:<me@example.test> SIZE=3 SMTPUTF8", "RCPT TO:<Ã¼@there.test>");
    }
    for (ScriptedPeer unfit : List.of(poor, new ScriptedPeer("SMTPUTF8"))) {
      try (RelayHouse house = RelayHouse.with(unfit)) {
        assertResult(house.send(message).getFirst(), Refused.class, "5.6.7");
      }
    }
  }

  @Test
  void eightBitMailIsConvertedWhereItMustBe() {
    String text =
        crlf(
            """
            Subject: x
            MIME-Version: 1.0
            Content-Type: text/plain; charset=iso-8859-1
            Content-Transfer-Encoding: 8bit

            Many gr\u00fc\u00dfe to all of you
            """);
    OutgoingMessage message = message(text, Body.EIGHT_BIT_MIME, "a@there.test");
    ScriptedPeer peer = new ScriptedPeer(MODERN);
    try (RelayHouse house = RelayHouse.with(peer)) {
      assertThat(house.send(message)).allMatch(Relayed.class::isInstance);
      assertThat(peer.messages()).containsExactly(text);
      assertThat(peer.commands())
          .contains("MAIL FROM:<me@example.test> SIZE=" + text.length() + " BODY=8BITMIME");
    }
    ScriptedPeer poor = new ScriptedPeer("SIZE");
    try (RelayHouse house = RelayHouse.with(poor)) {
      assertThat(house.send(message)).allMatch(Relayed.class::isInstance);
      String sent = poor.messages().getFirst();
      assertThat(sent).contains("quoted-printable", "gr=FC=DFe");
      assertThat(poor.commands()).contains("MAIL FROM:<me@example.test> SIZE=" + sent.length());
    }
  }

  /** Where 8BITMIME is offered, they go as they came. */
  @Test
  void headersBeyondAsciiAreEncodedForWhoTakesSevenBitOnly() {
    String text = "Subject: gr\u00fcn\r\n\r\nHello\r\n";
    OutgoingMessage message = message(text, Body.EIGHT_BIT_MIME, "a@there.test");
    ScriptedPeer peer = new ScriptedPeer(MODERN);
    try (RelayHouse house = RelayHouse.with(peer)) {
      assertThat(house.send(message)).allMatch(Relayed.class::isInstance);
      assertThat(peer.messages()).containsExactly(text);
    }
    ScriptedPeer poor = new ScriptedPeer("SIZE");
    try (RelayHouse house = RelayHouse.with(poor)) {
      assertThat(house.send(message)).allMatch(Relayed.class::isInstance);
      String sent = "Subject: =?UTF-8?B?Z3LDvG4=?=\r\n\r\nHello\r\n";
      assertThat(poor.messages()).containsExactly(sent);
      assertThat(poor.commands()).contains("MAIL FROM:<me@example.test> SIZE=" + sent.length());
    }
  }

  @Test
  void whatCannotBeConvertedIsRefused() {
    String text =
        crlf(
            """
            MIME-Version: 1.0
            Content-Type: multipart/signed; boundary=b; protocol="a/b"

            --b
            Content-Transfer-Encoding: 8bit

            \u00fc
            --b
            Content-Type: a/b

            x
            --b--
            """);
    ScriptedPeer poor = new ScriptedPeer("SIZE");
    try (RelayHouse house = RelayHouse.with(poor)) {
      assertResult(
          house.send(message(text, Body.EIGHT_BIT_MIME, "a@there.test")).getFirst(),
          Refused.class,
          "5.6.3");
    }
  }

  @Test
  void binaryMailGoesInAChunkOrIsConverted() {
    String text =
        "MIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n"
            + "Content-Transfer-Encoding: binary\r\n\r\n\0\n.\r\n.\r\n\u00ff";
    OutgoingMessage message = message(text, Body.BINARY_MIME, "a@there.test", "b@there.test");
    ScriptedPeer peer = new ScriptedPeer(MODERN_BINARY).at("RCPT", say("550 No"), say("250 Ok"));
    try (RelayHouse house = RelayHouse.with(peer)) {
      List<RecipientResult> results = house.send(message);
      assertResult(results.get(0), Refused.class, "5.1.1");
      assertResult(results.get(1), Relayed.class, "2.0.0");
      assertThat(peer.messages()).containsExactly(text);
      assertThat(peer.commands())
          .contains(
              "MAIL FROM:<me@example.test> BODY=BINARYMIME", "BDAT " + text.length() + " LAST");
    }
    ScriptedPeer poor = new ScriptedPeer("8BITMIME");
    try (RelayHouse house = RelayHouse.with(poor)) {
      assertThat(house.send(message)).allMatch(Relayed.class::isInstance);
      assertThat(poor.messages().getFirst()).contains("base64");
    }
  }

  @Test
  void aMessageThatCannotBeReadNeverComesToItsEnd() {
    byte[] half = "12345".getBytes(StandardCharsets.US_ASCII);
    OutgoingMessage.Content shorter = () -> new ByteArrayInputStream(half);
    OutgoingMessage.Content broken =
        () ->
            new SequenceInputStream(
                shorter.open(),
                new InputStream() {
                  @Override
                  public int read() throws IOException {
                    throw new IOException("disk");
                  }

                  @Override
                  public int read(byte[] b, int off, int len) throws IOException {
                    throw new IOException("disk");
                  }
                });
    OutgoingMessage.Content away =
        () -> {
          throw new StoreUnavailableException("as a test wants it");
        };
    for (OutgoingMessage.Content content : List.of(shorter, broken, away)) {
      neverComesToItsEnd(content, Body.SEVEN_BIT);
      neverComesToItsEnd(content, Body.BINARY_MIME);
    }
  }

  private static void neverComesToItsEnd(OutgoingMessage.Content content, Body body) {
    ScriptedPeer peer = new ScriptedPeer(MODERN_BINARY);
    try (RelayHouse house = RelayHouse.with(peer);
        RelayConnection connection = house.session("there.test")) {
      OutgoingMessage good = message("1234567890\r\n", body, "a@there.test");
      OutgoingMessage bad =
          new OutgoingMessage(
              good.from(), good.recipients(), 12, body, false, false, null, null, content);
      assertResult(connection.send(bad).getFirst(), Abandoned.class, "4.3.0");
      assertThat(connection.isUsable()).isFalse();
      assertThat(peer.awaitClosed(1, Duration.ofSeconds(10))).isTrue();
      assertThat(peer.messages()).isEmpty();
    }
  }

  @Test
  void anEarlyRefusalOfAMessageIsHeard() {
    ScriptedPeer peer = new ScriptedPeer(MODERN).at("BODY", sayAndHangUp("552 5.3.4 Too much"));
    try (RelayHouse house = RelayHouse.with(peer)) {
      assertResult(house.send("a@there.test").getFirst(), Refused.class, "5.3.4");
      OutgoingMessage large = message("x".repeat(8 << 20), "a@there.test");
      assertResult(house.send(large).getFirst(), Refused.class, "5.3.4");
    }
  }

  @Test
  void aConnectionIsNotUsedForEver() {
    ScriptedPeer peer = new ScriptedPeer(MODERN);
    try (RelayHouse house = RelayHouse.with(peer);
        RelayConnection connection = house.session("there.test")) {
      for (int i = 0; i < RelayHouse.LIMITS.messages(); i++) {
        assertThat(connection.isUsable()).isTrue();
        connection.send(message("x\r\n", "a@there.test"));
      }
      assertThat(connection.isUsable()).isFalse();
    }
  }
}
