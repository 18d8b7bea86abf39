package org.everpost.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Plays the scripts in {@code src/test/dialogue/imap} against a server of its own each:
 *
 * <pre>
 * # a comment
 * deliver: one              a message of that subject arrives in alice's inbox
 * deliver: two \Seen        with flags
 * login: alice              (login 2: …) the client logs in
 * C: a1 NOOP                the client says a line; C2: another client does
 * S: a1 OK &lt;*&gt;            the server says one: &lt;*&gt; is anything, &lt;#&gt; a number
 * </pre>
 *
 * <p>{@code \r\n} in a line is a line end: literals stand in their places. {@code \n} is a bare LF,
 * {@code <NUL>} four octets with a NUL, {@code <2MB>} two million octets.
 */
class DialogueTest {

  private static final Pattern WILDCARD = Pattern.compile("<[*#]>");
  private static final Path SCRIPTS = Path.of("src/test/dialogue/imap");

  @TestFactory
  Stream<DynamicTest> scripts() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(SCRIPTS)) {
      files = all.filter(file -> file.toString().endsWith(".dialogue")).sorted().toList();
    }
    assertThat(files).isNotEmpty();
    return files.stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> play(file)));
  }

  private static void play(Path file) throws IOException {
    Map<String, ImapClient> clients = new TreeMap<>();
    List<String> heard = new ArrayList<>();
    try (ImapHouse house = new ImapHouse()) {
      try {
        int number = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
          number++;
          if (!line.isBlank() && !line.startsWith("#")) {
            step(line, file.getFileName() + ":" + number, house, clients, heard);
          }
        }
      } finally {
        clients.values().forEach(ImapClient::close);
      }
      assertThat(house.errors()).isEmpty();
    }
  }

  private static void step(
      String line,
      String place,
      ImapHouse house,
      Map<String, ImapClient> clients,
      List<String> heard) {
    int colon = line.indexOf(':');
    String verb = line.substring(0, colon).strip();
    String text = unescape(line.substring(Math.min(line.length(), colon + 2)));
    String who = verb.replaceAll("[^0-9]", "");
    switch (verb.replaceAll("[0-9 ]", "")) {
      case "deliver" -> {
        String[] words = text.split(" \\\\", 2);
        String[] flags = words.length < 2 ? new String[0] : ("\\" + words[1]).split(" ", -1);
        house.deliver("alice", ImapHouse.message(words[0]), flags);
      }
      case "login" -> clients.put(who, house.login(text));
      case "connect" -> clients.put(who, house.connect());
      case "C" -> {
        byte[] octets = (text + "\r\n").getBytes(StandardCharsets.UTF_8);
        client(clients, who).connection().send(new String(octets, StandardCharsets.ISO_8859_1));
      }
      case "S" -> {
        String response = String.valueOf(client(clients, who).read());
        String decoded =
            new String(response.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        heard.add(decoded);
        assertThat(decoded).as(place + " " + heard).matches(pattern(text));
      }
      default -> throw new IllegalArgumentException(place + ": " + line);
    }
  }

  private static String unescape(String text) {
    return text.replace("\\r\\n", "\r\n")
        .replace("\\n", "\n")
        .replace("<NUL>", "a: \0")
        .replace("<2MB>", "x".repeat(2_000_000));
  }

  private static ImapClient client(Map<String, ImapClient> clients, String who) {
    ImapClient client = clients.get(who);
    if (client == null) {
      throw new IllegalArgumentException("no client " + who);
    }
    return client;
  }

  private static Pattern pattern(String text) {
    StringBuilder regex = new StringBuilder();
    Matcher wildcard = WILDCARD.matcher(text);
    int at = 0;
    while (wildcard.find()) {
      regex.append(Pattern.quote(text.substring(at, wildcard.start())));
      regex.append(wildcard.group().equals("<#>") ? "\\d+" : ".*");
      at = wildcard.end();
    }
    regex.append(Pattern.quote(text.substring(at)));
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
