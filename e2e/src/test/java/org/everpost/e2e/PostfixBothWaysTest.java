package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A user of Everpost and one of a real Postfix write to each other. That Postfix wants whoever is
 * new to come again.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostfixBothWaysTest {

  private static final String ALICE = "alice@here.test";
  private static final String BOB = "bob@there.test";

  private final Installation here =
      Installation.named(
          "mx.here.test",
          "PostfixBothWays",
          "[queue]",
          "retry-first = \"1s\"",
          "retry-longest = \"2s\"");
  private final Greylist greylist = new Greylist();
  private Postfix there;
  private EverpostProcess server;

  /** Says "later" to each new triple of client, sender and recipient (RFC 6647 §2.2). */
  private static final class Greylist implements AutoCloseable {
    private final ServerSocket socket;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    Greylist() {
      try {
        socket = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Thread.ofVirtual().start(this::accept);
    }

    int port() {
      return socket.getLocalPort();
    }

    private void accept() {
      try {
        while (true) {
          Socket client = socket.accept();
          Thread.ofVirtual().start(() -> answer(client));
        }
      } catch (IOException e) {
        // closed
      }
    }

    /** Postfix's policy delegation: attributes, an empty line, and an action. */
    private void answer(Socket client) {
      try (client;
          BufferedReader in =
              new BufferedReader(
                  new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
        StringBuilder triple = new StringBuilder();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          if (line.startsWith("client_address=")
              || line.startsWith("sender=")
              || line.startsWith("recipient=")) {
            triple.append(line).append(' ');
          } else if (line.isEmpty()) {
            boolean isNew = seen.add(triple.toString());
            String action = isNew ? "451 4.7.1 Greylisted, come again" : "dunno";
            client
                .getOutputStream()
                .write(("action=" + action + "\n\n").getBytes(StandardCharsets.US_ASCII));
            triple.setLength(0);
          }
        }
      } catch (IOException e) {
        // Postfix has gone
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @BeforeAll
  void start() throws IOException {
    String certificate = here.directory().resolve("postfix.pem").toString();
    Tool.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=mx.there.test",
            "-days",
            "2",
            "-keyout",
            certificate,
            "-out",
            certificate)
        .run()
        .good();
    there =
        new Postfix(
            here.directory(),
            "mynetworks = 127.0.0.0/8",
            "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination",
            "smtpd_recipient_restrictions = check_recipient_access inline:{nobody@there.test=REJECT,"
                + BOB
                + "=greylist,"
                + ALICE
                + "=OK}",
            "smtpd_restriction_classes = greylist",
            "greylist = check_policy_service inet:127.0.0.1:" + greylist.port(),
            "smtpd_tls_security_level = may",
            "smtpd_tls_cert_file = " + certificate,
            "smtpd_tls_key_file = " + certificate,
            "smtpd_tls_received_header = yes",
            "smtp_host_lookup = native",
            "smtp_tls_policy_maps = inline:{[localhost]:%1$d=may, [127.0.0.1]:%1$d=none}"
                .formatted(here.port(Installation.SMTP)),
            "transport_maps = inline:{here.test=smtp:[localhost]:%1$d, plain.here.test=smtp:[127.0.0.1]:%1$d}"
                .formatted(here.port(Installation.SMTP)));
    Files.writeString(
        here.config(),
        "[relay]\nroutes = { \"there.test\" = \"127.0.0.1:" + there.port() + "\" }\n",
        StandardOpenOption.APPEND);
    here.addDomain("here.test");
    here.addDomain("plain.here.test");
    here.addAccount(ALICE, Everpost.PASSWORD);
    here.done("alias", "add", "alice@plain.here.test", ALICE);
    server = here.serve();
  }

  @AfterAll
  void stop() throws IOException {
    try (greylist) {
      there.close();
      server.close();
    } finally {
      here.delete();
    }
  }

  private void submit(String to, String subject) {
    swaks(
        here.port(Installation.SUBMISSION),
        ALICE,
        to,
        subject,
        "--tls",
        "--auth",
        "PLAIN",
        "--auth-user",
        ALICE,
        "--auth-password",
        Everpost.PASSWORD);
  }

  private static void swaks(int port, String from, String to, String subject, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("swaks", "--server", "127.0.0.1", "--port", "" + port, "--from", from));
    words.addAll(List.of("--to", to, "--header", "Subject: " + subject));
    words.addAll(List.of(more));
    Tool.of(words).run().good();
  }

  /** The one message in Alice's INBOX whose subject this is, once it is there. */
  private String inbox(String subject) {
    StringBuilder message = new StringBuilder();
    Patience.await(
        () -> subject + " arrives: " + there.log(),
        () -> {
          try (ImapClient imap =
              ImapClient.login(here.port(Installation.IMAP), ALICE, Everpost.PASSWORD)) {
            imap.command("SELECT INBOX");
            var uids = imap.search("SUBJECT " + ImapClient.quoted(subject));
            if (uids.isEmpty()) {
              return false;
            }
            assertThat(uids).hasSize(1);
            message.append(imap.messageText(uids.getFirst()));
            return true;
          }
        });
    return message.toString();
  }

  @Test
  void whoIsAskedToComeAgainDoesAndTheMessageArrivesOnce() {
    submit(BOB, "grey");
    String arrived = there.received("grey");
    assertThat(arrived)
        .contains("with ESMTPS id")
        .contains("Received: from submission by mx.here.test")
        .contains("From: " + ALICE);
    assertThat(there.log()).containsOnlyOnce("451 4.7.1 <" + BOB + ">: Recipient address rejected");
    assertThat(server.logLines())
        .anyMatch(line -> line.contains("relay.deferred") && line.contains("come again"));
    Patience.await(
        () -> "the queue is empty",
        () -> Json.list(here.done("queue", "list", "--json")).isEmpty());
  }

  @Test
  void whatPostfixRefusesIsToldToTheSenderHere() {
    submit("nobody@there.test", "to nobody");
    assertThat(inbox("not be delivered"))
        .contains("Content-Type: multipart/report; report-type=delivery-status")
        .contains("Final-Recipient: rfc822; nobody@there.test")
        .contains("Action: failed")
        .contains("Subject: to nobody")
        .contains("554 5.7.1 <nobody@there.test>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"alice@here.test", "alice@plain.here.test"})
  void postfixDeliversWithTlsAndWithout(String to) {
    String subject = "to " + to;
    swaks(there.port(), BOB, to, subject);
    assertThat(inbox(subject))
        .startsWith("Return-Path: <" + BOB + ">\r\n")
        .contains(to.equals(ALICE) ? "with ESMTPS id" : "with ESMTP id")
        .contains("by mx.there.test (Postfix)");
  }

  @Test
  void whatIsRefusedHerePostfixTellsItsSender() {
    swaks(there.port(), BOB, "unknown@here.test", "to unknown");
    assertThat(there.received("Undelivered Mail Returned to Sender"))
        .contains("Final-Recipient: rfc822; unknown@here.test")
        .contains("550 5.1.1");
  }
}
