package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator types, while the server runs and while it does not. */
@Tag("slow")
class CommandLineTest {

  private static final String ALICE = "alice@example.test";

  private final Installation installation = Installation.create("CommandLineTest");

  @BeforeEach
  void domain() {
    installation.addDomain(Everpost.DOMAIN);
  }

  @AfterEach
  void delete() {
    installation.delete();
  }

  private String done(String... words) {
    return installation.done(words);
  }

  private Tool.Result refused(String... words) {
    return installation.command(words).run().exited(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyCommand(boolean running) throws IOException {
    try (AutoCloseableServer server = new AutoCloseableServer(running)) {
      assertThat(server.isRunning()).isEqualTo(running);
      domains();
      accounts();
      aliases();
      configuration();
      status(running);
      deletion();
    }
  }

  /** A server, or none. */
  private final class AutoCloseableServer implements AutoCloseable {
    private final List<EverpostProcess> processes;

    AutoCloseableServer(boolean running) {
      processes = running ? List.of(installation.serve()) : List.of();
    }

    boolean isRunning() {
      return processes.stream().anyMatch(EverpostProcess::isAlive);
    }

    @Override
    public void close() {
      processes.forEach(EverpostProcess::close);
    }
  }

  private void domains() {
    done("domain", "add", "Other.Example");
    refused("domain", "add", "other.example").says("exists already");
    refused("domain", "add", "not a domain").says("'not a domain' is not a domain");
    assertThat(done("domain", "list")).isEqualTo("example.test\nother.example\n");
    assertThat(Json.list(done("domain", "list", "--json"))).hasSize(2);
    done("domain", "add", "bücher.example");
    assertThat(done("domain", "list")).contains("xn--bcher-kva.example");
    done("domain", "delete", "bücher.example");
    refused("domain", "delete", "bücher.example").says("no such domain here");
  }

  private void accounts() {
    installation
        .command("account", "add", ALICE, "--password-stdin", "--quota", "5MB")
        .input("secret one\n")
        .run()
        .good();
    installation
        .command("account", "add", ALICE, "--password-stdin")
        .input("secret one\n")
        .run()
        .exited(1)
        .says("exists already");
    done(
        "account",
        "add",
        "bob@example.test",
        "--password-hash",
        Installation.ssha512("secret two"));
    refused("account", "add", "eve@example.test", "--password-hash", "nonsense").says("hash");
    refused("account", "add", "eve@unknown.example", "--password-hash", "{SSHA}AAAA");
    installation.command("account", "add", "eve@example.test").run().exited(2);
    installation
        .command("account", "add", "eve@example.test", "--password-stdin")
        .run()
        .exited(1)
        .says("no password");

    Map<String, Object> alice = Json.of(done("account", "show", ALICE, "--json"));
    assertThat(alice).containsEntry("address", ALICE).containsEntry("quota", 5_000_000L);
    assertThat(done("account", "show", ALICE)).contains("alice@example.test").contains("5MB");
    refused("account", "show", "nobody@example.test").says("does not exist");
    done("account", "quota", ALICE, "1GB");
    assertThat(Json.of(done("account", "show", ALICE, "--json")))
        .containsEntry("quota", 1_000_000_000L);
    assertThat(done("account", "list")).isEqualTo("alice@example.test\nbob@example.test\n");
    assertThat(done("account", "list", "other.example")).isEmpty();
    installation
        .command("account", "passwd", ALICE, "--password-stdin")
        .input("new\n")
        .run()
        .good();
    done("account", "disable", ALICE);
    assertThat(Json.list(done("account", "list", "--json")))
        .first()
        .satisfies(first -> assertThat(Json.asObject(first)).containsEntry("disabled", true));
    done("account", "enable", ALICE);
    refused("account", "disable", "nobody@example.test").says("does not exist");
  }

  private void aliases() {
    done("alias", "add", "team@example.test", ALICE, "bob@example.test", "x@elsewhere.example");
    done("alias", "add", "@other.example", "bob@example.test");
    refused("alias", "add", ALICE, "bob@example.test").says("exists already");
    assertThat(done("alias", "list"))
        .contains("team@example.test -> alice@example.test, bob@example.test, x@elsewhere.example")
        .contains("@other.example -> bob@example.test");
    assertThat(Json.list(done("alias", "list", "--json"))).hasSize(2);
    assertThat(Json.list(done("alias", "list", "other.example", "--json"))).hasSize(1);
    refused("domain", "delete", "other.example").says("still has accounts or aliases");
    done("alias", "delete", "@other.example");
    done("alias", "delete", "team@example.test");
    refused("alias", "delete", "team@example.test").says("does not exist");
    done("domain", "delete", "other.example");
  }

  private void configuration() {
    assertThat(done("config", "check")).contains("ok");
    assertThat(Json.of(done("config", "check", "--json"))).containsKey("problems");
    assertThat(done("config", "show")).contains("hostname = \"mx1.example.test\"");
    Map<String, Object> shown = Json.of(done("config", "show", "--json"));
    assertThat(Json.object(shown, "listen")).containsKey("imaps");
  }

  private void status(boolean running) {
    Map<String, Object> status = Json.of(done("status", "--json"));
    assertThat(status).containsEntry("running", running);
    assertThat(done("status")).contains("running: " + running);
    assertThat(done("version")).startsWith("everpost ");
    assertThat(Json.of(done("version", "--json"))).containsKey("version");
  }

  private void deletion() {
    for (String answer : List.of("no\n", "", "YES please\n")) {
      installation
          .command("account", "delete", ALICE)
          .input(answer)
          .run()
          .exited(1)
          .says("all its mail", "nothing was deleted");
    }
    assertThat(done("account", "list")).contains(ALICE);
    installation.command("account", "delete", ALICE).input("yes\n").run().good();
    done("account", "delete", "bob@example.test", "--yes");
    refused("account", "delete", "bob@example.test", "--yes").says("does not exist");
    assertThat(done("account", "list")).isEmpty();
  }

  @Test
  void everyCommandHasHelpAndMistakesAreExplained() {
    for (String command :
        List.of(
            "serve",
            "domain add",
            "domain list",
            "domain delete",
            "domain dns",
            "domain dkim",
            "account add",
            "account passwd",
            "account list",
            "account show",
            "account disable",
            "account delete",
            "account import",
            "alias add",
            "alias list",
            "alias delete",
            "config check",
            "config show",
            "status",
            "version")) {
      installation
          .command((command + " --help").split(" ", -1))
          .run()
          .good()
          .says("Usage: everpost " + command);
    }
    Tool.of(Installation.ROOT.resolve("everpost").toString()).run().exited(2).says("Usage:");
    installation.command("domian", "list").run().exited(2).says("domian");
    installation.command("domain", "list", "--nonsense").run().exited(2).says("--nonsense");
  }

  @Test
  void theConfigurationIsFoundWhereItWasPromised() throws IOException {
    String everpost = Installation.ROOT.resolve("everpost").toString();
    // Before the command, and as ./everpost.toml.
    Tool.of(everpost, "--config", installation.config().toString(), "domain", "list")
        .run()
        .good()
        .says("example.test");
    Tool.of(everpost, "domain", "list")
        .in(installation.directory())
        .run()
        .good()
        .says("example.test");
    Path elsewhere = Files.createDirectory(installation.directory().resolve("elsewhere"));
    Tool.of(everpost, "domain", "list").in(elsewhere).run().bad().says("--config FILE");
    Tool.of(everpost, "domain", "list", "--config", "missing.toml")
        .in(elsewhere)
        .run()
        .exited(1)
        .says("missing.toml");
  }

  @Test
  void aWrongConfigurationIsRefusedWithItsPlace() throws IOException {
    Path file = installation.directory().resolve("wrong.toml");
    Files.writeString(
        file,
        """
        hostname = "mx1.example.test"
        data = "data"
        [listen]
        imsp = ["127.0.0.1:2143"]
        smtp = "127.0.0.1:2525"
        [limits]
          message-size = "1kB"
          connections = 0
        """);
    String everpost = Installation.ROOT.resolve("everpost").toString();
    for (String command : List.of("config check", "serve", "domain list")) {
      List<String> words = new ArrayList<>(List.of(everpost));
      words.addAll(List.of(command.split(" ", -1)));
      words.addAll(List.of("--config", file.toString()));
      Tool.of(words)
          .run()
          .exited(1)
          .says(
              file + ":4:1: unknown key 'listen.imsp'; did you mean 'listen.imap'?",
              file + ":5:1: 'listen.smtp' is a list of",
              file + ":7:3: 'limits.message-size'",
              file + ":8:3: 'limits.connections'");
    }
  }

  @Test
  void nothingHasToBeRestarted() throws IOException {
    try (EverpostProcess server = installation.serve()) {
      done("domain", "add", "new.example");
      installation.addAccount("carol@new.example", "secret");
      done("alias", "add", "sales@new.example", "carol@new.example");
      done("alias", "add", "@example.test", "carol@new.example");

      deliver("carol@new.example", "sales@new.example", "anybody@example.test");
      assertThat(messages("carol@new.example", "secret")).isEqualTo(3);

      installation
          .command("account", "passwd", "carol@new.example", "--password-stdin")
          .input("changed\n")
          .run()
          .good();
      assertThat(messages("carol@new.example", "changed")).isEqualTo(3);
      assertThat(loginAnswer("carol@new.example", "secret")).startsWith("a NO");

      done("account", "disable", "carol@new.example");
      assertThat(loginAnswer("carol@new.example", "changed")).startsWith("a NO");
      done("account", "enable", "carol@new.example");
      assertThat(messages("carol@new.example", "changed")).isEqualTo(3);
      assertThat(Json.of(done("account", "show", "carol@new.example", "--json")))
          .containsEntry("usedMessages", 3L);
      assertThat(server.isAlive()).isTrue();
    }
  }

  private void deliver(String... recipients) throws IOException {
    try (SmtpClient smtp = new SmtpClient(installation.port(Installation.SMTP))) {
      for (String recipient : recipients) {
        smtp.deliver(
            "a@elsewhere.example",
            recipient,
            "Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  private int messages(String user, String password) throws IOException {
    try (ImapClient imap = ImapClient.login(installation.port(Installation.IMAP), user, password)) {
      imap.command("SELECT INBOX");
      return imap.search("ALL").size();
    }
  }

  private String loginAnswer(String user, String password) throws IOException {
    try (LineSocket imap = LineSocket.plain(installation.port(Installation.IMAP))) {
      imap.line();
      imap.send("a LOGIN " + user + " " + password);
      return imap.line();
    }
  }

  @Test
  void aSecondServerIsRefused() throws IOException {
    try (EverpostProcess server = installation.serve()) {
      installation.command("serve").run().exited(1).says("in use by another Everpost");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(installation.data().resolve("control.sock"))))
          .isEqualTo("rw-------");

      Path file = installation.directory().resolve("second.toml");
      Files.writeString(
          file,
          Files.readString(installation.config())
              .replace(installation.data().toString(), installation.data() + "2"));
      Tool.of(
              Installation.ROOT.resolve("everpost").toString(),
              "serve",
              "--config",
              file.toString())
          .run()
          .exited(1)
          .says(
              "listen.smtp: 127.0.0.1:" + installation.port(Installation.SMTP),
              "another program listens there already");
      assertThat(server.isAlive()).isTrue();
      assertThat(done("status")).contains("running: true");
    }
  }
}
