package org.everpost.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.everpost.core.config.Config;
import org.everpost.core.config.ConfigException;
import org.everpost.core.event.EventSink;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.data.DataInUseException;
import org.everpost.server.data.Foundation;
import org.everpost.server.data.StartException;
import org.everpost.server.guard.TestGuard;
import org.everpost.server.outbound.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command, with a server that runs and without one: they have to answer the same. */
final class ProgramTest {

  @TempDir Path directory;

  private Path config() {
    return directory.resolve("everpost.toml");
  }

  @BeforeEach
  void configure() throws IOException {
    Files.writeString(config(), "hostname = \"mx1.example.test\"\ndata = \"data\"\n");
  }

  private Program program() {
    return new Program(
        (_, _) -> {
          throw new StartException("not in this test");
        },
        directory);
  }

  private int run(TestConsole console, String... words) {
    try {
      return program().run(List.of(words), console);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Runs a command that has to succeed; what it wrote to standard output. */
  private String done(String... words) {
    TestConsole console = new TestConsole();
    assertThat(run(console, words)).as(console.err()).isZero();
    return console.out();
  }

  /** Runs a command that has to be refused; what it wrote to standard error. */
  private String refused(String... words) {
    TestConsole console = new TestConsole();
    assertThat(run(console, words)).as(console.out()).isEqualTo(1);
    return console.err();
  }

  private String mistyped(String... words) {
    TestConsole console = new TestConsole();
    assertThat(run(console, words)).as(console.out()).isEqualTo(2);
    return console.err();
  }

  private static ControlSocket control(Foundation foundation, ServerStatus status)
      throws IOException, StartException {
    Queue queue = new Queue(foundation.openSpool(), foundation.clock(), EventSink.NONE);
    return Program.control(foundation, queue, TestGuard.bare(10, 10).desk(), status);
  }

  private void everyCommand() {
    done("domain", "add", "example.test");
    assertThat(refused("domain", "add", "EXAMPLE.test"))
        .isEqualTo("everpost: domain example.test exists already\n");
    assertThat(refused("domain", "add", "no domain")).contains("'no domain' is not a domain");
    done("domain", "add", "other.test");
    assertThat(done("domain", "list")).isEqualTo("example.test\nother.test\n");
    assertThat(done("domain", "list", "--json"))
        .isEqualTo("[{\"name\":\"example.test\"},{\"name\":\"other.test\"}]\n");
    done("domain", "delete", "other.test");
    assertThat(refused("domain", "delete", "other.test")).contains("no such domain here");

    accounts();
    aliases();
    imports();

    assertThat(refused("domain", "delete", "example.test"))
        .contains("still has accounts or aliases");
    assertThat(done("status")).contains("engine: rocksdb").contains("state: ok");
    assertThat(done("status", "--json")).startsWith("{\"running\":").contains("\"state\":\"ok\"");
  }

  private void accounts() {
    TestConsole add = new TestConsole().input("secret\n");
    assertThat(run(add, "account", "add", "alice@example.test", "--password-stdin")).isZero();
    assertThat(add.out()).isEqualTo("account alice@example.test added\n");
    assertThat(
            done(
                "account",
                "add",
                "bob@example.test",
                "--quota",
                "10MB",
                "--language",
                "de",
                "--password-hash",
                "{SSHA}gVK8WC9YyFT1gMsQHTGCgT3sSv5zYWx0"))
        .contains("added");
    assertThat(refused("account", "add", "c@example.test", "--password-hash", "nonsense"))
        .startsWith("everpost: the hash cannot be used: ");
    assertThat(refused("account", "add", "c@example.test", "--password-stdin"))
        .contains("no password on standard input");
    TestConsole nowhere = new TestConsole().input("x\n");
    assertThat(run(nowhere, "account", "add", "c@else.test", "--password-stdin")).isEqualTo(1);
    assertThat(nowhere.err()).contains("no such domain here");
    assertThat(mistyped("account", "add", "c@example.test")).contains("--password-stdin");

    assertThat(done("account", "list")).isEqualTo("alice@example.test\nbob@example.test\n");
    assertThat(done("account", "list", "example.test", "--json"))
        .contains("\"address\":\"bob@example.test\"")
        .contains("\"quota\":10000000");
    assertThat(done("account", "show", "bob@example.test"))
        .contains("quota:     10MB")
        .contains("INBOX: 0 messages");
    assertThat(done("account", "show", "bob@example.test", "--json")).contains("\"usedOctets\":0");
    assertThat(refused("account", "show", "nobody@example.test")).contains("does not exist");
    done("account", "quota", "bob@example.test", "1GB", "--quota-messages", "5");
    done("account", "quota", "bob@example.test", "2GB");
    assertThat(done("account", "show", "bob@example.test")).contains("quota:     2GB, 5 messages");
    assertThat(refused("account", "quota", "bob@example.test", "2GB", "--quota-messages", "many"))
        .isEqualTo("everpost: 'many' is not a number of messages\n");
    done("account", "quota", "bob@example.test", "none", "--quota-messages", "none");
    assertThat(done("account", "show", "bob@example.test")).contains("quota:     none");

    limits();
    languages();
    done("account", "disable", "bob@example.test");
    assertThat(done("account", "list")).contains("bob@example.test (disabled)");
    done("account", "enable", "bob@example.test");
    TestConsole passwd = new TestConsole().input("another\n");
    assertThat(run(passwd, "account", "passwd", "bob@example.test", "--password-stdin")).isZero();

    assertThat(refused("account", "add", "a b@example.test", "--password-hash", "{SHA}x"))
        .isEqualTo(
            "everpost: 'a b@example.test' is not an address; if it is meant so, it is written"
                + " \"a b\"@example.test\n");
    String odd = "\"a b\"@example.test";
    assertThat(done("account", "add", odd, "--password-hash", "{SHA}L55TUjtiq8FBorTWAZ0jy6g129A="))
        .isEqualTo("account \"a b\"@example.test added\n");
    assertThat(done("account", "list")).contains(odd + "\n");
    assertThat(done("account", "delete", odd, "--yes")).contains(odd);

    TestConsole no = new TestConsole().input("n\n");
    assertThat(run(no, "account", "delete", "bob@example.test")).isEqualTo(1);
    assertThat(no.err()).contains("Type 'yes'").contains("nothing was deleted");
    TestConsole yes = new TestConsole().input("yes\n");
    assertThat(run(yes, "account", "delete", "bob@example.test")).isZero();
    assertThat(refused("account", "delete", "bob@example.test", "--yes"))
        .contains("does not exist");
  }

  private void limits() {
    assertThat(done("account", "show", "bob@example.test")).contains("limit:     usual");
    assertThat(done("account", "limit", "bob@example.test", "250%"))
        .isEqualTo("limit of bob@example.test changed\n");
    assertThat(done("account", "show", "bob@example.test")).contains("limit:     250%");
    done("account", "limit", "bob@example.test", "none");
    assertThat(done("account", "show", "bob@example.test", "--json"))
        .contains("\"established\":false")
        .contains("\"limit\":\"none\"");
    done("account", "limit", "bob@example.test", "usual");
    assertThat(refused("account", "limit", "bob@example.test", "2x"))
        .isEqualTo("everpost: '2x' is neither usual, a share like 200%, nor none\n");
    assertThat(refused("account", "limit", "bob@example.test", "0%"))
        .isEqualTo("everpost: a limit is from 1 to 100000 percent\n");
  }

  private void languages() {
    assertThat(done("account", "show", "alice@example.test")).contains("language:  default");
    assertThat(done("account", "show", "bob@example.test")).contains("language:  de");
    assertThat(done("account", "language", "bob@example.test", "en"))
        .isEqualTo("language of bob@example.test changed\n");
    assertThat(done("account", "list", "--json")).contains("\"language\":\"en\"");
    done("account", "language", "bob@example.test", "default");
    assertThat(done("account", "show", "bob@example.test", "--json"))
        .contains("\"language\":\"default\"");
    assertThat(refused("account", "language", "bob@example.test", "fr"))
        .isEqualTo("everpost: 'fr' is neither en, de nor default\n");
  }

  private void aliases() {
    done("alias", "add", "info@example.test", "alice@example.test", "far@away.test");
    done("alias", "add", "@example.test", "alice@example.test");
    assertThat(done("alias", "list"))
        .isEqualTo(
            """
            @example.test -> alice@example.test
            info@example.test -> alice@example.test, far@away.test
            """);
    assertThat(done("alias", "list", "--json"))
        .contains("{\"address\":\"@example.test\",\"targets\":[\"alice@example.test\"]}");
    assertThat(mistyped("alias", "add", "info@example.test")).contains("TARGET");
    done("alias", "delete", "@example.test");
    assertThat(refused("alias", "delete", "@example.test")).contains("does not exist");
  }

  private void imports() {
    StringBuilder csv = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      csv.append("u")
          .append(i)
          .append("@example.test,{SSHA}gVK8WC9YyFT1gMsQHTGCgT3sSv5zYWx0,1GB\n");
    }
    csv.insert(csv.indexOf("u500@"), "not a line\n");
    TestConsole first = new TestConsole().file("users.csv", csv.toString());
    assertThat(run(first, "account", "import", "users.csv")).isEqualTo(1);
    assertThat(first.err()).contains(" lines done\n").contains("line 501: ");
    assertThat(first.out()).startsWith("1000 added, ").endsWith(", 1 bad\n");
    TestConsole again = new TestConsole().input(csv.toString().replace("not a line\n", ""));
    TestConsole withDash = again.file("-", csv.toString().replace("not a line\n", ""));
    assertThat(run(withDash, "account", "import", "-")).isZero();
    assertThat(again.out()).startsWith("0 added, 0 updated, 1000 unchanged");
    TestConsole json = new TestConsole().file("users.csv", csv.toString());
    assertThat(run(json, "account", "import", "--json", "users.csv")).isEqualTo(1);
    assertThat(json.out())
        .isEqualTo("{\"added\":0,\"updated\":0,\"unchanged\":1000,\"kept\":0,\"bad\":1}\n");
    assertThat(refused("account", "import", "absent.csv"))
        .isEqualTo("everpost: absent.csv: there is no such file\n");
    assertThat(done("account", "list", "--json")).contains("u999@example.test");
  }

  /** Opens the store some sixty times. */
  @Test
  @Tag("slow")
  void withoutAServer() {
    everyCommand();
    assertThat(done("status")).contains("running: false");
  }

  @Nested
  final class WithAServer {

    private Foundation foundation;
    private ControlSocket control;

    @BeforeEach
    void start() throws ConfigException, StartException, IOException {
      foundation =
          Foundation.open(
              Config.load(config()), Clock.system(), RandomSource.secure(), EventSink.NONE);
      control = control(foundation, () -> Map.of("uptimeSeconds", 7));
    }

    @AfterEach
    void stop() throws IOException {
      control.close();
      foundation.close();
    }

    @Test
    void withAServer() throws IOException {
      everyCommand();
      assertThat(done("status")).contains("running: true").contains("uptimeSeconds: 7");
      Path socket = directory.resolve("data/control.sock");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
          .isEqualTo("rw-------");
    }

    @Test
    void textOfAnyLengthAndLanguageArrives() {
      String name = "ü".repeat(20);
      done("domain", "add", "example.test");
      for (int i = 0; i < 3; i++) {
        TestConsole console = new TestConsole().input("pässwörd\n");
        assertThat(run(console, "account", "add", name + i + "@example.test", "--password-stdin"))
            .isZero();
      }
      assertThat(done("account", "list")).contains(name + "2@example.test");
    }

    /** The server reads the words: whoever mistyped is told the same as without one. */
    @Test
    void whatIsMistypedIsToldTheSame() throws IOException {
      List<List<String>> mistyped =
          List.of(
              List.of(),
              List.of("statsu"),
              List.of("status", "--jsno", "--json"),
              List.of("account"),
              List.of("account", "list", "--help"),
              List.of("account", "add", "alice@example.test"),
              List.of("--help"));
      List<String> withAServer = mistyped.stream().map(this::told).toList();
      control.close();
      foundation.close();
      assertThat(mistyped.stream().map(this::told).toList()).isEqualTo(withAServer);
    }

    private String told(List<String> words) {
      TestConsole console = new TestConsole();
      int exit = run(console, words.toArray(String[]::new));
      return exit + console.out() + console.err();
    }

    @Test
    void nobodyWaitsForWhoIsAskedWithAServer() throws Exception {
      nobodyWaitsForWhoIsAsked();
    }

    @Test
    void theDataDirectoryHasOneOwner() {
      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(() ->
                  Foundation.open(
                      Config.load(config()),
                      Clock.system(),
                      RandomSource.secure(),
                      EventSink.NONE)))
          .hasMessageContaining("is in use by another Everpost or one of its commands");
    }
  }

