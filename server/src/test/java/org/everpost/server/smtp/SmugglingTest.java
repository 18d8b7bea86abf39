package org.everpost.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.everpost.server.net.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages within messages, and commands before TLS. */
class SmugglingTest {

  private final SmtpHouse house = new SmtpHouse();

  @AfterEach
  void close() {
    house.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n.\n",
        "\r.\r",
        "\n.\r\n",
        "\r\n.\n",
        "\r\n.\r",
        "\r.\r\n",
        "\r\r\n.\r\r\n",
        "\n\n.\n\n",
        "\r\n.\r\r\n",
        "\u0000\n.\r\n"
      })
  void noOtherEndOfDataIsOne(String fake) {
    String second =
        "MAIL FROM:<evil@b.test>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\nS: evil\r\n\r\n";
    try (SmtpClient client = house.connect(Service.SMTP)) {
      client.ask("EHLO c", "250-").mail("a@b.test", "alice@example.test").ask("DATA", "354");
      client.send("S: x\r\n\r\nx" + fake + second + ".\r\n").expect("550 5.5.2");
      client.ask("NOOP", "250 2.0.0").mail("a@b.test", "alice@example.test");
      assertThat(client.data("S: good\r\n\r\n")).startsWith("250");
    }
    assertThat(house.inbox("alice@example.test")).hasSize(1);
    assertThat(house.inbox("bob@example.test")).isEmpty();
  }

  @Test
  void commandsEndWithCrLf() {
    try (SmtpClient client = house.connect(Service.SMTP)) {
      client.send("EHLO c\n").expect("500 5.5.2").send("EHLO c\rNOOP\r\n").expect("500 5.5.2");
      client.send("NO\u0000OP\r\n").expect("500 5.5.2").ask("EHLO c", "250-");
    }
  }

  @Test
  void nothingIsCarriedIntoTls() {
    for (Service service : new Service[] {Service.SMTP, Service.LMTP, Service.SUBMISSION}) {
      try (SmtpClient client = house.connect(service)) {
        client.ask(service == Service.LMTP ? "LHLO c" : "EHLO c", "250-");
        client.send("STARTTLS\r\nMAIL FROM:<evil@b.test>\r\n").expect("554 5.5.1");
        assertThat(client.reply()).isEqualTo(SmtpClient.CLOSED);
      }
    }
    try (SmtpClient client = house.connect(Service.SMTP)) {
      client.ask("EHLO c", "250-").startTls().ask("MAIL FROM:<a@b.test>", "503 5.5.1");
      client.ask("EHLO c", "250-").ask("MAIL FROM:<a@b.test>", "250");
    }
  }
}
