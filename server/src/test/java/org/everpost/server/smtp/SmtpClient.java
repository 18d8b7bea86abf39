package org.everpost.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.everpost.server.net.TestClient;
import org.jspecify.annotations.Nullable;

/** A client for tests: says a command, gets its whole reply. */
final class SmtpClient implements AutoCloseable {

  /** What {@link #reply} says when the server has closed the connection. */
  static final String CLOSED = "closed";

  private final TestClient client;

  private SmtpClient(TestClient client) {
    this.client = client;
  }

  static SmtpClient connect(InetSocketAddress server, String from, boolean tls) {
    TestClient client = TestClient.connect(server, from);
    SmtpClient smtp = new SmtpClient(tls ? client.tls() : client);
    assertThat(smtp.reply()).startsWith("220 mx.example.test ");
    return smtp;
  }

  /** A client that has not read the greeting. */
  static SmtpClient connect(InetSocketAddress server, String from) {
    return new SmtpClient(TestClient.connect(server, from));
  }

  /** Sends a command and returns the reply, its lines separated by LF. */
  String ask(String command) {
    client.line(command);
    return reply();
  }

  /** Sends octets as they are. */
  SmtpClient send(String octets) {
    client.send(octets);
    return this;
  }

  /** The next reply. */
  String reply() {
    StringBuilder reply = new StringBuilder();
    while (true) {
      @Nullable String line = client.readLine();
      if (line == null) {
        return CLOSED;
      }
      assertThat(line).matches("[2-5][0-9][0-9][ -].*");
      reply.append(line);
      if (line.charAt(3) == ' ') {
        return reply.toString();
      }
      reply.append('\n');
    }
  }

  /** Sends a command that has to be answered like this. */
  SmtpClient ask(String command, String expected) {
    assertThat(ask(command)).as(command).startsWith(expected);
    return this;
  }

  SmtpClient expect(String expected) {
    assertThat(reply()).startsWith(expected);
    return this;
  }

  /** Begins a message, up to before DATA. */
  SmtpClient mail(String from, String... recipients) {
    ask("MAIL FROM:<" + from + ">", "250 2.1.0");
    for (String recipient : recipients) {
      ask("RCPT TO:<" + recipient + ">", "250 2.1.5");
    }
    return this;
  }

  /** Sends a message by DATA and returns the reply. */
  String data(String message) {
    ask("DATA", "354 ");
    client.send(("\r\n" + message).replace("\r\n.", "\r\n..").substring(2));
    client.send(".\r\n");
    return reply();
  }

  SmtpClient startTls() {
    ask("STARTTLS", "220 2.0.0");
    client.tls();
    return this;
  }

  TestClient raw() {
    return client;
  }

  @Override
  public void close() {
    client.close();
  }
}
