package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thousand messages of 25 MB under way at once, into a server with a heap of 512 MB. */
@Tag("slow")
class ManyMessagesTest {

  private static final int MESSAGES = 1_000;
  private static final int SIZE = 25_000_000;
  private static final byte[] PIECE =
      ("x".repeat(78) + "\r\n").repeat(1_250).getBytes(StandardCharsets.US_ASCII);

  /** So much of every message comes: in all twice the heap. */
  private static final int PIECES = 11;

  /** So many come whole, which is enough to see that they can. */
  private static final int WHOLE = 20;

  @Test
  void nothingIsHeldInMemory() throws IOException {
    Installation installation = Installation.create("ManyMessagesTest");
    List<LineSocket> clients = new ArrayList<>();
    try {
      installation.addDomain("example.test");
      installation.addAccount("alice@example.test", "secret");
      try (EverpostProcess server = installation.serve("-Xmx512m")) {
        for (int i = 0; i < MESSAGES; i++) {
          clients.add(begun(installation.port(Installation.SMTP)));
        }
        send(clients, PIECES);
        send(clients.subList(0, WHOLE), SIZE / PIECE.length - PIECES);
        for (LineSocket client : clients) {
          client.send(".");
          assertThat(client.line()).startsWith("250 2.0.0");
        }
        assertThat(server.isAlive()).isTrue();
      }
    } finally {
      for (LineSocket client : clients) {
        client.close();
      }
      installation.delete();
    }
  }

  private static LineSocket begun(int port) throws IOException {
    LineSocket client = LineSocket.plain(port);
    client.line();
    client.write("HELO x.example\r\nMAIL FROM:<a@elsewhere.example>\r\n");
    client.write("RCPT TO:<alice@example.test>\r\nDATA\r\n");
    client.flush();
    for (String code : List.of("250", "250", "250", "354")) {
      assertThat(client.line()).startsWith(code);
    }
    return client;
  }

  /** A piece of each in turn, so that all of them grow together. */
  private static void send(List<LineSocket> clients, int pieces) throws IOException {
    for (int piece = 0; piece < pieces; piece++) {
      for (LineSocket client : clients) {
        client.write(PIECE);
        client.flush();
      }
    }
  }
}