  @Test
  void aSocketLeftBehindIsNoServer() throws IOException {
    done("domain", "add", "example.test");
    try (var left =
        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      left.bind(java.net.UnixDomainSocketAddress.of(directory.resolve("data/control.sock")));
    }
    assertThat(directory.resolve("data/control.sock")).exists();
    assertThat(done("domain", "list")).isEqualTo("example.test\n");
  }

  private Foundation open() {
    try {
      return Foundation.open(
          Config.load(config()), Clock.system(), RandomSource.secure(), EventSink.NONE);
    } catch (ConfigException | StartException e) {
      throw new AssertionError(e);
    }
  }

  /** Runs a command in another thread; returns when it has said that it waits. */
  private FutureTask<Integer> startAndWait(TestConsole console, String... words) {
    FutureTask<Integer> command = new FutureTask<>(() -> run(console, words));
    Thread.ofVirtual().start(command);
    console.awaitErr("waiting up to 30 s");
    return command;
  }

  @Test
  void aCommandWaitsForAnother() throws Exception {
    TestConsole console = new TestConsole();
    FutureTask<Integer> command;
    try (Foundation _ = open()) {
      command = startAndWait(console, "domain", "add", "example.test");
      assertThat(command.isDone()).isFalse();
    }
    assertThat(command.get(20, TimeUnit.SECONDS)).isZero();
    assertThat(console.out()).isEqualTo("domain example.test added\n");
  }

