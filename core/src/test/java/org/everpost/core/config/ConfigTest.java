package org.everpost.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.everpost.core.event.Event;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.dsn.Language;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the file may say, what it means, and how it is told what it must not say. */
final class ConfigTest {

  private static final String LEAST =
      "hostname = \"mx1.example.test\"\ndata = \"/var/lib/everpost\"\n";

  @TempDir Path directory;

  private Config load(String text) throws ConfigException {
    return Config.load(write(text));
  }

  private Path write(String text) {
    try {
      return Files.writeString(directory.resolve("everpost.toml"), text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private List<String> problems(String text) {
    Path file = write(text);
    try {
      Config.load(file);
      return List.of();
    } catch (ConfigException e) {
      return e.problems().stream().map(p -> p.toString().replace(file.toString(), "F")).toList();
    }
  }

  @Test
  void defaultsAreTheDocumentedOnes() throws ConfigException {
    Config config = load(LEAST);
    assertThat(config.hostname().ascii()).isEqualTo("mx1.example.test");
    assertThat(config.data()).isEqualTo(Path.of("/var/lib/everpost"));
    assertThat(config.language()).isEqualTo(Language.ENGLISH);
    assertThat(config.listen().smtp()).isEmpty();
    assertThat(config.listen().pop3s()).isEmpty();
    assertThat(config.tls()).isEqualTo(new Config.Tls(null, null));
    assertThat(config.auth()).isEqualTo(new Config.Auth(true));
    assertThat(config.store()).isEqualTo(new StoreConfig.RocksDb());
    assertThat(config.dns()).isEqualTo(new Config.Dns(List.of(), Config.TrustAd.LOOPBACK));
    assertThat(config.relay())
        .isEqualTo(
            new RelayConfig(
                25,
                List.of(),
                RelayConfig.Tls.OPPORTUNISTIC,
                null,
                null,
                List.of(),
                null,
                null,
                Map.of()));
    assertThat(config.sending()).isEqualTo(new Config.Sending(100, 300, 500, 1_000, 14, false));
    assertThat(config.tlsReports()).isEqualTo(new Config.TlsReports(true, null));
    assertThat(config.limits()).isEqualTo(new Config.Limits(new ByteSize(50_000_000), 20_000, 100));
    assertThat(config.log().level()).isEqualTo(Event.Level.INFO);
  }

  @Test
  void everyKeyIsRead() throws ConfigException {
    Config config =
        load(
            """
            hostname = "mx1.example.test"
            data = "mail"
            language = "de"
            [listen]
            smtp = ["127.0.0.1:2525", "[::1]:2525"]
            lmtp = ["127.0.0.1:2424"]
            submission = ["127.0.0.1:2587"]
            submissions = ["127.0.0.1:2465"]
            imap = ["127.0.0.1:2143"]
            imaps = ["127.0.0.1:2993"]
            pop3 = ["127.0.0.1:2110"]
            pop3s = ["127.0.0.1:2995"]
            [tls]
            certificate = "c.pem"
            key = "/k.pem"
            [auth]
            scram = false
            [store]
            engine = "cassandra"
            [store.cassandra]
            mode = "external"
            contact-points = ["cassandra1.example.test:9042", "127.0.0.2:9043"]
            datacenter = "dc2"
            replication-factor = 5
            [dns]
            servers = ["192.0.2.53:53", "[2001:db8::53]:5353"]
            trust-ad = "all"
            [relay]
            port = 2525
            source-addresses = ["192.0.2.1", "2001:db8::1"]
            tls = "required"
            smart-host = "smart.example.test:587"
            smart-host-user = "us"
            smart-host-password-file = "secret"
            smart-host-domains = ["example.com"]
            authorities-file = "ours.pem"
            [relay.routes]
            "bücher.example" = "127.0.0.1:25"
            "example.org" = "mail.example.org:2525"
            [sending]
            messages-per-hour = 1
            recipients-per-hour = 2
            messages-per-day = 3
            recipients-per-day = 4
            ramp-days = 0
            show-client = true
            [tls-reports]
            send = false
            contact = "tls@example.test"
            [limits]
            message-size = "10MiB"
            connections = 9
            connections-per-address = 3
            [log]
            level = "debug"
            """);
    assertThat(config.data()).isEqualTo(directory.resolve("mail"));
    assertThat(config.language()).isEqualTo(Language.GERMAN);
    assertThat(config.listen().smtp())
        .containsExactly(
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 2525),
            new InetSocketAddress(InetAddress.ofLiteral("::1"), 2525));
    assertThat(config.listen().lmtp().getFirst().getPort()).isEqualTo(2424);
    assertThat(config.listen().submission().getFirst().getPort()).isEqualTo(2587);
    assertThat(config.listen().submissions().getFirst().getPort()).isEqualTo(2465);
    assertThat(config.listen().imap().getFirst().getPort()).isEqualTo(2143);
    assertThat(config.listen().imaps().getFirst().getPort()).isEqualTo(2993);
    assertThat(config.listen().pop3().getFirst().getPort()).isEqualTo(2110);
    assertThat(config.listen().pop3s().getFirst().getPort()).isEqualTo(2995);
    assertThat(config.tls())
        .isEqualTo(new Config.Tls(directory.resolve("c.pem"), Path.of("/k.pem")));
    assertThat(config.auth()).isEqualTo(new Config.Auth(false));
    assertThat(config.store())
        .isEqualTo(
            new StoreConfig.Cassandra(
                StoreConfig.Mode.EXTERNAL,
                List.of(
                    InetSocketAddress.createUnresolved("cassandra1.example.test", 9042),
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), 9043)),
                "dc2",
                5));
    assertThat(config.dns())
        .isEqualTo(
            new Config.Dns(
                List.of(
                    new InetSocketAddress(InetAddress.ofLiteral("192.0.2.53"), 53),
                    new InetSocketAddress(InetAddress.ofLiteral("2001:db8::53"), 5353)),
                Config.TrustAd.ALL));
    assertThat(config.relay())
        .isEqualTo(
            new RelayConfig(
                2525,
                List.of(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1")),
                RelayConfig.Tls.REQUIRED,
                directory.resolve("ours.pem"),
                InetSocketAddress.createUnresolved("smart.example.test", 587),
                List.of(DomainName.of("example.com")),
                "us",
                directory.resolve("secret"),
                Map.of(
                    DomainName.of("bücher.example"),
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 25),
                    DomainName.of("example.org"),
                    InetSocketAddress.createUnresolved("mail.example.org", 2525))));
    assertThat(load(ConfigText.toml(config)).relay()).isEqualTo(config.relay());
    assertThat(config.sending()).isEqualTo(new Config.Sending(1, 2, 3, 4, 0, true));
    assertThat(config.tlsReports())
        .isEqualTo(new Config.TlsReports(false, EmailAddress.of("tls@example.test")));
    assertThat(config.limits()).isEqualTo(new Config.Limits(new ByteSize(10 << 20), 9, 3));
    assertThat(config.log().level()).isEqualTo(Event.Level.DEBUG);
    assertThat(ConfigText.values(config).keySet())
        .containsExactlyElementsOf(ConfigKey.ALL.stream().map(ConfigKey::name).toList());
  }

