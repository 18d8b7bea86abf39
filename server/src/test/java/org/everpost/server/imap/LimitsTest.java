package org.everpost.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.everpost.server.net.TestClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that ask too much, say too much, or say nothing: each meets a limit and hears of it. */
class LimitsTest {
  private @Nullable ImapHouse house;

  @AfterEach
  void close() {
    if (house != null) {
      house.close();
      assertThat(house.errors()).isEmpty();
    }
  }

  private ImapHouse house() {
    ImapHouse made = house == null ? new ImapHouse() : house;
    house = made;
    return made;
  }

  /** A house whose clients run out of time at once. */
  private ImapHouse hasty(Duration login, Duration autologout, Duration literal) {
    ImapSettings s = ImapHouse.SETTINGS;
    ImapHouse made =
        new ImapHouse(
            new ImapSettings(
                s.messageSize(),
                login,
                autologout,
                literal,
                s.badCommands(),
                s.allBadCommands(),
                s.failedLogins()));
    house = made;
    return made;
  }

  @Test
  void fiveBadCommandsInARow() {
    try (ImapClient client = house().connect()) {
      for (int i = 0; i < 4; i++) {
        assertThat(client.reply("NONSENSE")).startsWith("BAD");
      }
      assertThat(client.reply("NOOP")).startsWith("OK");
      for (int i = 0; i < 5; i++) {
        assertThat(client.reply("NONSENSE")).startsWith("BAD");
      }
      assertThat(client.rest()).containsExactly("* BYE [CLIENTBUG] Too many bad commands");
    }
  }

  @Test
  void badCommandsInAll() {
    try (ImapClient client = house().login("alice")) {
      for (int i = 0; i < 49; i++) {
        assertThat(client.reply("NONSENSE")).startsWith("BAD");
        assertThat(client.reply("NOOP")).startsWith("OK");
      }
      assertThat(client.reply("NONSENSE")).startsWith("BAD");
      assertThat(client.rest()).containsExactly("* BYE [CLIENTBUG] Too many bad commands");
    }
  }

  @Test
  void tenThousandUnknownCommandsAtOnce() {
    try (ImapClient client = house().connect()) {
      client.connection().send("x NONSENSE\r\n".repeat(10_000));
      List<String> heard = client.rest();
      assertThat(heard).hasSizeLessThanOrEqualTo(6);
      assertThat(heard).contains("* BYE [CLIENTBUG] Too many bad commands");
    }
  }

  @Test
  void longLine() {
    try (ImapClient client = house().connect()) {
      assertThat(client.connection().ask("a " + "x".repeat(20_000)))
          .isEqualTo("* BAD Line too long");
      assertThat(client.reply("NOOP")).startsWith("OK");
    }
    try (ImapClient client = house().login("alice")) {
      assertThat(client.connection().ask("a SELECT " + "x".repeat(70_000)))
          .isEqualTo("* BAD Line too long");
    }
  }

  @Test
  void endlessLine() {
    try (ImapClient client = house().connect()) {
      client.connection().send("x".repeat(400_000));
      assertThat(client.rest()).containsExactly("* BYE [CLIENTBUG] Line too long");
    }
  }

  @Test
  void endlessLiterals() {
    try (ImapClient client = house().connect()) {
      assertThat(client.reply("LOGIN {100000000}")).startsWith("BAD");
      assertThat(client.reply("LOGIN {99999999999999999999999}")).startsWith("BAD");
      client.connection().line("x LOGIN {9999999999+}");
      assertThat(client.rest()).containsExactly("* BYE [TOOBIG] Literal too large");
    }
    try (ImapClient client = house().login("alice")) {
      assertThat(client.reply("SELECT {1000000}")).startsWith("BAD");
      client.connection().line("x APPEND INBOX {9999999999999+}");
      assertThat(client.rest()).containsExactly("* BYE [TOOBIG] Literal too large");
    }
  }

  /** Thirty by one command, the levels above the last. */
  @Test
  void tenThousandMailboxes() {
    try (ImapClient client = house().login("alice")) {
      String reply;
      int commands = 0;
      do {
        reply = client.reply("CREATE " + ++commands + "/x".repeat(29));
      } while (reply.startsWith("OK") && commands < 1_000);
      assertThat(reply).startsWith("NO [LIMIT] ");
      assertThat(client.ok("LIST \"\" *")).hasSizeBetween(9_971, 10_000);
      assertThat(client.reply("RENAME 1 other")).startsWith("NO [LIMIT] ");
      for (int level = 29; level >= 0; level--) {
        client.ok("DELETE 1" + "/x".repeat(level));
      }
      client.ok("CREATE one-more");
    }
  }

