package org.everpost.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.everpost.core.spf.SpfResult;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.spool.SpooledRecipient.State;
import org.everpost.core.spool.TlsDemand;
import org.everpost.server.net.Service;
import org.everpost.server.outbound.Departure;
import org.everpost.wire.smtp.SmtpCommand.Notify;
import org.everpost.wire.smtp.SmtpCommand.Ret;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What senders ask to be told (RFC 3461), and that their mail be encrypted (RFC 8689). */
class NotificationTest {

  private static final String MESSAGE = "From: alice@example.test\r\n\r\nHi\r\n";
  private static final String FROM = "MAIL FROM:<x@elsewhere.test>";
  private static final String OURS = "MAIL FROM:<alice@example.test>";

  private final SmtpHouse house = new SmtpHouse();

  @AfterEach
  void close() {
    house.close();
  }

  /** What one message of a user of ours makes leave. */
  private List<Departure> sent(String mail, String... recipients) {
    return taken(Service.SUBMISSIONS, mail, recipients);
  }

  /** What one message from elsewhere makes leave. */
  private List<Departure> received(String mail, String... recipients) {
    return taken(Service.SMTP, mail, recipients);
  }

  private List<Departure> taken(Service service, String mail, String... recipients) {
    int before = house.departures.all().size();
    try (SmtpClient client = house.connect(service)) {
      assertThat(client.ask("EHLO c")).contains("\n250-DSN\n");
      if (service == Service.SUBMISSIONS) {
        logIn(client);
      }
      client.ask(mail, "250");
      for (String recipient : recipients) {
        client.ask("RCPT TO:" + recipient, "250");
      }
      assertThat(client.data(MESSAGE)).startsWith("250 2.0.0");
    }
    List<Departure> all = house.departures.all();
    return all.subList(before, all.size());
  }

  private static void logIn(SmtpClient client) {
    String login = "\0alice@example.test\0" + SmtpHouse.PASSWORD;
    byte[] octets = login.getBytes(StandardCharsets.UTF_8);
    client.ask("AUTH PLAIN " + Base64.getEncoder().encodeToString(octets), "235");
  }

  private static String text(SpooledRecipient recipient) {
    return recipient.to() + " " + recipient.state() + " " + recipient.notifyOn();
  }

  @Test
  void whoWantsToKnowThatItArrivedIsTold() {
    List<Departure> told =
        sent(
            OURS + " RET=HDRS ENVID=e1",
            "<bob@example.test> NOTIFY=SUCCESS ORCPT=rfc822;b@first.test",
            "<alice+x@example.test> NOTIFY=SUCCESS",
            "<team@example.test> NOTIFY=SUCCESS",
            "<Postmaster> NOTIFY=SUCCESS",
            "<tiny@example.test> NOTIFY=FAILURE,DELAY");
    assertThat(told).hasSize(1);
    Departure departure = told.getFirst();
    assertThat(departure.sender()).isEmpty();
    assertThat(departure.envelope().from()).hasToString("<alice@example.test>");
    assertThat(departure.envelope().ret()).isEqualTo(Ret.HDRS);
    assertThat(departure.envelope().envid()).isEqualTo("e1");
    assertThat(departure.recipients())
        .extracting(NotificationTest::text)
        .containsExactly(
            "<bob@example.test> DELIVERED [SUCCESS]",
            "<alice+x@example.test> DELIVERED [SUCCESS]",
            "<team@example.test> DELIVERED [SUCCESS]",
            "<postmaster@example.test> DELIVERED [SUCCESS]");
    assertThat(departure.recipients())
        .allMatch(recipient -> !recipient.told() && !recipient.isWaiting());
    assertThat(departure.recipients().getFirst().orcpt()).isEqualTo("rfc822;b@first.test");
    assertThat(String.valueOf(departure.recipients().getFirst().last())).contains("2.1.5");
  }

