package org.everpost.server.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.everpost.core.event.ConnectionEvent;
import org.everpost.server.net.Listeners;
import org.everpost.server.net.Service;
import org.everpost.server.net.TestClient;
import org.junit.jupiter.api.Test;

/**
 * What clients say in the {@link Dialogue}s, damaged in every way and all at once. Whatever comes,
 * the server answers with replies, ends when the client does, and gives everything back.
 */
class MutatedDialogueTest {

  private static final List<String> SNIPPETS =
      List.of(
          "\r\n",
          "\n",
          "\r",
          ".\r\n",
          "\r\n.\r\n",
          "\u0000",
          "BDAT 5 LAST\r\n",
          "BDAT 99999999999\r\n",
          "DATA\r\n",
          "RSET\r\n",
          "STARTTLS\r\n",
          "EHLO x\r\n",
          "MAIL FROM:<a@b.test>\r\nRCPT TO:<alice@example.test>\r\n",
          "AUTH LOGIN\r\n",
          "<".repeat(300),
          "x".repeat(3_000));

  @Test
  void nothingBreaksTheServer() throws IOException {
    List<Dialogue> dialogues = Dialogue.all();
    Random random = new Random(11);
    try (SmtpHouse house = new SmtpHouse()) {
      for (int round = 0; round < 800; round++) {
        Dialogue dialogue = dialogues.get(round % dialogues.size());
        if (dialogue.service() == Service.SUBMISSION && round % 40 > 0) {
          continue; // a failed login takes its time on purpose
        }
        String said = dialogue.said();
        for (int i = random.nextInt(4); i >= 0; i--) {
          said = mutated(said, random);
        }
        String heard = exchange(house, dialogue.service(), said);
        assertThat(heard.split("\r\n", -1))
            .as("seed 11, round " + round)
            .allMatch(line -> line.isEmpty() || line.matches("[2-5][0-9]{2}[ -].*"));
      }
      assertThat(house.events(ConnectionEvent.SessionFailed.class)).isEmpty();
      for (Service service : new Service[] {Service.SMTP, Service.LMTP, Service.SUBMISSION}) {
        Listeners listeners = house.listener(service).listeners();
        listeners.drain(Duration.ofSeconds(5));
        assertThat(listeners.connections().values()).allMatch(count -> count == 0);
      }
    }
  }

  private static String mutated(String said, Random random) {
    int from = random.nextInt(said.length() + 1);
    int to = Math.min(said.length(), from + random.nextInt(30));
    String head = said.substring(0, from);
    String tail = said.substring(to);
    String piece = said.substring(from, to);
    return switch (random.nextInt(5)) {
      case 0 -> head + tail;
      case 1 -> head + piece + piece + tail;
      case 2 -> head + SNIPPETS.get(random.nextInt(SNIPPETS.size())) + tail;
      case 3 -> head + (char) random.nextInt(256) + tail;
      default -> random.nextInt(5) == 0 ? head : tail + head;
    };
  }

  /** Says all of it, then nothing more, and listens to the end. */
  private static String exchange(SmtpHouse house, Service service, String said) throws IOException {
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    try (TestClient client = TestClient.connect(house.listener(service).address())) {
      Socket socket = client.socket();
      try {
        socket.getOutputStream().write(said.getBytes(ISO_8859_1));
        socket.shutdownOutput();
        socket.getInputStream().transferTo(heard);
      } catch (SocketException e) {
        // It was told to go and did not listen.
      }
    }
    String text = heard.toString(ISO_8859_1);
    int end = text.lastIndexOf("\r\n");
    return end < 0 ? "" : text.substring(0, end); // the reset may have cut the last line
  }
}
