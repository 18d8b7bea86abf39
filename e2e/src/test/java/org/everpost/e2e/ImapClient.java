package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An IMAP session for what a test wants to know of a mailbox. */
final class ImapClient implements AutoCloseable {

  private static final Pattern LITERAL = Pattern.compile(".*\\{(\\d+)\\}$", Pattern.DOTALL);

  private final LineSocket connection;
  private int tag;

  private ImapClient(LineSocket connection) {
    this.connection = connection;
  }

  static ImapClient login(Everpost server, String user) throws IOException {
    return login(server.port(Installation.IMAP), user, Everpost.PASSWORD);
  }

  static ImapClient login(int port, String user, String password) throws IOException {
    ImapClient client = new ImapClient(LineSocket.plain(port));
    assertThat(text(client.response())).startsWith("* OK");
    client.command("LOGIN " + quoted(user) + " " + quoted(password));
    return client;
  }

  static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Does what has to succeed; returns the untagged responses. */
  List<byte[]> command(String words) throws IOException {
    return command(words.getBytes(StandardCharsets.UTF_8));
  }

  List<byte[]> command(byte[] words) throws IOException {
    tag++;
    String mine = "A" + tag + " ";
    connection.write(mine);
    connection.write(words);
    connection.send("");
    List<byte[]> untagged = new ArrayList<>();
    while (true) {
      byte[] response = response();
      String begin =
          new String(response, 0, Math.min(response.length, 200), StandardCharsets.ISO_8859_1);
      if (begin.startsWith(mine)) {
        assertThat(begin)
            .as("%.200s", new String(words, StandardCharsets.ISO_8859_1))
            .startsWith(mine + "OK");
        return untagged;
      }
      untagged.add(response);
    }
  }

  /** Does what has to fail, with NO; returns the untagged responses. */
  List<byte[]> refused(byte[] words) throws IOException {
    List<byte[]> untagged = new ArrayList<>();
    assertThat(answer(words, untagged)).startsWith("NO");
    return untagged;
  }

  /** What comes of a command: OK, NO or BAD, and why. */
  String answer(String words) throws IOException {
    return answer(words.getBytes(StandardCharsets.UTF_8), new ArrayList<>());
  }

  private String answer(byte[] words, List<byte[]> untagged) throws IOException {
    tag++;
    connection.write("A" + tag + " ");
    connection.write(words);
    connection.send("");
    byte[] response = response();
    while (!text(response).startsWith("A" + tag + " ")) {
      untagged.add(response);
      response = response();
    }
    return text(response).substring(("A" + tag + " ").length());
  }

  /** Begins to wait for news (RFC 2177); they come by {@link #response}. */
  void idle() throws IOException {
    tag++;
    connection.send("A" + tag + " IDLE");
    assertThat(text(response())).startsWith("+");
  }

  /** Waits no longer; returns what came in between. */
  List<byte[]> done() throws IOException {
    connection.send("DONE");
    List<byte[]> untagged = new ArrayList<>();
    byte[] response = response();
    while (!text(response).startsWith("A" + tag + " ")) {
      untagged.add(response);
      response = response();
    }
    assertThat(text(response)).startsWith("A" + tag + " OK");
    return untagged;
  }

  /** A response, of which every octet is a character. */
  static String text(byte[] response) {
    return new String(response, StandardCharsets.ISO_8859_1);
  }

  /** One response with its literals, as it came, without the last line end. */
  byte[] response() throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    while (true) {
      String line = connection.line();
      whole.writeBytes(line.getBytes(StandardCharsets.ISO_8859_1));
      Matcher literal = LITERAL.matcher(line);
      if (!literal.matches()) {
        return whole.toByteArray();
      }
      whole.writeBytes(new byte[] {'\r', '\n'});
      whole.writeBytes(connection.read(Integer.parseInt(literal.group(1))));
    }
  }

  /** Any octets: with NUL in them they need a literal of its own kind (RFC 9051 §4.3). */
  void append(String mailbox, byte[] message) throws IOException {
    boolean nul = false;
    for (byte octet : message) {
      nul |= octet == 0;
    }
    ByteArrayOutputStream words = new ByteArrayOutputStream();
    words.writeBytes(
        "APPEND %s %s{%d+}\r\n"
            .formatted(quoted(mailbox), nul ? "~" : "", message.length)
            .getBytes(StandardCharsets.UTF_8));
    words.writeBytes(message);
    command(words.toByteArray());
  }

  /** UIDs. */
  List<Integer> search(String criteria) throws IOException {
    for (byte[] response : command("UID SEARCH " + criteria)) {
      String text = text(response);
      if (text.startsWith("* SEARCH")) {
        return Stream.of(text.substring("* SEARCH".length()).trim().split(" ", -1))
            .filter(uid -> !uid.isEmpty())
            .map(Integer::valueOf)
            .toList();
      }
    }
    throw new AssertionError("no answer to SEARCH");
  }

  /** The whole message, without marking it as seen. */
  byte[] message(int uid) throws IOException {
    List<ImapValue> fetched = fetch("" + uid, "BODY.PEEK[]");
    assertThat(fetched).hasSize(1);
    return fetched.getFirst().attribute("BODY[]").octets();
  }

  String messageText(int uid) throws IOException {
    return new String(message(uid), StandardCharsets.UTF_8);
  }

  /** The lists of attributes that came for messages by UID. */
  List<ImapValue> fetch(String uids, String attributes) throws IOException {
    List<ImapValue> fetched = new ArrayList<>();
    for (byte[] response : command("UID FETCH " + uids + " (UID " + attributes + ")")) {
      if (isFetch(response)) {
        fetched.add(ImapValue.parse(response).get(3));
      }
    }
    return fetched;
  }

  static boolean isFetch(byte[] response) {
    String begin =
        new String(response, 0, Math.min(response.length, 40), StandardCharsets.ISO_8859_1);
    return begin.matches("(?s)\\* \\d+ FETCH \\(.*");
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
