package org.everpost.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.everpost.server.net.TestClient;
import org.jspecify.annotations.Nullable;

/**
 * A client for tests. A response is one string, its literals in their places: {@code BODY[]
 * {2}\r\nhi)} reads {@code BODY[] {2}hi)}.
 */
final class ImapClient implements AutoCloseable {
  private final TestClient connection;
  private final String greeting;
  private int lastTag;

  ImapClient(TestClient connection) {
    this.connection = connection;
    this.greeting = Objects.requireNonNull(read(), "greeting");
  }

  String greeting() {
    return greeting;
  }

  TestClient connection() {
    return connection;
  }

  /** The next response; null at the end. */
  @Nullable String read() {
    StringBuilder response = new StringBuilder();
    while (true) {
      String line = connection.readLine();
      if (line == null) {
        return response.isEmpty() ? null : response.toString();
      }
      response.append(line);
      int size = literal(line);
      if (size < 0) {
        return response.toString();
      }
      response.append(octets(size));
    }
  }

  private static int literal(String line) {
    int open = line.lastIndexOf('{');
    return line.endsWith("}") && open >= 0
        ? Integer.parseInt(line.substring(open + 1, line.length() - 1))
        : -1;
  }

  private String octets(int size) {
    try {
      byte[] octets = connection.in().readNBytes(size);
      assertThat(octets).hasSize(size);
      return new String(octets, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a command with a tag of its own; returns the tag. */
  String send(String command) {
    String tag = "t" + ++lastTag;
    connection.line(tag + " " + command);
    return tag;
  }

  /** Everything up to the tagged response, which is the last. */
  List<String> until(String tag) {
    List<String> responses = new ArrayList<>();
    while (true) {
      String response = read();
      if (response == null) {
        responses.add("(closed)");
        return responses;
      }
      responses.add(response);
      if (response.startsWith(tag + " ")) {
        responses.set(responses.size() - 1, response.substring(tag.length() + 1));
        return responses;
      }
    }
  }

  /** Sends a command; all responses, the last without its tag. */
  List<String> ask(String command) {
    return until(send(command));
  }

  /** The untagged responses of a command that succeeds. */
  List<String> ok(String command) {
    List<String> responses = ask(command);
    assertThat(responses.getLast()).as(command + " " + responses).startsWith("OK");
    return responses.subList(0, responses.size() - 1);
  }

  /** The tagged response, without its tag. */
  String reply(String command) {
    return ask(command).getLast();
  }

  /** Puts a message into a mailbox by a literal that does not wait. */
  List<String> append(String mailbox, String message) {
    return append(mailbox, "", message);
  }

  List<String> append(String mailbox, String flags, String message) {
    return ask(
        "APPEND "
            + mailbox
            + " "
            + flags
            + (flags.isEmpty() ? "" : " ")
            + "{"
            + message.length()
            + "+}\r\n"
            + message);
  }

  /** Waits until the other end hangs up; what it says before that. */
  List<String> rest() {
    List<String> rest = new ArrayList<>();
    for (String response = read(); response != null; response = read()) {
      rest.add(response);
    }
    return rest;
  }

  @Override
  public void close() {
    connection.close();
  }
}