  /** What a person types who is in no hurry. */
  private static final class Answer extends InputStream {
    private final CountDownLatch awaited = new CountDownLatch(1);
    private final CountDownLatch given = new CountDownLatch(1);
    private final InputStream text;

    Answer(String text) {
      this.text = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void await(CountDownLatch latch) throws IOException {
      try {
        assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    @Override
    public int read() throws IOException {
      awaited.countDown();
      await(given);
      return text.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      awaited.countDown();
      await(given);
      return text.read(target, offset, length);
    }
  }

  /** A command that waits for its answer. */
  private FutureTask<Integer> asked(Answer answer, String... words) throws IOException {
    TestConsole console = new TestConsole().input(answer);
    FutureTask<Integer> command = new FutureTask<>(() -> run(console, words));
    Thread.ofVirtual().start(command);
    Answer.await(answer.awaited);
    return command;
  }

  private void nobodyWaitsForWhoIsAsked() throws Exception {
    done("domain", "add", "example.test");
    done(
        "account",
        "add",
        "bob@example.test",
        "--password-hash",
        "{SHA}L55TUjtiq8FBorTWAZ0jy6g129A=");
    Map<Answer, FutureTask<Integer>> deletions = new LinkedHashMap<>();
    for (int i = 0; i < 20; i++) {
      Answer no = new Answer("no\n");
      deletions.put(no, asked(no, "account", "delete", "bob@example.test"));
    }
    Answer password = new Answer("secret\n");
    FutureTask<Integer> change =
        asked(password, "account", "passwd", "bob@example.test", "--password-stdin");
    TestConsole other = new TestConsole();
    Program impatient = new Program((_, _) -> {}, directory, Duration.ofMillis(100), null);
    assertThat(impatient.run(List.of("account", "list"), other)).as(other.err()).isZero();
    password.given.countDown();
    assertThat(change.get(20, TimeUnit.SECONDS)).isZero();
    for (Map.Entry<Answer, FutureTask<Integer>> deletion : deletions.entrySet()) {
      deletion.getKey().given.countDown();
      assertThat(deletion.getValue().get(20, TimeUnit.SECONDS)).isOne();
    }
    assertThat(done("account", "list")).isEqualTo("bob@example.test\n");
  }

  @Test
  void nobodyWaitsForWhoIsAskedWithoutAServer() throws Exception {
    nobodyWaitsForWhoIsAsked();
  }

  @Test
  void aCommandWaitsForAServerThatStarts() throws Exception {
    TestConsole console = new TestConsole();
    try (Foundation foundation = open()) {
      FutureTask<Integer> command = startAndWait(console, "status");
      try (ControlSocket _ = control(foundation, () -> Map.of("uptimeSeconds", 7))) {
        assertThat(command.get(20, TimeUnit.SECONDS)).isZero();
      }
    }
    assertThat(console.out()).contains("running: true");
  }

  @Test
  void aCommandDoesNotWaitForEver() throws IOException {
    Program impatient = new Program((_, _) -> {}, directory, Duration.ofMillis(100), null);
    TestConsole console = new TestConsole();
    try (Foundation _ = open()) {
      assertThat(impatient.run(List.of("domain", "list", "--json"), console)).isEqualTo(1);
    }
    assertThat(console.err()).contains("in use by another Everpost");
    assertThat(console.out()).startsWith("{\"error\":\"the data directory ").endsWith("\"}\n");
  }

  /** A server that stops takes connections it will never serve: they are tried again. */
  @Test
  void aCommandThatWasNotBegunIsDoneElsewhere() throws Exception {
    done("domain", "add", "example.test");
    try (var server =
        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      server.bind(java.net.UnixDomainSocketAddress.of(directory.resolve("data/control.sock")));
      FutureTask<Void> closing =
          new FutureTask<>(() -> {
            server.accept().close(); // asked to read the words,
            server.accept().close(); // and with the words read
            return null;
          });
      Thread.ofVirtual().start(closing);
      assertThat(done("domain", "list")).isEqualTo("example.test\n");
      closing.get(20, TimeUnit.SECONDS);
    }
  }

  /** Whoever listens at the socket gets nothing but what was named. */
  @Test
  void noServerReadsWhatWasNotNamed() throws Exception {
    done("domain", "add", "example.test");
    try (var server =
        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      server.bind(java.net.UnixDomainSocketAddress.of(directory.resolve("data/control.sock")));
      FutureTask<Frames.Frame> asking =
          new FutureTask<>(() -> {
            try (var client = server.accept()) {
              Frames frames =
                  new Frames(
                      java.nio.channels.Channels.newInputStream(client),
                      java.nio.channels.Channels.newOutputStream(client));
              frames.receiveCommand();
              frames.send(Frames.BEGUN, "");
              frames.send(Frames.OPEN, config().toString());
              return frames.receive();
            }
          });
      Thread.ofVirtual().start(asking);
      assertThat(run(new TestConsole(), "domain", "list")).isEqualTo(1);
      assertThat(asking.get(20, TimeUnit.SECONDS).kind()).isEqualTo(Frames.FAILED);
    }
  }

  /** With something unread the connection does not end, it is reset. */
  @Test
  void aServerThatEndsAmidACommandIsTold() throws Exception {
    done("domain", "add", "example.test");
    try (var server =
        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      server.bind(java.net.UnixDomainSocketAddress.of(directory.resolve("data/control.sock")));
      FutureTask<Void> ending =
          new FutureTask<>(() -> {
            try (var client = server.accept()) {
              client.read(ByteBuffer.allocate(1));
              client.write(ByteBuffer.wrap(new byte[] {Frames.BEGUN, 0, 0, 0, 0}));
            }
            return null;
          });
      Thread.ofVirtual().start(ending);
      TestConsole console = new TestConsole();
      assertThat(run(console, "domain", "list", "--json")).isEqualTo(1);
      ending.get(20, TimeUnit.SECONDS);
      assertThat(console.err()).isEqualTo("everpost: the server ended before the command did\n");
      assertThat(console.out())
          .isEqualTo("{\"error\":\"the server ended before the command did\"}\n");
    }
  }

  @Test
  void aServerWaitsForACommandButNotForAServer() throws Exception {
    Program program =
        new Program(
            (config, queue) -> {
              try {
                Foundation.open(config, Clock.system(), RandomSource.secure(), EventSink.NONE)
                    .close();
              } catch (DataInUseException e) {
                queue.await(e);
              }
            },
            directory);
    TestConsole console = new TestConsole();
    FutureTask<Integer> serve = new FutureTask<>(() -> program.run(List.of("serve"), console));
    try (Foundation _ = open()) {
      Thread.ofVirtual().start(serve);
      console.awaitErr("waiting up to 30 s");
    }
    assertThat(serve.get(20, TimeUnit.SECONDS)).isZero();
    TestConsole second = new TestConsole();
    try (Foundation foundation = open();
        ControlSocket _ = control(foundation, Map::of)) {
      assertThat(program.run(List.of("serve"), second)).isEqualTo(1);
    }
    assertThat(second.err()).contains("in use by another Everpost").doesNotContain("waiting");
  }

  @Test
  void whatIsWrongIsToldToProgramsToo() throws IOException {
    Files.writeString(config(), "hostname = \"a.test\"\ndata = \"d\"\n[listen]\nsmpt = []\n");
    for (String command : List.of("config check", "config show", "status", "account list")) {
      TestConsole console = new TestConsole();
      assertThat(run(console, (command + " --json").split(" ", -1))).isEqualTo(1);
      assertThat(console.out())
          .isEqualTo(
              "{\"error\":\"the configuration cannot be used\",\"problems\":[{\"file\":\""
                  + config()
                  + "\",\"line\":4,\"column\":1,\"message\":\"unknown key 'listen.smpt'\","
                  + "\"nearest\":\"listen.smtp\"}]}\n");
      assertThat(console.err()).contains(":4:1: unknown key");
    }
    TestConsole absent = new TestConsole();
    assertThat(run(absent, "config", "check", "--json", "--config", "absent")).isEqualTo(1);
    assertThat(absent.out())
        .contains("[{\"file\":\"absent\",\"message\":\"there is no such file\"}]");
    TestConsole mistyped = new TestConsole();
    assertThat(run(mistyped, "domain", "list", "--json", "--what")).isEqualTo(2);
    assertThat(mistyped.out()).isEqualTo("{\"error\":\"Unknown option: '--what'\"}\n");
  }

  @Test
  void theConfigurationIsTakenBeforeAndBehindTheCommand() throws IOException {
    Path other = directory.resolve("other.toml");
    Files.writeString(other, "hostname = \"other.example.test\"\ndata = \"elsewhere\"\n");
    assertThat(done("--config", other.toString(), "config", "show")).contains("other.example.test");
    assertThat(done("config", "show", "--config", other.toString())).contains("other.example.test");
    assertThat(done("config", "show", "--config=" + other)).contains("other.example.test");
    assertThat(done("config", "show", "--json"))
        .contains("\"hostname\":\"mx1.example.test\"")
        .contains("\"listen\":{\"smtp\":[]");
    assertThat(done("config", "check")).isEqualTo(config() + ": ok\n");
    Files.writeString(other, "hostname = \"other.example.test\"\ndatta = \"elsewhere\"\n");
    assertThat(refused("config", "check", "--config", other.toString()))
        .contains(other + ":2:1: unknown key 'datta'; did you mean 'data'?\n")
        .contains(other + ":1:1: 'data' is missing");
    assertThat(refused("serve", "--config", directory.resolve("absent").toString()))
        .contains("there is no such file");
    assertThat(refused("serve")).isEqualTo("everpost: not in this test\n");
  }

  @Test
  void checkLooksAtTheCertificateToo() throws IOException {
    Path config = directory.resolve("tls.toml");
    Path certificate = directory.resolve("none.pem");
    Files.writeString(
        config,
        "hostname = \"mx1.example.test\"\ndata = \"d\"\n[tls]\ncertificate = \"%1$s\"\nkey = \"%1$s\"\n"
            .formatted(certificate));
    assertThat(refused("config", "check", "--config", config.toString()))
        .isEqualTo("everpost: " + certificate + ": does not exist\n");
  }

  @Test
  void mistakesAreToldWithTheirUsage() {
    assertThat(mistyped()).contains("Usage: everpost");
    assertThat(mistyped("domain")).contains("Usage: everpost domain");
    assertThat(mistyped("domian", "list"))
        .startsWith("everpost: 'domian' is not known here; did you mean 'domain'?\n");
    assertThat(mistyped("account", "nonsense"))
        .startsWith("everpost: 'nonsense' is not known here")
        .contains("Usage: everpost account");
    assertThat(mistyped("account", "add", "a@b.test"))
        .startsWith("everpost: Missing required argument (specify one of these): ");
    assertThat(mistyped("domain", "add")).contains("NAME").contains("everpost domain add");
    assertThat(mistyped("domain", "list", "--jsn")).contains("--jsn");
    assertThat(mistyped("domain", "add", "a.test", "b.test")).contains("b.test' is not known");
    assertThat(mistyped("account", "add", "a@b.test", "--password-stdin", "--password-hash", "x"))
        .contains("--password-hash");
  }

  @Test
  void theVersionIsShown() {
    assertThat(done("version")).startsWith("everpost ");
    assertThat(done("--version")).isEqualTo(done("version"));
    assertThat(done("version", "--json")).startsWith("{\"");
  }
}