  @Test
  void nobodyElseIsTold() {
    assertThat(sent(OURS, "<bob@example.test>")).isEmpty();
    assertThat(sent(OURS, "<bob@example.test> NOTIFY=NEVER")).isEmpty();
    assertThat(sent(OURS, "<bob@example.test> NOTIFY=FAILURE,DELAY")).isEmpty();
    assertThat(sent("MAIL FROM:<>", "<bob@example.test> NOTIFY=SUCCESS")).isEmpty();
  }

  /** Perhaps somebody else has asked for it in his name. */
  @Test
  void whoeverComesFromAnotherServerMayAskAndIsNotTold() {
    for (String from : List.of(FROM, OURS, "MAIL FROM:<>")) {
      assertThat(received(from + " RET=FULL ENVID=e1", "<bob@example.test> NOTIFY=SUCCESS"))
          .isEmpty();
      List<Departure> left = received(from, "<mixed@example.test> NOTIFY=SUCCESS,FAILURE");
      assertThat(left).hasSize(1);
      assertThat(left.getFirst().recipients())
          .extracting(NotificationTest::text)
          .containsExactly("<someone@elsewhere.test> WAITING [FAILURE]");
    }
    for (String asked : List.of("", " NOTIFY=NEVER", " NOTIFY=SUCCESS")) {
      assertThat(received(FROM, "<away@example.test>" + asked).getFirst().recipients())
          .extracting(NotificationTest::text)
          .containsExactly(
              "<someone@elsewhere.test> WAITING " + (asked.isEmpty() ? "[]" : "[NEVER]"));
    }
  }

  /** As if he had logged in. */
  @Test
  void whoeverIsProvenToHaveSentItIsToldWhatHeAsksFor() {
    house.departures.everybodyIs(SpfResult.Verdict.PASS);
    List<Departure> told =
        received(FROM + " ENVID=e1", "<bob@example.test> NOTIFY=SUCCESS ORCPT=rfc822;b@a.test");
    assertThat(told).hasSize(1);
    assertThat(told.getFirst().envelope().from()).hasToString("<x@elsewhere.test>");
    assertThat(told.getFirst().recipients())
        .extracting(NotificationTest::text)
        .containsExactly("<bob@example.test> DELIVERED [SUCCESS]");
    List<Departure> left = received(FROM, "<away@example.test> NOTIFY=SUCCESS");
    assertThat(left).hasSize(1);
    assertThat(left.getFirst().recipients())
        .extracting(NotificationTest::text)
        .containsExactly("<someone@elsewhere.test> WAITING [SUCCESS]");
    left = received(FROM, "<mixed@example.test> NOTIFY=SUCCESS");
    assertThat(left)
        .extracting(departure -> departure.recipients().getFirst())
        .extracting(NotificationTest::text)
        .containsExactly(
            "<someone@elsewhere.test> WAITING [NEVER]", "<mixed@example.test> EXPANDED [SUCCESS]");
    for (String asked : List.of("NEVER", "DELAY", "FAILURE")) {
      assertThat(received(FROM, "<away@example.test> NOTIFY=" + asked).getFirst().recipients())
          .extracting(NotificationTest::text)
          .containsExactly("<someone@elsewhere.test> WAITING [" + asked + "]");
      assertThat(received(FROM, "<bob@example.test> NOTIFY=" + asked)).isEmpty();
    }
  }

  /** An address that leads to one other: what was asked goes with the message. */
  @Test
  void whatIsForwardedToOneIsThatOnesToTellOf() {
    List<Departure> left = sent(OURS, "<away@example.test> NOTIFY=SUCCESS,DELAY");
    assertThat(left).hasSize(1);
    SpooledRecipient recipient = left.getFirst().recipients().getFirst();
    assertThat(recipient.isWaiting()).isTrue();
    assertThat(recipient.notifyOn()).containsExactlyInAnyOrder(Notify.SUCCESS, Notify.DELAY);
  }

