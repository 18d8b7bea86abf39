package org.everpost.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.everpost.core.event.ConnectionEvent;
import org.everpost.server.net.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** BDAT (RFC 3030). */
class ChunkingTest {

  private final SmtpHouse house = new SmtpHouse();

  @AfterEach
  void close() {
    house.close();
    assertThat(house.events(ConnectionEvent.SessionFailed.class)).isEmpty();
  }

  private SmtpClient ready() {
    return house.connect(Service.SMTP).ask("EHLO c", "250-").mail("a@b.test", "alice@example.test");
  }

  private String only() {
    return house.inbox("alice@example.test").getFirst();
  }

  @Test
  void piecesBecomeOneMessage() {
    try (SmtpClient client = ready()) {
      client.send("BDAT 6\r\nS: x\r\n").expect("250 2.0.0 6 octets");
      client.ask("NOOP", "250").ask("VRFY x", "252").ask("HELP", "214");
      client.send("BDAT 2\r\n\r\nBDAT 0\r\nBDAT 4\r\n.\r\n.").expect("250").expect("250");
      client.expect("250 2.0.0 4 octets").send("BDAT 3 LAST\r\n\r\ny").expect("250 2.0.0 Stored");
      client.mail("a@b.test", "alice@example.test");
    }
    assertThat(only()).endsWith("S: x\r\n\r\n.\r\n.\r\ny");
  }

  @Test
  void anEmptyLastPiece() {
    try (SmtpClient client = ready()) {
      client
          .send("BDAT 8\r\nS: x\r\n\r\nBDAT 0 LAST\r\n")
          .expect("250 2.0.0 8")
          .expect("250 2.0.0 S");
    }
    assertThat(only()).endsWith("S: x\r\n\r\n");
  }

  @Test
  void onlyBdatMayFollowUntilTheLast() {
    try (SmtpClient client = ready()) {
      client.send("BDAT 6\r\nS: x\r\n").expect("250");
      client.ask("DATA", "503 5.5.1").ask("MAIL FROM:<>", "503").ask("RCPT TO:<b@c.test>", "503");
      client.ask("STARTTLS", "503").ask("BOGUS", "500");
      client.send("BDAT 2 LAST\r\n\r\n").expect("250 2.0.0 Stored");
      client.send("BDAT 2 LAST\r\nxx").expect("503 5.5.1").ask("NOOP", "250");
    }
    assertThat(only()).endsWith("S: x\r\n\r\n");
  }

  @Test
  void givingUpLeavesNothing() {
    try (SmtpClient client = ready()) {
      client.send("BDAT 6\r\nS: x\r\n").expect("250").ask("RSET", "250 2.0.0");
      client.ask("BDAT 2 LAST\r\n", "503").mail("a@b.test", "alice@example.test");
      client.send("BDAT 6\r\nS: x\r\n").expect("250").ask("EHLO again", "250-");
      client.ask("RCPT TO:<alice@example.test>", "503").mail("a@b.test", "alice@example.test");
      client.send("BDAT 6\r\nS: x\r\n").expect("250").ask("QUIT", "221");
      assertThat(client.reply()).isEqualTo(SmtpClient.CLOSED);
    }
    try (SmtpClient client = ready()) {
      client.send("BDAT 6\r\nS: x\r\n").expect("250").send("BDAT 100\r\nabc");
    }
    house.close();
    assertThat(house.received).hasValue(0);
  }

  @Test
  void afterAFailedPieceTheRestIsReadAway() {
    try (SmtpClient client = ready()) {
      client.send("BDAT 3\r\nx\nyBDAT 4\r\nQUITBDAT 4 LAST\r\nQUIT");
      client.expect("550 5.5.2").expect("503 5.5.1").expect("503 5.5.1");
      client.mail("a@b.test", "alice@example.test");
      client.send("BDAT 3\r\nx\ny").expect("550 5.5.2").ask("MAIL FROM:<>", "503");
      client.ask("RSET", "250").mail("a@b.test", "alice@example.test");
    }
  }

  @Test
  void binaryIsTakenAsItIsAndOnlyByBdat() {
    try (SmtpClient client = ready()) {
      client.ask("RSET", "250").ask("MAIL FROM:<a@b.test> BODY=BINARYMIME", "250");
      client.ask("RCPT TO:<alice@example.test>", "250").ask("DATA", "503 5.5.1");
      client.send("BDAT 13 LAST\r\nS: x\r\n\r\n\n.\r\u0000z").expect("250 2.0.0 Stored");
    }
    assertThat(only()).endsWith("S: x\r\n\r\n\n.\r\u0000z");
  }

  @Test
  void aBareCrAtTheEdgeOfAPieceIsSeen() {
    try (SmtpClient client = ready()) {
      client.send("BDAT 2\r\nx\r").expect("250").send("BDAT 1 LAST\r\ny").expect("550 5.5.2");
      client.mail("a@b.test", "alice@example.test");
      client.send("BDAT 2\r\nx\r").expect("250").send("BDAT 1 LAST\r\n\n").expect("250");
      client.mail("a@b.test", "alice@example.test");
      client.send("BDAT 2 LAST\r\nx\r").expect("550 5.5.2").ask("NOOP", "250");
    }
  }

  @Test
  void sizesAddUp() {
    String half = "x".repeat(600_000);
    try (SmtpClient client = ready()) {
      client.send("BDAT 600000\r\n" + half).expect("250 2.0.0");
      client.send("BDAT 600000\r\n" + half).expect("552 5.3.4");
      client.send("BDAT 600000 LAST\r\n" + half).expect("503 5.5.1");
      client.mail("a@b.test", "alice@example.test");
      client.send("BDAT 1000001 LAST\r\n" + half + half.substring(0, 400_001)).expect("552 5.3.4");
      client.ask("NOOP", "250");
    }
    assertThat(house.received).hasValue(0);
  }

  @Test
  void hugeSizesEndTheSession() {
    try (SmtpClient client = ready()) {
      client.send("BDAT 99999999999999999999 LAST\r\nabc").expect("421 4.7.0");
      assertThat(client.reply()).isEqualTo(SmtpClient.CLOSED);
    }
    try (SmtpClient client = house.connect(Service.SMTP)) {
      client.send("BDAT 9223372036854775807\r\nabc").expect("503 5.5.1");
      assertThat(client.reply()).isEqualTo(SmtpClient.CLOSED);
    }
    try (SmtpClient client = ready()) {
      client.send("BDAT many\r\nQUIT\r\n").expect("501 5.5.4");
      assertThat(client.reply()).isEqualTo(SmtpClient.CLOSED);
    }
  }

  @Test
  void aStoreThatFailsIsTemporaryAndKeepsStep() {
    try (SmtpClient client = ready()) {
      house.failingReceives.set(1);
      client.send("BDAT 4\r\nQUITBDAT 4 LAST\r\nQUIT").expect("451 4.3.0").expect("503 5.5.1");
      client.mail("a@b.test", "alice@example.test");
      client.send("BDAT 8 LAST\r\nS: x\r\n\r\n").expect("250 2.0.0 Stored");
    }
  }
}
