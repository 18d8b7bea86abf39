package org.everpost.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.everpost.server.net.Service;
import org.everpost.server.net.TestClient;

/**
 * A script of {@code src/test/dialogue/smtp}:
 *
 * <pre>
 * # a comment
 * connect: smtp             the client connects (to smtp, lmtp, submission …), perhaps from
 * connect: smtp 127.0.0.2   another address
 * C: NOOP                   the client says a line
 * S: 250 &lt;*&gt;                the server says a line; &lt;*&gt; is anything
 * SKIP: 250 HELP            … any lines up to this one
 * tls:                      both begin TLS
 * closed:                   the server closed the connection
 * inbox: bob@x.test 1       so many messages are in that inbox
 * </pre>
 *
 * <p>In what the client says {@code \r\n} is a line end, {@code \n} a bare LF, {@code <22000>} that
 * many octets of lines.
 *
 * @param name of the file
 */
record Dialogue(String name, List<String> lines) {

  private static final Path SCRIPTS = Path.of("src/test/dialogue/smtp");
  private static final Pattern MANY = Pattern.compile("<([0-9]+)>");

  static List<Dialogue> all() {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      return files
          .filter(file -> file.toString().endsWith(".dialogue"))
          .sorted()
          .map(Dialogue::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Dialogue read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      return new Dialogue(
          file.getFileName().toString(),
          lines.stream().filter(line -> !line.isBlank() && !line.startsWith("#")).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it connects to. */
  Service service() {
    return Service.valueOf(argument(lines.getFirst()).split(" ", 2)[0].toUpperCase(Locale.ROOT));
  }

  /** All the client says, as octets in ISO 8859-1, up to where TLS begins. */
  String said() {
    StringBuilder said = new StringBuilder();
    for (String line : lines) {
      if (line.equals("tls:")) {
        break;
      }
      if (line.startsWith("C:")) {
        said.append(octets(argument(line)));
      }
    }
    return said.toString();
  }

  void play(SmtpHouse house) {
    try (TestClient client = connect(house)) {
      lines.stream().skip(1).forEach(line -> step(house, client, line));
    }
  }

  private TestClient connect(SmtpHouse house) {
    String[] words = (argument(lines.getFirst()) + " 127.0.0.1").split(" ", -1);
    return TestClient.connect(house.listener(service()).address(), words[1]);
  }

  private void step(SmtpHouse house, TestClient client, String line) {
    String argument = argument(line);
    switch (line.substring(0, line.indexOf(':'))) {
      case "C" -> client.send(octets(argument));
      case "S" -> assertThat(client.readLine()).as(name + ": " + line).matches(pattern(argument));
      case "SKIP" -> {
        String said = client.readLine();
        while (said != null && !pattern(argument).matcher(said).matches()) {
          said = client.readLine();
        }
        assertThat(said).as(name + ": " + line).isNotNull();
      }
      case "tls" -> client.tls();
      case "closed" -> assertThat(client.readLine()).as(name).isNull();
      case "inbox" -> {
        String[] words = argument.split(" ", 2);
        assertThat(house.inbox(words[0])).as(name).hasSize(Integer.parseInt(words[1]));
      }
      default -> throw new IllegalArgumentException(name + ": " + line);
    }
  }

  private static String argument(String line) {
    return line.substring(line.indexOf(':') + 1).strip();
  }

  private static String octets(String text) {
    String said = text.replace("\\r\\n", "\r\n").replace("\\n", "\n") + "\r\n";
    Matcher many = MANY.matcher(said);
    if (many.find()) {
      String body = "x".repeat(98) + "\r\n";
      said = many.replaceFirst(body.repeat(Integer.parseInt(many.group(1)) / 100));
    }
    return new String(said.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static Pattern pattern(String text) {
    String[] parts = text.split("<\\*>", -1);
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < parts.length; i++) {
      regex.append(i == 0 ? "" : ".*").append(Pattern.quote(parts[i]));
    }
    return Pattern.compile(regex.toString());
  }
}