  /** An address that leads to several, of which some are elsewhere. */
  @Test
  void whatIsForSeveralIsExpanded() {
    List<Departure> left = sent(OURS, "<mixed@example.test> NOTIFY=SUCCESS,FAILURE");
    assertThat(left).hasSize(2);
    assertThat(left.get(1).recipients())
        .singleElement()
        .matches(r -> r.state() == State.EXPANDED && !r.told())
        .hasFieldOrPropertyWithValue("orcpt", null);
    assertThat(left.getFirst().recipients())
        .extracting(NotificationTest::text)
        .containsExactly("<someone@elsewhere.test> WAITING [FAILURE]");
    assertThat(sent(OURS, "<mixed@example.test> NOTIFY=SUCCESS").getFirst().recipients())
        .extracting(NotificationTest::text)
        .containsExactly("<someone@elsewhere.test> WAITING [NEVER]");
    assertThat(house.inbox("bob@example.test")).hasSize(2);
  }

  @Test
  void withLmtpOnlyOfThoseWhoHaveIt() {
    try (SmtpClient client = house.connect(Service.LMTP)) {
      client.ask("LHLO c", "250-").ask(FROM, "250");
      client.ask("RCPT TO:<tiny@example.test> NOTIFY=SUCCESS", "250");
      client.ask("RCPT TO:<bob@example.test> NOTIFY=SUCCESS", "250");
      assertThat(client.data("Subject: x\r\n\r\n" + "x\r\n".repeat(5_000))).startsWith("552 5.2.2");
      client.expect("250 2.0.0");
    }
    assertThat(house.departures.all()).hasSize(1);
    assertThat(house.departures.all().getFirst().recipients())
        .extracting(NotificationTest::text)
        .containsExactly("<bob@example.test> DELIVERED [SUCCESS]");
  }

  @Test
  void tlsMayBeWaivedByAField() {
    String message = "TLS-Required: No\r\n" + MESSAGE;
    try (SmtpClient client = house.connect(Service.SMTP)) {
      client.ask("EHLO c", "250-").startTls().ask("EHLO c", "250-");
      for (String parameter : List.of("", " REQUIRETLS")) {
        client.ask(FROM + parameter, "250").ask("RCPT TO:<away@example.test>", "250");
        assertThat(client.data(message)).startsWith("250 2.0.0");
      }
    }
    assertThat(house.departures.all())
        .extracting(departure -> departure.envelope().tls())
        .containsExactly(TlsDemand.WAIVED, TlsDemand.REQUIRED);
  }

  @Test
  void requireTlsIsOfferedUnderTls() {
    try (SmtpClient client = house.connect(Service.SMTP)) {
      assertThat(client.ask("EHLO c")).doesNotContain("REQUIRETLS");
      client.ask(FROM + " REQUIRETLS", "530 5.7.10").startTls();
      assertThat(client.ask("EHLO c")).endsWith("\n250 REQUIRETLS");
      client.ask(FROM + " REQUIRETLS", "250").ask("RCPT TO:<away@example.test>", "250");
      assertThat(client.data(MESSAGE)).startsWith("250 2.0.0");
    }
    try (SmtpClient client = house.connect(Service.SUBMISSIONS)) {
      assertThat(client.ask("EHLO c")).contains("REQUIRETLS");
      logIn(client);
      for (String parameter : List.of(" REQUIRETLS", "")) {
        client.ask("MAIL FROM:<alice@example.test>" + parameter, "250");
        client.ask("RCPT TO:<someone@elsewhere.test>", "250");
        client.ask("RCPT TO:<bob@example.test> NOTIFY=SUCCESS", "250");
        assertThat(client.data(MESSAGE)).startsWith("250 2.0.0");
      }
    }
    assertThat(house.departures.all())
        .extracting(departure -> departure.envelope().requireTls())
        .containsExactly(true, true, true, false, false);
  }
}