  @Test
  void whatIsShownReadsTheSame() throws ConfigException {
    Config config =
        load(LEAST + "[listen]\nimap = [\"[::1]:143\"]\n[store]\nengine = \"cassandra\"\n");
    assertThat(load(ConfigText.toml(config))).isEqualTo(config);
  }

  @Test
  void anUnknownKeyIsToldWithItsPlaceAndTheNearestOne() {
    assertThat(problems(LEAST + "[listen]\nsmpt = []\n"))
        .containsExactly("F:4:1: unknown key 'listen.smpt'; did you mean 'listen.smtp'?");
    assertThat(problems(LEAST + "[limit]\nmessage-size = \"1MB\"\n"))
        .containsExactly("F:3:1: unknown key 'limit'; did you mean 'limits'?");
    assertThat(problems(LEAST + "quite-another-thing = 1\n"))
        .singleElement()
        .asString()
        .startsWith("F:3:1: unknown key 'quite-another-thing'; did you mean '");
    assertThat(problems(LEAST + "[tls]\ncert = \"x.pem\"\n"))
        .contains("F:4:1: unknown key 'tls.cert'; did you mean 'tls.certificate'?");
    assertThat(problems(LEAST + "[store]\n[store.cassandra]\nreplication = 3\n"))
        .singleElement()
        .asString()
        .startsWith("F:5:1: unknown key 'store.cassandra.replication'");
  }

