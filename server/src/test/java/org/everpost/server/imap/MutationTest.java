package org.everpost.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.everpost.server.net.Service;
import org.everpost.server.net.TestClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Says the recorded dialogues with mistakes, in every state: no crash, no hang, no leak. */
class MutationTest {
  private static final String[] PIECES = {
    "{",
    "}",
    "{9}",
    "{9+}",
    "~{3+}",
    "(",
    ")",
    "\"",
    "\\",
    "*",
    "%",
    "$",
    "\r",
    "\n",
    "\r\n",
    "\0",
    " ",
    "NIL",
    "4294967296",
    "18446744073709551616",
    "1:*",
    "[",
    "]",
    "<",
    ">",
    "&",
    "=",
    "IDLE",
    "DONE",
    "BODY[",
    "+FLAGS"
  };

  private static List<List<String>> dialogues() throws IOException {
    List<List<String>> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("src/test/dialogue/imap"))) {
      for (Path file : files.sorted().toList()) {
        List<String> said = new ArrayList<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
          if (line.matches("C2?: .*")) {
            said.add(line.substring(line.indexOf(' ') + 1).replace("\\r\\n", "\r\n") + "\r\n");
          }
        }
        all.add(said);
      }
    }
    return all;
  }

  private static byte[] mutated(List<String> said, SplittableRandom random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String line : said) {
      int chance = random.nextInt(10);
      StringBuilder text = new StringBuilder(line);
      if (chance < 4) {
        for (int i = random.nextInt(3); i >= 0; i--) {
          mutate(text, random);
        }
      }
      if (chance != 9) {
        out.writeBytes(text.toString().getBytes(StandardCharsets.UTF_8));
      }
      if (chance == 8) {
        out.writeBytes(line.getBytes(StandardCharsets.UTF_8));
      }
    }
    return out.toByteArray();
  }

  private static void mutate(StringBuilder text, SplittableRandom random) {
    int at = random.nextInt(text.length() + 1);
    switch (random.nextInt(5)) {
      case 0 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
      case 1 -> text.insert(at, (char) random.nextInt(256));
      case 2 -> text.delete(at, Math.min(text.length(), at + random.nextInt(8)));
      case 3 -> text.insert(at, text.substring(0, at));
      default -> text.setLength(at);
    }
  }

  private static void play(int from, int to) throws IOException {
    List<List<String>> dialogues = dialogues();
    ImapSettings s = ImapHouse.SETTINGS;
    Duration soon = Duration.ofSeconds(5);
    try (ImapHouse house =
        new ImapHouse(new ImapSettings(s.messageSize(), soon, soon, soon, 1000, 100_000, 1000))) {
      for (int i = 0; i < 4; i++) {
        house.deliver("alice", ImapHouse.message("m" + i));
      }
      for (int seed = from; seed < to; seed++) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> said = dialogues.get(random.nextInt(dialogues.size()));
        try (TestClient client = house.listener().connect()) {
          if (random.nextInt(8) > 0) {
            client.line("x LOGIN alice@example.test secret");
          }
          if (random.nextInt(8) > 2) {
            client.line("x SELECT INBOX");
          }
          client.send(new String(mutated(said, random), StandardCharsets.ISO_8859_1));
          client.socket().shutdownOutput();
          client.in().readAllBytes();
        }
        assertThat(house.errors()).as("seed " + seed).isEmpty();
      }
      try (ImapClient client = house.login("alice")) {
        assertThat(client.ok("SELECT INBOX")).isNotEmpty();
      }
      long until = System.nanoTime() + 10_000_000_000L;
      while (house.listener().listeners().connections().getOrDefault(Service.IMAP, 0) > 0) {
        assertThat(System.nanoTime()).isLessThan(until);
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void mistakes() throws IOException {
    play(0, 100);
  }

  @Test
  @Tag("slow")
  void manyMistakes() throws IOException {
    play(100, 3_000);
  }
}
