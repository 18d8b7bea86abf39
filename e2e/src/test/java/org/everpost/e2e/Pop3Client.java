package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Takes messages fast, with many commands under way (RFC 2449 §6.6). */
final class Pop3Client implements AutoCloseable {

  private static final int UNDER_WAY = 50;

  private final LineSocket connection;

  Pop3Client(Everpost server, String user) throws IOException {
    this(server.port(Installation.POP3), user);
  }

  Pop3Client(int port, String user) throws IOException {
    connection = LineSocket.plain(port);
    expectOk();
    connection.send("USER " + user);
    expectOk();
    connection.send("PASS " + Everpost.PASSWORD);
    expectOk();
  }

  private String expectOk() throws IOException {
    String line = connection.line();
    assertThat(line).startsWith("+OK");
    return line;
  }

  int count() throws IOException {
    connection.send("STAT");
    return Integer.parseInt(expectOk().split(" ", -1)[1]);
  }

  /** All of them, from the first on. */
  List<byte[]> messages() throws IOException {
    int count = count();
    List<byte[]> messages = new ArrayList<>();
    for (int first = 1; first <= count; first += UNDER_WAY) {
      int last = Math.min(count, first + UNDER_WAY - 1);
      for (int number = first; number <= last; number++) {
        connection.write("RETR " + number + "\r\n");
      }
      connection.flush();
      for (int number = first; number <= last; number++) {
        expectOk();
        messages.add(lines());
      }
    }
    return messages;
  }

  /** Up to the line with a single dot (RFC 1939 §3). */
  private byte[] lines() throws IOException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    for (String line = connection.line(); !line.equals("."); line = connection.line()) {
      String text = line.startsWith(".") ? line.substring(1) : line;
      octets.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
      octets.write('\r');
      octets.write('\n');
    }
    return octets.toByteArray();
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