  @Test
  void everythingWrongIsToldAtOnceInTheOrderOfTheFile() {
    assertThat(
            problems(
                """
                hostname = "not a name"
                data = 7
                [listen]
                smtp = "127.0.0.1:25"
                imap = ["localhost:143", 5, "127.0.0.1:99999", "::1:143"]
                pop3 = ["127.0.0.1:110", "127.0.0.1:110"]
                [tls]
                key = "k.pem"
                [store]
                engine = "rocksbd"
                [store.cassandra]
                replication-factor = 0
                contact-points = []
                [dns]
                servers = ["ns.example.test:53"]
                trust-ad = true
                [limits]
                message-size = "50"
                connections = "many"
                connections-per-address = 0
                """))
        .containsExactly(
            "F:1:1: 'hostname': 'not a name' is not a label of a domain name",
            "F:2:1: 'data' is a string with a path",
            "F:4:1: 'listen.smtp' is a list of \"address:port\"",
            "F:5:9: 'listen.imap': 'localhost:143' is not an IP address and a port, like"
                + " 127.0.0.1:25 or [::1]:25",
            "F:5:26: 'listen.imap' is a list of \"address:port\"",
            "F:5:29: 'listen.imap': '127.0.0.1:99999' has no port from 0 to 65535",
            "F:5:48: 'listen.imap': '::1:143' is not an address and a port, like 127.0.0.1:25 or"
                + " [::1]:25",
            "F:6:26: 'listen.pop3' has 127.0.0.1:110 twice",
            "F:8:1: 'tls.key' needs 'tls.certificate'",
            "F:10:1: 'store.engine' is \"rocksdb\" or \"cassandra\", not \"rocksbd\"; did you mean"
                + " 'rocksdb'?",
            "F:12:1: 'store.cassandra.replication-factor' is from 1 to 9",
            "F:13:1: 'store.cassandra.contact-points' needs at least one",
            "F:15:12: 'dns.servers': 'ns.example.test:53' is not an IP address and a port, like"
                + " 127.0.0.1:25 or [::1]:25",
            "F:16:1: 'dns.trust-ad' is a string",
            "F:18:1: 'limits.message-size': '50' is not a size with a unit, like 50MB",
            "F:19:1: 'limits.connections' is a whole number",
            "F:20:1: 'limits.connections-per-address' is from 1 to 1000000");
  }

  @Test
  void aMissingKeyADuplicateAndNoToml() {
    assertThat(problems(""))
        .containsExactly(
            "F:1:1: 'hostname' is missing; for example: hostname = \"mx1.example.test\"",
            "F:1:1: 'data' is missing; for example: data = \"/var/lib/everpost\"");
    assertThat(problems(LEAST + "data = \"/x\"\n"))
        .singleElement()
        .asString()
        .startsWith("F:3:1: data previously defined at");
    assertThat(problems(LEAST + "listen = 3\n"))
        .contains("F:3:1: 'listen' is a table: write [listen]");
    assertThat(problems("hostname = \n")).singleElement().asString().startsWith("F:1:12: ");
    assertThatThrownBy(() -> Config.load(directory.resolve("absent.toml")))
        .hasMessageEndingWith("absent.toml: there is no such file");
    assertThat(problems("hostname = \"a.example\"\ndata = \"/" + "x".repeat(100) + "\"\n"))
        .containsExactly("F:2:1: 'data' is longer than 94 octets");
  }

