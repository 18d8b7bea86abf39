package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** A configuration with a data directory and ports of its own, and the command line for it. */
final class Installation {

  static final String SMTP = "smtp";
  static final String LMTP = "lmtp";
  static final String SUBMISSION = "submission";
  static final String SUBMISSIONS = "submissions";
  static final String IMAP = "imap";
  static final String IMAPS = "imaps";
  static final String POP3 = "pop3";
  static final String POP3S = "pop3s";

  private static final List<String> SERVICES =
      List.of(SMTP, LMTP, SUBMISSION, SUBMISSIONS, IMAP, IMAPS, POP3, POP3S);

  /** The root of the build tree, where {@code everpost}, {@code run} and {@code test} are. */
  static final Path ROOT = Path.of("").toAbsolutePath().resolve("..").normalize();

  /** Where logs are kept after the tests. */
  private static final Path LOGS = Path.of("target", "logs").toAbsolutePath();

  private final Path directory;
  private final Map<String, Integer> ports;

  /** Builds the program once, if that has to be done; it may take minutes. */
  private static final class Built {
    static final String VERSION =
        Tool.of(ROOT.resolve("everpost").toString(), "version")
            .within(Duration.ofMinutes(10))
            .run()
            .good()
            .out();
  }

  private Installation(Path directory, Map<String, Integer> ports) {
    this.directory = directory;
    this.ports = ports;
  }

  /** Sees to it that no test waits for the compiler without expecting it. */
  static void build() {
    assertThat(Built.VERSION).startsWith("everpost ");
  }

  /** Nothing listens there, so that no test asks the name servers of the world. */
  private static final String NO_DNS = "[dns]\nservers = [\"127.0.0.1:9\"]\n";

  /** A new one, with lines added to its configuration. */
  static Installation create(String name, String... lines) {
    return named("mx1.example.test", name, lines);
  }

  /** A new one that calls itself so. */
  static Installation named(String hostname, String name, String... lines) {
    build();
    try {
      // Below /tmp, because the path of a Unix-domain socket has 107 octets at most.
      Path directory = Files.createTempDirectory("everpost-" + name);
      List<Integer> free = Ports.free(SERVICES.size());
      Map<String, Integer> ports = new LinkedHashMap<>();
      for (int i = 0; i < SERVICES.size(); i++) {
        ports.put(SERVICES.get(i), free.get(i));
      }
      Installation installation = new Installation(directory, ports);
      Files.writeString(
          installation.config(),
          installation.text(hostname)
              + (List.of(lines).contains("[dns]") ? "" : NO_DNS)
              + String.join("\n", lines)
              + "\n");
      return installation;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lines for {@link #create}: on Cassandra, in this mode, at this port. */
  static String[] cassandra(String mode, int port) {
    return new String[] {
      "[store]",
      "engine = \"cassandra\"",
      "[store.cassandra]",
      "mode = \"" + mode + "\"",
      "contact-points = [\"127.0.0.1:" + port + "\"]",
      "replication-factor = 1"
    };
  }

  private String text(String hostname) {
    StringBuilder text = new StringBuilder();
    text.append("hostname = \"%s\"%ndata = \"%s\"%n".formatted(hostname, data()));
    text.append("[listen]\n");
    ports.forEach(
        (service, port) -> text.append("%s = [\"127.0.0.1:%d\"]%n".formatted(service, port)));
    return text.toString();
  }

  Path config() {
    return directory.resolve("everpost.toml");
  }

  Path data() {
    return directory.resolve("data");
  }

  /** For what a test puts beside it. */
  Path directory() {
    return directory;
  }

  int port(String service) {
    return Objects.requireNonNull(ports.get(service), service);
  }

  /** The command line of this installation. */
  Tool command(String... words) {
    List<String> command = new ArrayList<>();
    command.add(ROOT.resolve("everpost").toString());
    command.addAll(List.of(words));
    command.addAll(List.of("--config", config().toString()));
    return Tool.of(command);
  }

  /** Does what has to succeed. */
  String done(String... words) {
    return command(words).run().good().out();
  }

  void addDomain(String domain) {
    done("domain", "add", domain);
  }

  void addAccount(String address, String password) {
    command("account", "add", address, "--password-stdin").input(password + "\n").run().good();
  }

  /** Many accounts at once, as somebody who comes from another server brings them. */
  void importAccounts(List<String> addresses, String password) {
    try {
      Path csv = directory.resolve("accounts.csv");
      Files.write(csv, addresses.stream().map(a -> a + "," + ssha512(password)).toList());
      done("account", "import", csv.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A stored form that costs nothing to verify the first time. */
  static String ssha512(String password) {
    try {
      byte[] salt = "saltsalt".getBytes(StandardCharsets.US_ASCII);
      MessageDigest digest = MessageDigest.getInstance("SHA-512");
      digest.update(password.getBytes(StandardCharsets.UTF_8));
      digest.update(salt);
      byte[] hash = digest.digest();
      byte[] both = Arrays.copyOf(hash, hash.length + salt.length);
      System.arraycopy(salt, 0, both, hash.length, salt.length);
      return "{SSHA512}" + Base64.getEncoder().encodeToString(both);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts the server and waits until it is ready. */
  EverpostProcess serve() {
    return serve("");
  }

  /** The same with options for its Java virtual machine. */
  EverpostProcess serve(String javaOptions) {
    try {
      return EverpostProcess.start(
          command("serve").environment("EVERPOST_JAVA_OPTIONS", javaOptions), log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts the server and does not wait. */
  EverpostProcess launch() {
    try {
      return EverpostProcess.launch(command("serve"), log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path log() throws IOException {
    return Files.createDirectories(LOGS).resolve(directory.getFileName() + ".log");
  }

  void delete() {
    Tool.delete(directory);
  }

  /** How many connections the running server says it has, of all services. */
  int connections() {
    return Stream.of(Json.of(done("status", "--json")))
        .flatMap(status -> Json.object(status, "connections").values().stream())
        .mapToInt(count -> ((Number) count).intValue())
        .sum();
  }
}
