package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** swaks sends by every way there is, and is refused where it must be. */
@Tag("slow")
class SwaksTest {

  @RegisterExtension
  static final Everpost EVERPOST = new Everpost("[limits]", "message-size = \"1MB\"");

  private static final String STRANGER = "stranger@elsewhere.example";

  /** swaks tells what was refused by its exit code. */
  private static final int RCPT_REFUSED = 24;

  private static final int MAIL_REFUSED = 23;
  private static final int DATA_REFUSED = 26;
  private static final int LOGIN_REFUSED = 28;

  private static Tool swaks(String service, String from, String to, String... more) {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("swaks", "--server", "127.0.0.1", "--port", "" + EVERPOST.port(service)));
    words.addAll(List.of("--helo", "client.example", "--from", from, "--to", to));
    words.addAll(List.of(more));
    return Tool.of(words);
  }

  /** The one message of a mailbox whose subject this is. */
  private static String received(String user, String subject) throws IOException {
    try (ImapClient imap = ImapClient.login(EVERPOST, user)) {
      imap.command("SELECT INBOX");
      List<Integer> uids = imap.search("SUBJECT " + ImapClient.quoted(subject));
      assertThat(uids).hasSize(1);
      return imap.messageText(uids.getFirst());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "tls"})
  void smtpDelivers(String how) throws IOException {
    String user = EVERPOST.newUser();
    Tool swaks =
        swaks(
            Installation.SMTP,
            STRANGER,
            user,
            "--header",
            "Subject: by SMTP",
            "--body",
            "Hi\n.\n..dots");
    if (how.equals("tls")) {
      swaks = Tool.of(plus(swaks.command(), "--tls"));
    }
    swaks.run().good();

    String message = received(user, "by SMTP");
    assertThat(message)
        .startsWith("Return-Path: <" + STRANGER + ">\r\nReceived: from client.example")
        .contains(how.equals("tls") ? "with ESMTPS" : "with ESMTP")
        .contains("\r\n\r\nHi\r\n.\r\n..dots\r\n");
  }

  private static List<String> plus(List<String> words, String... more) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of(more));
    return all;
  }

  @Test
  void lmtpDeliversToEachOfSeveralAndTellsOfEach() throws IOException {
    String one = EVERPOST.newUser();
    String two = EVERPOST.newUser();

    Tool.Result result =
        swaks(
                Installation.LMTP,
                STRANGER,
                one + "," + two,
                "--protocol",
                "LMTP",
                "--header",
                "Subject: by LMTP")
            .run()
            .good();

    assertThat(result.out().lines().filter(line -> line.startsWith("<-  250 2.")))
        .hasSizeGreaterThanOrEqualTo(2);
    assertThat(received(one, "by LMTP")).contains("with LMTP");
    assertThat(received(two, "by LMTP")).contains("with LMTP");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "LOGIN"})
  void submissionTakesMailOfAUser(String mechanism) throws IOException {
    String from = EVERPOST.newUser();
    String to = EVERPOST.newUser();

    login(
            swaks(Installation.SUBMISSION, from, to, "--tls", "--header", "Subject: submitted"),
            mechanism,
            from,
            Everpost.PASSWORD)
        .run()
        .good();

    assertThat(received(to, "submitted")).contains("with ESMTPSA").contains("Message-I");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "LOGIN"})
  void submissionsIsTlsFromTheStart(String mechanism) throws IOException {
    String from = EVERPOST.newUser();
    String to = EVERPOST.newUser();

    login(
            swaks(
                Installation.SUBMISSIONS,
                from,
                to,
                "--tls-on-connect",
                "--header",
                "Subject: submitted"),
            mechanism,
            from,
            Everpost.PASSWORD)
        .run()
        .good();

    assertThat(received(to, "submitted")).contains("with ESMTPSA");
  }

  private static Tool login(Tool swaks, String mechanism, String user, String password) {
    return Tool.of(
        plus(
            swaks.command(),
            "--auth",
            mechanism,
            "--auth-user",
            user,
            "--auth-password",
            password));
  }

  @Test
  void aWrongPasswordIsRefused() {
    String user = EVERPOST.newUser();
    login(swaks(Installation.SUBMISSION, user, user, "--tls"), "PLAIN", user, "not this")
        .run()
        .exited(LOGIN_REFUSED)
        .says("535 5.7.8");
  }

  @Test
  void submissionWithoutALoginIsRefused() {
    String user = EVERPOST.newUser();
    swaks(Installation.SUBMISSION, user, user, "--tls")
        .run()
        .exited(MAIL_REFUSED)
        .says("530 5.7.0");
  }

  @Test
  void nobodySendsAsSomebodyElse() {
    String user = EVERPOST.newUser();
    String other = EVERPOST.newUser();
    login(swaks(Installation.SUBMISSION, other, user, "--tls"), "PLAIN", user, Everpost.PASSWORD)
        .run()
        .bad()
        .says("5.7.1");
  }

  @Test
  void anUnknownRecipientIsRefused() {
    swaks(Installation.SMTP, STRANGER, "nobody@" + Everpost.DOMAIN)
        .run()
        .exited(RCPT_REFUSED)
        .says("<** 550 5.1.1");
  }

  @Test
  void strangersDoNotRelay() {
    swaks(Installation.SMTP, STRANGER, "somebody@third.example")
        .run()
        .exited(RCPT_REFUSED)
        .says("<** 550 5.7.1");
  }

  @Test
  void aUserSendsElsewhere() {
    String user = EVERPOST.newUser();
    login(swaks(Installation.SUBMISSION, user, STRANGER, "--tls"), "PLAIN", user, Everpost.PASSWORD)
        .run()
        .good()
        .says("250 2.0.0 Queued as");
  }

  @Test
  void whatIsTooLargeIsRefused() throws IOException {
    String user = EVERPOST.newUser();
    Path big = EVERPOST.directory().resolve("big.eml");
    Files.writeString(big, "Subject: big\n\n" + ("x".repeat(76) + "\n").repeat(16_000));

    swaks(Installation.SMTP, STRANGER, user, "--data", "@" + big)
        .run()
        .exited(DATA_REFUSED)
        .says("552 5.3.4");
  }

  @Test
  void anInternationalAddressIsAnAddress() throws IOException {
    String user = "jörg.größe@" + Everpost.DOMAIN;
    EVERPOST.installation().addAccount(user, Everpost.PASSWORD);

    try (LineSocket connection = LineSocket.plain(EVERPOST.port(Installation.SMTP))) {
      for (String command :
          List.of(
              "EHLO client.example",
              "MAIL FROM:<δοκιμή@elsewhere.example> SMTPUTF8",
              "RCPT TO:<" + user + ">")) {
        connection.send(command);
      }
      connection.send("QUIT");
      assertThat(connection.rest(10_000)).contains("250 2.1.0").contains("250 2.1.5");
    }
  }
}
