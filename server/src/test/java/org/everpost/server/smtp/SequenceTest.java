package org.everpost.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.everpost.server.net.Service;
import org.junit.jupiter.api.Test;

/** Every command in every state. */
class SequenceTest {

  /** The way into a state, and the code each command is answered with there. */
  private record Row(String name, List<String> way, String codes) {}

  private static final List<String> COMMANDS =
      List.of(
          "EHLO x",
          "HELO x",
          "LHLO x",
          "MAIL FROM:<a@b.test>",
          "RCPT TO:<alice@example.test>",
          "DATA",
          "BDAT 2",
          "BDAT 2 LAST",
          "RSET",
          "NOOP",
          "VRFY x",
          "EXPN x",
          "HELP",
          "QUIT",
          "STARTTLS",
          "AUTH PLAIN",
          "BOGUS");

  private static final String MAIL = "MAIL FROM:<a@b.test>";
  private static final String RCPT = "RCPT TO:<alice@example.test>";
  private static final String FAILED = "BDAT 2\r\n\n\n";

  // EHLO HELO LHLO MAIL RCPT DATA BDAT BDAT-LAST RSET NOOP VRFY EXPN HELP QUIT STARTTLS AUTH BOGUS
  private static final List<Row> ROWS =
      List.of(
          new Row(
              "connected",
              List.of(),
              "250 250 500 503 503 503 503 503 250 250 252 502 214 221 503 502 500"),
          new Row(
              "idle",
              List.of("EHLO x"),
              "250 250 500 250 503 503 503 503 250 250 252 502 214 221 220 502 500"),
          new Row(
              "after MAIL",
              List.of("EHLO x", MAIL),
              "250 250 500 503 250 503 503 503 250 250 252 502 214 221 503 502 500"),
          new Row(
              "after RCPT",
              List.of("EHLO x", MAIL, RCPT),
              "250 250 500 503 250 354 250 250 250 250 252 502 214 221 503 502 500"),
          new Row(
              "after BDAT",
              List.of("EHLO x", MAIL, RCPT, "BDAT 2\r\n\r\n"),
              "250 250 500 503 503 503 250 250 250 250 252 502 214 221 503 502 500"),
          new Row(
              "after a BDAT that failed",
              List.of("EHLO x", MAIL, RCPT, FAILED),
              "250 250 500 503 503 503 503 503 250 250 252 502 214 221 503 502 500"));

  @Test
  void everyCommandInEveryState() {
    try (SmtpHouse house = new SmtpHouse()) {
      for (Row row : ROWS) {
        List<String> codes = new ArrayList<>();
        for (String command : COMMANDS) {
          codes.add(code(house, row.way(), command));
        }
        assertThat(String.join(" ", codes)).as(row.name()).isEqualTo(row.codes());
      }
    }
  }

  private static String code(SmtpHouse house, List<String> way, String command) {
    try (SmtpClient client = house.connect(Service.SMTP)) {
      for (String step : way) {
        String reply = step.startsWith("BDAT") ? client.send(step).reply() : client.ask(step);
        assertThat(reply).startsWith(step.equals(FAILED) ? "550" : "250");
      }
      if (command.startsWith("BDAT")) {
        return client.send(command + "\r\n\r\n").reply().substring(0, 3);
      }
      return client.ask(command).substring(0, 3);
    }
  }
}