  @Test
  void manyLiteralsOfOneCommand() {
    try (ImapClient client = house().login("alice")) {
      StringBuilder command = new StringBuilder("x SEARCH");
      for (int i = 0; i < 40; i++) {
        command.append(" TEXT {8000+}\r\n").append("y".repeat(8000));
      }
      client.connection().line(command.toString());
      assertThat(client.read()).startsWith("x BAD");
      assertThat(client.reply("NOOP")).startsWith("OK");
    }
  }

  @Test
  void tooSlowToLogIn() {
    try (ImapClient client =
        hasty(Duration.ofMillis(300), Duration.ofMinutes(30), Duration.ofSeconds(10)).connect()) {
      assertThat(client.rest()).containsExactly("* BYE Too slow to log in");
    }
  }

  @Test
  void neverDoneLoggingIn() {
    ImapHouse hasty =
        hasty(Duration.ofMillis(1500), Duration.ofMinutes(30), Duration.ofSeconds(10));
    try (ImapClient client = hasty.connect()) {
      String reply = "OK";
      while (reply.startsWith("OK")) {
        reply = client.reply("NOOP");
      }
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void silentAfterLogin() {
    ImapHouse hasty = hasty(Duration.ofSeconds(20), Duration.ofMillis(300), Duration.ofSeconds(10));
    try (ImapClient client = hasty.login("alice")) {
      assertThat(client.rest()).containsExactly("* BYE Idle for too long");
    }
    try (ImapClient client = hasty.login("alice")) {
      client.send("IDLE");
      assertThat(client.rest()).containsExactly("+ idling", "* BYE Idle for too long");
    }
  }

  @Test
  void literalThatNeverComes() {
    ImapHouse hasty = hasty(Duration.ofSeconds(20), Duration.ofMinutes(30), Duration.ofMillis(300));
    try (ImapClient client = hasty.login("alice")) {
      client.send("APPEND INBOX {100+}\r\nSubject: never ");
      assertThat(client.rest()).containsExactly("* BYE Idle for too long");
    }
    try (ImapClient client = hasty.login("alice")) {
      client.send("SELECT {100+}\r\nIN");
      assertThat(client.rest()).containsExactly("* BYE Idle for too long");
    }
    try (ImapClient client = hasty.login("alice")) {
      assertThat(client.ok("STATUS INBOX (MESSAGES)"))
          .containsExactly("* STATUS INBOX (MESSAGES 0)");
    }
  }

  @Test
  void slowLiterals() {
    ImapHouse hasty = hasty(Duration.ofSeconds(20), Duration.ofMinutes(30), Duration.ofMillis(300));
    for (String begun :
        List.of(
            "x SELECT {1000+}\r\n", "x APPEND nowhere {1000+}\r\n", "x APPEND INBOX {1000+}\r\n")) {
      try (ImapClient client = hasty.login("alice")) {
        client.connection().send(begun);
        CompletableFuture<Void> drip = client.connection().drip("x");
        assertThat(client.rest()).containsExactly("* BYE Idle for too long");
        client.connection().hangUp();
        drip.join();
      }
    }
  }

  @Test
  void refusedCommandWithoutEnd() {
    String refused = "x SELECT {200000+}\r\n" + "y".repeat(200_000);
    try (ImapClient client = house().login("alice")) {
      client.connection().send(refused + " {268400000+}\r\n");
      assertThat(client.rest()).containsExactly("* BYE [TOOBIG] Literal too large");
    }
    try (ImapClient client = house().login("alice")) {
      client.connection().send(refused + " {0+}\r\n {3+}\r\nyyy)\r\nz NOOP\r\n");
      assertThat(client.read()).startsWith("x BAD");
      assertThat(client.read()).startsWith("z OK");
    }
  }

  /** Little that inflates to a lot meets the limits of what is inflated. */
  @Test
  void compressionBombs() throws IOException {
    String bomb = "x".repeat(10_000_000);
    for (String said :
        List.of(bomb, "x SELECT {1+}\r\n" + bomb, "x APPEND INBOX {10000000+}\r\n" + bomb)) {
      try (ImapClient client = house().login("alice")) {
        assertThat(client.reply("COMPRESS DEFLATE")).startsWith("OK");
        TestClient connection = client.connection();
        ByteArrayOutputStream small = new ByteArrayOutputStream();
        try (var deflate = new DeflaterOutputStream(small, new Deflater(9, true))) {
          deflate.write((said + "\r\nz LOGOUT\r\n").getBytes(StandardCharsets.US_ASCII));
        }
        connection.streams(
            new InflaterInputStream(connection.in(), new Inflater(true)), connection.out());
        connection.send(small.toString(StandardCharsets.ISO_8859_1));
        assertThat(client.read()).matches("\\* BYE \\[CLIENTBUG] Line too long|x NO \\[TOOBIG].*");
      }
    }
  }

  @Test
  void halfACommandHoldsNoReplyBack() {
    try (ImapClient client = house().login("alice")) {
      client.connection().send("a NOOP\r\nb SELECT");
      assertThat(client.read()).startsWith("a OK");
      client.connection().send(" nowhere\r\nc SELECT {7+}\r\nno");
      assertThat(client.read()).startsWith("b NO");
      client.connection().send("where\r\nd APPEND INBOX {9+}\r\na");
      assertThat(client.read()).startsWith("c NO");
      client.connection().send(": b\r\n\r\nx\r\n");
      assertThat(client.read()).startsWith("d OK");
    }
  }

  @Test
  void longPipelines() {
    try (ImapClient client = house().login("alice")) {
      client.connection().send("x NOOP\r\n".repeat(10_000));
      for (int i = 0; i < 10_000; i++) {
        assertThat(client.read()).isEqualTo("x OK Done");
      }
    }
  }

  @Test
  void threeFailedLogins() {
    try (ImapClient client = house().connect()) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.reply("LOGIN alice@example.test wrong" + i)).startsWith("NO");
      }
      assertThat(client.rest()).containsExactly("* BYE Too many failed logins");
    }
  }

  @Test
  void hungUpInTheMiddleOfALiteral() {
    try (ImapClient client = house().login("alice")) {
      client.send("APPEND INBOX {1000+}\r\nSubject: gone");
    }
    try (ImapClient client = house().login("alice")) {
      assertThat(client.ok("STATUS INBOX (MESSAGES)"))
          .containsExactly("* STATUS INBOX (MESSAGES 0)");
    }
  }

  @Test
  void plaintextBehindStartTls() {
    try (TestClient client = house().listener().connect()) {
      client.readLine();
      client.send("a STARTTLS\r\nb NOOP\r\n");
      assertThat(client.readLine()).isEqualTo("a BAD Nothing may follow STARTTLS before TLS");
      assertThat(client.readLine()).isEqualTo("* BYE [CLIENTBUG] Plain text behind STARTTLS");
      assertThat(client.readLine()).isNull();
    }
  }

  @Test
  void longNamesAndManyKeywords() {
    house().deliver("alice", ImapHouse.message("one"));
    try (ImapClient client = house().login("alice")) {
      assertThat(client.reply("CREATE " + "a/".repeat(30) + "a")).startsWith("NO [CANNOT]");
      assertThat(client.reply("CREATE " + "a/".repeat(29) + "a")).startsWith("OK");
      assertThat(client.reply("CREATE " + "a".repeat(1_001))).startsWith("NO [CANNOT]");
      client.ok("SELECT INBOX");
      for (int i = 0; i < 58; i++) {
        client.ok("STORE 1 +FLAGS.SILENT (k" + i + ")");
      }
      assertThat(client.reply("STORE 1 +FLAGS (one-more)")).startsWith("NO [LIMIT]");
      assertThat(client.reply("STORE 1 +FLAGS (" + "k".repeat(101) + ")")).startsWith("NO [LIMIT]");
    }
  }

  @Test
  void manyTexts() {
    try (ImapClient client = house().login("alice")) {
      client.ok("SELECT INBOX");
      assertThat(client.reply("SEARCH" + " BODY a".repeat(51))).startsWith("NO [LIMIT]");
      assertThat(client.reply("SEARCH" + " BODY a".repeat(50))).startsWith("OK");
      String pattern = " " + "a%".repeat(500);
      assertThat(client.reply("LIST \"\" (*" + pattern.repeat(5) + ")")).startsWith("NO [LIMIT]");
      assertThat(client.reply("LIST \"\" (*" + pattern.repeat(4) + ")")).startsWith("OK");
      // RFC 9051 §6.3.9: what is longer than any name is no error.
      assertThat(client.ok("LIST \"\" " + "a%".repeat(3000))).isEmpty();
      assertThat(client.ok("LSUB \"\" " + "a%".repeat(3000))).isEmpty();
      assertThat(client.ok("LIST \"\" I" + "%*".repeat(3000))).hasSize(1);
    }
  }
}