  @Test
  void aNameServerHasAPort() {
    assertThat(problems(LEAST + "[dns]\nservers = [\"127.0.0.1:0\"]\n"))
        .containsExactly("F:4:1: 'dns.servers' needs a port, which is 53 mostly");
  }

  @Test
  void noListenerCanBeLeftWithoutAConnection() throws ConfigException {
    String listen = LEAST + "[listen]\nsmtp = [\"127.0.0.1:25\"]\nimap = [\"127.0.0.1:143\"]\n";
    assertThat(problems(listen + "[limits]\nconnections = 1\n"))
        .containsExactly(
            "F:7:1: 'limits.connections' is less than the 2 addresses listened on, each of which"
                + " needs one");
    assertThat(load(listen + "[limits]\nconnections = 2\n").limits().connections()).isEqualTo(2);
  }

  @Test
  void everyProblemHasItsPartsForPrograms() throws IOException {
    Path file = write(LEAST + "[listen]\nsmpt = []\n[auth]\nscram = \"no\"\n");
    assertThatThrownBy(() -> Config.load(file))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        new ConfigProblem(file, 4, 1, "unknown key 'listen.smpt'", "listen.smtp"),
                        new ConfigProblem(file, 6, 1, "'auth.scram' is true or false", null)));
    Files.write(file, new byte[] {'#', (byte) 0xff});
    assertThatThrownBy(() -> Config.load(file)).hasMessage(file + ": is not UTF-8");
    assertThatThrownBy(() -> Config.load(directory))
        .hasMessage(directory + ": cannot be read: Is a directory");
  }

  @Test
  void whatIsWrongWithTheRelayIsTold() {
    assertThat(
            problems(
                LEAST
                    + """
                    [relay]
                    port = 0
                    source-addresses = ["here"]
                    tls = "none"
                    smart-host = "smart.example.test"
                    routes = { "example.org" = 25, "a b" = "x:25", "c" = "d:0" }
                    """))
        .containsExactly(
            "F:4:1: 'relay.port' is from 1 to 65535",
            "F:5:21: 'relay.source-addresses': 'here' is not an IP address",
            "F:6:1: 'relay.tls' is \"opportunistic\" or \"required\" or \"verified\", not"
                + " \"none\"; did you mean 'required'?",
            "F:7:1: 'relay.smart-host': 'smart.example.test' is not an address and a port, like"
                + " 127.0.0.1:25 or [::1]:25",
            "F:8:12: 'relay.routes' is a table of \"domain\" = \"host:port\"",
            "F:8:32: 'relay.routes': 'a b' is not a label of a domain name",
            "F:8:48: 'relay.routes': 'd:0' has no port from 1 to 65535");
    assertThat(problems(LEAST + "[relay]\nsmart-host-user = \"us\"\n"))
        .containsExactly(
            "F:4:1: 'relay.smart-host-user' needs 'relay.smart-host'",
            "F:4:1: 'relay.smart-host-user' needs 'relay.smart-host-password-file'");
    assertThat(problems(LEAST + "[relay]\nsmart-host-password-file = \"f\"\n"))
        .containsExactly("F:4:1: 'relay.smart-host-password-file' needs 'relay.smart-host-user'");
    assertThat(problems(LEAST + "[relay]\nsmart-host-domains = [\"a b\", \"example.org\"]\n"))
        .containsExactly(
            "F:4:1: 'relay.smart-host-domains' needs 'relay.smart-host'",
            "F:4:23: 'relay.smart-host-domains': 'a b' is not a label of a domain name");
    String withLogin =
        LEAST
            + """
            [relay]
            smart-host = "%s:25"
            smart-host-user = "us"
            smart-host-password-file = "f"
            """;
    for (String elsewhere : List.of("192.0.2.1", "127.0.4.1", "[2001:db8::1]")) {
      assertThat(problems(withLogin.formatted(elsewhere)))
          .containsExactly(
              "F:4:1: 'relay.smart-host' has to be a name where 'relay.smart-host-user' is set");
    }
    for (String here : List.of("127.0.0.1", "[::1]")) {
      assertThat(problems(withLogin.formatted(here))).isEmpty();
    }
    assertThat(problems(LEAST + "[relay]\nroutes = [\"x\"]\n"))
        .containsExactly("F:4:1: 'relay.routes' is a table of \"domain\" = \"host:port\"");
  }

  @Test
  void sizesHaveUnits() {
    assertThat(ByteSize.of("50MB").octets()).isEqualTo(50_000_000);
    assertThat(ByteSize.of("1.5 GiB").octets()).isEqualTo(3L << 29);
    assertThat(ByteSize.of("7k").octets()).isEqualTo(7_000);
    assertThat(ByteSize.of("123B")).hasToString("123B");
    assertThat(ByteSize.of("64KiB")).hasToString("64KiB");
    assertThat(ByteSize.of("2000MB")).hasToString("2GB");
    for (String bad : List.of("", "50", "MB", "-1MB", "1XB", "1iB", "9999999999999TB", "1e3MB")) {
      assertThatThrownBy(() -> ByteSize.of(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void durations() {
    assertThat(TimeSpan.of("90s")).hasToString("90s");
    assertThat(TimeSpan.of("120 s")).hasToString("2m");
    assertThat(TimeSpan.of("48h")).hasToString("2d");
    for (String bad : List.of("", "5", "m", "-1m", "1w", "1.5h", "9999999999s")) {
      assertThatThrownBy(() -> TimeSpan.of(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void theQueueIsAsConfigured() throws ConfigException {
    Config.Queue usual = load(LEAST).queue();
    assertThat(usual)
        .isEqualTo(
            new Config.Queue(
                Duration.ofMinutes(5),
                Duration.ofHours(4),
                Duration.ofHours(4),
                Duration.ofDays(5),
                500,
                20));
    assertThat(load(LEAST + "[queue]\nretry-first = \"30s\"\nretry-longest = \"1h\"\n").queue())
        .extracting(Config.Queue::retryFirst, Config.Queue::retryLongest)
        .containsExactly(Duration.ofSeconds(30), Duration.ofHours(1));
    assertThat(problems(LEAST + "[queue]\nretry-first = \"5h\"\n"))
        .containsExactly("F:1:1: 'queue.retry-longest' is less than 'queue.retry-first'");
    assertThat(problems(LEAST + "[queue]\nexpire = \"31d\"\n"))
        .containsExactly("F:4:1: 'queue.expire' is from 1s to 30d");
  }

  @Test
  void reportsAreFromAnAddressEverybodyTakes() {
    assertThat(problems(LEAST + "[tls-reports]\ncontact = \"\u00e4@x.test\"\n"))
        .singleElement()
        .asString()
        .contains("not in ASCII");
    assertThat(problems(LEAST + "[tls-reports]\ncontact = \"nobody\"\n")).hasSize(1);
  }

  /** Run with {@code -Dregenerate=true} after a change of the keys. */
  @Test
  void theReferencePageAndTheSampleAreUpToDate() throws IOException, ConfigException {
    for (String[] page :
        new String[][] {
          {"configuration.md", ConfigText.reference()}, {"everpost.toml", ConfigText.sample()}
        }) {
      Path file = Path.of("../docs", page[0]);
      if (Boolean.getBoolean("regenerate")) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, page[1]);
      }
      assertThat(file).content().isEqualTo(page[1]);
    }
    assertThat(load(ConfigText.sample()).hostname().ascii()).isEqualTo("mx1.example.test");
    String everything = ConfigText.sample().replaceAll("(?m)^#([a-z0-9-]+ = )", "$1");
    assertThat(load(everything).listen().smtp()).hasSize(1);
  }
}
