package org.everpost.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.everpost.core.config.Config;
import org.everpost.core.config.ConfigException;
import org.everpost.core.event.AdminEvent;
import org.everpost.core.event.Event;
import org.everpost.core.event.EventSink;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.data.Foundation;
import org.everpost.server.data.StartException;
import org.everpost.server.guard.TestGuard;
import org.everpost.server.outbound.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code everpost guard}, with a server that runs and without one. */
final class GuardCommandsTest {

  @TempDir Path directory;

  private final List<Event> events = new CopyOnWriteArrayList<>();

  @BeforeEach
  void configure() throws IOException {
    Files.writeString(
        directory.resolve("everpost.toml"), "hostname = \"mx1.example.test\"\ndata = \"data\"\n");
  }

  private int run(TestConsole console, String... words) {
    try {
      return new Program((_, _) -> {}, directory).run(List.of(words), console);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String done(String... words) {
    TestConsole console = new TestConsole();
    assertThat(run(console, words)).as(console.err()).isZero();
    return console.out();
  }

  private String refused(String... words) {
    TestConsole console = new TestConsole();
    assertThat(run(console, words)).as(console.out()).isEqualTo(1);
    return console.err();
  }

  private void rules() {
    assertThat(done("guard", "rules")).isEmpty();
    assertThat(done("guard", "deny", "192.0.2.0/24", "--note", "floods"))
        .isEqualTo("192.0.2.0/24 is never let in\n");
    assertThat(done("guard", "allow", "192.0.2.7", "--for", "12h"))
        .startsWith("192.0.2.7 is always let in until 2");
    assertThat(done("guard", "deny", "2001:db8::/32")).contains("is never let in");
    assertThat(done("guard", "rules").lines())
        .hasSize(4)
        .anyMatch(line -> line.matches("192\\.0\\.2\\.0/24 +deny +2.*Z +for ever +floods"))
        .anyMatch(line -> line.matches("192\\.0\\.2\\.7 +allow +2.*Z +2.*Z"));
    assertThat(done("guard", "rules", "--json"))
        .contains("{\"network\":\"192.0.2.0/24\",\"rule\":\"deny\",\"since\":\"2")
        .contains("\"until\":null,\"note\":\"floods\"}");
    assertThat(done("guard", "forget", "192.0.2.0/24"))
        .isEqualTo("192.0.2.0/24 is neither allowed nor denied any more\n");
    assertThat(done("guard", "forget", "192.0.2.7")).contains("neither allowed nor denied");
    assertThat(done("guard", "forget", "192.0.2.7")).isEqualTo("192.0.2.7 is forgotten\n");
    assertThat(refused("guard", "forget", "192.0.2.0/24")).contains("neither allowed nor denied;");
    assertThat(done("guard", "deny", "::ffff:192.0.2.0/120"))
        .isEqualTo("192.0.2.0/24 is never let in\n");
    assertThat(done("guard", "forget", "::ffff:192.0.2.0/120"))
        .isEqualTo("192.0.2.0/24 is neither allowed nor denied any more\n");
  }

  private void nonsense() {
    Map<List<String>, String> answers =
        Map.of(
            List.of("deny", "192.0.2.7/24"), "write 192.0.2.0/24",
            List.of("deny", "192.0.2.0/33"), "a prefix has 0 to 32 bits",
            List.of("deny", "2001:db8::/129"), "a prefix has 0 to 128 bits",
            List.of("deny", "::1"), "1 is this machine",
            List.of("deny", "::ffff:192.0.2.0/24"), "has 96 to 128 bits",
            List.of("allow", "mx.there.test"), "is neither an IP address nor a network",
            List.of("forget", "192.0.2"), "is neither an IP address nor a network",
            List.of("deny", "192.0.2.1", "--for", "0s"), "a rule holds for a second at least",
            List.of("deny", "192.0.2.1", "--for", "soon"), "'soon' is not an age",
            List.of("deny", "192.0.2.1", "--note", "x".repeat(501)), "longer than 500 characters");
    answers.forEach((words, answer) -> {
      List<String> all = new ArrayList<>(List.of("guard"));
      all.addAll(words);
      assertThat(refused(all.toArray(String[]::new))).contains(answer);
    });
  }

  @Test
  void withoutAServerRulesAreKeptAndNobodyIsAtTheDoor() {
    rules();
    nonsense();
    for (List<String> words : List.of(List.of("status"), List.of("show", "::1"), List.of("top"))) {
      String[] all = Stream.concat(Stream.of("guard"), words.stream()).toArray(String[]::new);
      assertThat(refused(all)).contains("no server runs here");
    }
  }

  @Test
  void theServerAnswersTheSame() throws Exception {
    try (Foundation foundation = open();
        ControlSocket _ =
            Program.control(
                foundation,
                new Queue(foundation.openSpool(), foundation.clock(), EventSink.NONE),
                TestGuard.bare(10, 10).desk(),
                Map::of)) {
      rules();
      nonsense();
      assertThat(events).as("the audit").contains(new AdminEvent.PeerForgotten("192.0.2.7"));
      door();
    }
  }

  private void door() {
    assertThat(done("guard", "status")).contains("pressurePercent:").contains("rules: 1");
    assertThat(done("guard", "status", "--json")).startsWith("{\"pressurePercent\":{\"figure\":0");
    assertThat(done("guard", "show", "192.0.2.7"))
        .contains("mx: unknown")
        .contains("- name servers: no name leads back to its address");
    assertThat(done("guard", "show", "2001:db8::7")).contains("- an operator denied 2001:db8:0:");
    assertThat(done("guard", "show", "::1", "--json")).contains("\"imap\":\"own\"");
    for (String text : List.of("mx.there.test", "192.0.2.0/24", "192.0.2")) {
      assertThat(refused("guard", "show", text)).contains("'" + text + "' is not an IP address");
    }
    assertThat(done("guard", "show", "::ffff:192.0.2.7")).contains("192.0.2.7");
    assertThat(refused("guard", "top", "--count", "few")).contains("not a number of lines");
    assertThat(refused("guard", "top", "--count", "0")).contains("not a number of lines");
    assertThat(refused("guard", "top", "--count", "none")).contains("not a number of lines");
    assertThat(refused("guard", "top", "--interval", "0s")).contains("a second to an hour");
    assertThat(refused("guard", "top", "--interval", "2h")).contains("a second to an hour");
    assertThat(done("guard", "top", "--count", "1").lines())
        .hasSize(2)
        .allMatch(line -> line.length() < 80)
        .anyMatch(line -> line.startsWith("TIME "));
  }

  private Foundation open() throws ConfigException, StartException {
    return Foundation.open(
        Config.load(directory.resolve("everpost.toml")),
        Clock.system(),
        RandomSource.secure(),
        events::add);
  }
}
