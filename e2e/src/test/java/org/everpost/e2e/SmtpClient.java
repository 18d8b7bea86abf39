package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Sends messages fast, each together with the commands for the next (RFC 2920). */
final class SmtpClient implements AutoCloseable {

  private final LineSocket connection;

  SmtpClient(int port) throws IOException {
    connection = LineSocket.plain(port);
    expect("220");
    connection.send("EHLO client.test");
    expect("250");
  }

  /** The last line of a reply, which has to begin so. */
  String expect(String code) throws IOException {
    String line = connection.line();
    while (line.length() > 3 && line.charAt(3) == '-') {
      line = connection.line();
    }
    assertThat(line).startsWith(code);
    return line;
  }

  /** One message, from its envelope to the reply that says it is safe. */
  void deliver(String from, String to, byte[] message) throws IOException {
    send(from, to, message);
    expectAccepted();
  }

  /** Only sends, up to the end of the message; see {@link #expectAccepted}. */
  void send(String from, String to, byte[] message) throws IOException {
    connection.write("MAIL FROM:<" + from + "> BODY=8BITMIME\r\nRCPT TO:<" + to + ">\r\nDATA\r\n");
    connection.flush();
    expect("250");
    expect("250");
    expect("354");
    connection.write(dotStuffed(message));
    connection.flush();
  }

  void expectAccepted() throws IOException {
    expect("250");
  }

  /** RFC 5321 §4.5.2, with the line of a single dot at the end. */
  private static byte[] dotStuffed(byte[] message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(message.length + 64);
    boolean lineBegins = true;
    for (byte octet : message) {
      if (lineBegins && octet == '.') {
        out.write('.');
      }
      out.write(octet);
      lineBegins = octet == '\n';
    }
    if (!lineBegins) {
      out.write('\r');
      out.write('\n');
    }
    out.writeBytes(new byte[] {'.', '\r', '\n'});
    return out.toByteArray();
  }

  void quit() throws IOException {
    connection.send("QUIT");
    expect("221");
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
