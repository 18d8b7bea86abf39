package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are broken or mean no good: each meets a limit, and nothing of it stays behind. */
@Tag("slow")
class HostileClientsTest {

  @RegisterExtension
  static final Everpost EVERPOST =
      new Everpost("[limits]", "connections-per-address = 20", "message-size = \"1MB\"");

  private static final int COMMANDS = 10_000;
  private static final int PLENTY = 1 << 20;
  private static final String INTERNET = "127.0.0.2";

  /** Whoever has gone is forgotten: no connection is counted when all are over. */
  @AfterAll
  static void nothingLeaks() {
    Patience.await(
        () -> EVERPOST.installation().done("status"),
        () -> EVERPOST.installation().connections() == 0);
  }

  /** What the server still says, until it hangs up; a reset is also an end. */
  private static String rest(LineSocket connection) throws IOException {
    StringBuilder said = new StringBuilder();
    try {
      while (said.length() < PLENTY) {
        said.append(connection.line()).append('\n');
      }
      throw new AssertionError("it goes on for ever: " + said.substring(0, 1_000));
    } catch (EOFException | SocketException e) {
      return said.toString();
    }
  }

  private static boolean write(LineSocket connection, byte[] octets) {
    try {
      connection.write(octets);
      connection.flush();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void assertStillServes() throws IOException {
    try (SmtpClient smtp = new SmtpClient(EVERPOST.port(Installation.SMTP))) {
      smtp.deliver(
          "a@elsewhere.example",
          "user39@example.test",
          "Subject: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      smtp.quit();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "smtp, STARTTLS, 220, RSET, EHLO x.example",
    "submission, STARTTLS, 220, RSET, EHLO x.example",
    "lmtp, STARTTLS, 220, RSET, LHLO x.example",
    "imap, a STARTTLS, a OK, b CREATE injected, c NOOP",
    "pop3, STLS, +OK, CAPA, USER x"
  })
  void whatWasSaidBeforeTlsIsNotDoneUnderTls(
      String service, String startTls, String ready, String injected, String next)
      throws IOException {
    try (LineSocket connection = LineSocket.plain(EVERPOST.port(service))) {
      connection.line();
      if (!startTls.startsWith("a") && !service.equals("pop3")) {
        connection.send(service.equals("lmtp") ? "LHLO x.example" : "EHLO x.example");
        while (connection.line().charAt(3) == '-') {
          // The extensions are of no interest.
        }
      }
      connection.write(startTls + "\r\n" + injected + "\r\n");
      connection.flush();
      String answer = connection.line();
      if (answer.matches("(554 5.5.1|a BAD|-ERR) .*")) {
        // Both commands are refused.
        return;
      }
      assertThat(answer).startsWith(ready);
      // Either the connection ends here, or the first reply is to the first command under TLS.
      String reply;
      try {
        connection.startTls();
        connection.send(next);
        reply = connection.line();
      } catch (IOException e) {
        return;
      }
      assertThat(reply)
          .matches(
              switch (service) {
                case "imap" -> "(c OK|\\* BYE).*";
                case "pop3" -> "\\+OK|\\+OK [^C].*|-ERR.*";
                default -> "(250-mx1|421).*";
              });
      assertThat(reply).doesNotContain("b OK");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"smtp", "lmtp", "submission", "imap", "pop3"})
  void aLineWithoutAnEndEndsTheConnection(String service) throws IOException {
    try (LineSocket connection = LineSocket.plain(EVERPOST.port(service))) {
      connection.line();
      byte[] part = "x".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);
      // It may listen for a moment after its last word, so that this word arrives.
      Patience.await(() -> "the end of an endless line", () -> !write(connection, part));
    }
    assertStillServes();
  }

  @ParameterizedTest
  @ValueSource(strings = {"smtp", "lmtp", "submission", "imap", "pop3"})
  void tenThousandUnknownCommandsEndSooner(String service) throws IOException {
    try (LineSocket connection = LineSocket.plain(EVERPOST.port(service))) {
      connection.line();
      try {
        for (int i = 0; i < COMMANDS; i++) {
          connection.write("a" + i + " XYZZY\r\n");
        }
        connection.flush();
      } catch (IOException e) {
        // It has had enough.
      }
      long replies = rest(connection).lines().count();
      assertThat(replies).isLessThan(COMMANDS / 5);
    }
    assertStillServes();
  }

  @Test
  void tenThousandUnknownCommandsOfAUserEndSoonerToo() throws IOException {
    try (LineSocket connection = LineSocket.plain(EVERPOST.port(Installation.IMAP))) {
      connection.line();
      connection.send("a LOGIN " + EVERPOST.newUser() + " " + ImapClient.quoted(Everpost.PASSWORD));
      assertThat(connection.line()).startsWith("a OK");
      try {
        for (int i = 0; i < COMMANDS; i++) {
          connection.write("a" + i + " NOOP\r\nb" + i + " XYZZY\r\n");
        }
        connection.flush();
      } catch (IOException e) {
        // It has had enough.
      }
      assertThat(rest(connection)).contains("* BYE");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"smtp", "lmtp", "submission", "submissions", "imap", "imaps", "pop3", "pop3s"})
  void oneAddressHasSoManyConnectionsAndNoMore(String service) throws IOException {
    List<LineSocket> all = new ArrayList<>();
    try {
      for (int i = 0; i < 40; i++) {
        all.add(LineSocket.plainFrom(INTERNET, EVERPOST.port(service)));
      }
      Patience.await(
          () -> "at most 20 connections", () -> EVERPOST.installation().connections() <= 20);
      // This one comes from elsewhere.
      assertStillServes();
    } finally {
      for (LineSocket connection : all) {
        connection.reset();
      }
    }
    Patience.await(() -> "all gone", () -> EVERPOST.installation().connections() == 0);
  }

  @Test
  void halfOpenConnectionsEnd() throws IOException {
    for (String service : List.of("smtp", "lmtp", "submission", "imap", "pop3")) {
      try (LineSocket connection = LineSocket.plain(EVERPOST.port(service))) {
        connection.write("HALF A COMM");
        connection.shutdownOutput();
        rest(connection);
      }
      try (LineSocket connection = LineSocket.plain(EVERPOST.port(service))) {
        connection.write("HALF A COMM");
        connection.flush();
        connection.reset();
      }
    }
    try (LineSocket connection = LineSocket.plain(EVERPOST.port(Installation.SMTP))) {
      connection.write(
          "EHLO x.example\r\nMAIL FROM:<>\r\nRCPT TO:<user38@example.test>\r\nDATA\r\n"
              + "Subject: half a mess");
      connection.shutdownOutput();
      assertThat(rest(connection)).doesNotContain("250 2.0.0");
    }
    try (ImapClient imap = ImapClient.login(EVERPOST, "user38@example.test")) {
      imap.command("SELECT INBOX");
      assertThat(imap.search("ALL")).isEmpty();
    }
  }

  @Test
  void whoIsSilentHasAMinute() throws IOException {
    List<LineSocket> silent = new ArrayList<>();
    try {
      // These do not even shake hands.
      silent.add(LineSocket.plain(EVERPOST.port(Installation.IMAPS)));
      silent.add(LineSocket.plain(EVERPOST.port(Installation.SUBMISSIONS)));
      // And these do not log in.
      silent.add(LineSocket.tls(EVERPOST.port(Installation.IMAPS)));
      silent.add(LineSocket.plain(EVERPOST.port(Installation.IMAP)));
      silent.add(LineSocket.tls(EVERPOST.port(Installation.POP3S)));
      silent.add(LineSocket.plain(EVERPOST.port(Installation.POP3)));
      for (LineSocket connection : silent) {
        rest(connection);
      }
    } finally {
      for (LineSocket connection : silent) {
        connection.close();
      }
    }
  }

  @Test
  void literalsWithoutAnEndAreRefused() throws IOException {
    try (LineSocket connection = LineSocket.plain(EVERPOST.port(Installation.IMAP))) {
      connection.line();
      connection.send("a LOGIN {100000000}");
      assertThat(connection.line()).matches("(a (BAD|NO)|\\* BYE).*");
    }
    try (LineSocket connection = LineSocket.plain(EVERPOST.port(Installation.IMAP))) {
      connection.line();
      connection.send("a LOGIN " + EVERPOST.newUser() + " " + ImapClient.quoted(Everpost.PASSWORD));
      assertThat(connection.line()).startsWith("a OK");
      connection.send("b APPEND INBOX {9999999999}");
      assertThat(connection.line()).matches("b (BAD|NO).*");
      connection.send("c APPEND INBOX {2000000}");
      assertThat(connection.line()).startsWith("c NO [TOOBIG]");
      connection.send("d NOOP");
      assertThat(connection.line()).startsWith("d OK");
    }
  }

  @Test
  void noiseIsNoDialogue() throws IOException {
    byte[] noise = new byte[100_000];
    new Random(7).nextBytes(noise);
    for (String service :
        List.of("smtp", "lmtp", "submission", "submissions", "imap", "imaps", "pop3", "pop3s")) {
      try (LineSocket connection = LineSocket.plain(EVERPOST.port(service))) {
        connection.write(noise);
        connection.shutdownOutput();
        rest(connection);
      } catch (SocketException e) {
        // Hung up on before all was said.
      }
    }
    assertStillServes();
  }
}
