package org.everpost.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.everpost.core.config.Config;
import org.everpost.core.event.EventSink;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.data.Foundation;
import org.everpost.server.guard.TestGuard;
import org.everpost.server.outbound.Queue;
import org.everpost.testkit.dns.DnsStandIn;
import org.everpost.testkit.dns.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code everpost domain dkim} and {@code dns}, with a server that runs and without one. */
final class DomainCommandsTest {

  private static final Pattern SELECTOR = Pattern.compile("(?m)^ep\\d{6}[re]\\d*");

  @TempDir Path directory;

  private final DnsStandIn dns = DnsStandIn.start();

  @BeforeEach
  void configure() throws IOException {
    Files.writeString(
        directory.resolve("everpost.toml"),
        """
        hostname = "mx1.example.test"
        data = "data"
        [listen]
        smtp = ["192.0.2.1:25"]
        submissions = ["192.0.2.1:465"]
        imaps = ["192.0.2.1:993"]
        pop3s = ["192.0.2.1:995"]
        [dns]
        servers = ["127.0.0.1:%d"]
        """
            .formatted(dns.address().getPort()));
  }

  @AfterEach
  void close() {
    dns.close();
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

  /** Runs a command that is refused or fails; all that it wrote. */
  private String failed(String... words) {
    TestConsole console = new TestConsole();
    assertThat(run(console, words)).as(console.out()).isEqualTo(1);
    return console.err() + console.out();
  }

  private String mistyped(String... words) {
    TestConsole console = new TestConsole();
    assertThat(run(console, words)).as(console.out()).isEqualTo(2);
    return console.err();
  }

  private static List<String> selectors(String list) {
    return SELECTOR.matcher(list).results().map(MatchResult::group).toList();
  }

  private static List<String> lines(String text, Predicate<String> which) {
    return text.lines().filter(which).toList();
  }

  /** Does what {@code domain dns} says. */
  private void publish() {
    String zone = done("domain", "dns", "example.test").replaceAll("(?m)^;.*\n", "");
    dns.zone("example.test", zone).ptr("192.0.2.1", "mx1.example.test");
  }

  private void everyCommand() {
    TestConsole added = new TestConsole();
    assertThat(run(added, "domain", "add", "example.test")).isZero();
    assertThat(added.out()).isEqualTo("domain example.test added\n");
    assertThat(added.err()).contains("everpost domain dns example.test");

    String first = done("domain", "dkim", "example.test");
    assertThat(first.lines()).hasSize(3).first().asString().startsWith("SELECTOR  ");
    assertThat(first).contains("rsa", "ed25519", "pending").doesNotContain("active");
    assertThat(failed("domain", "dns", "example.test", "--check"))
        .contains("missing  MX         example.test\n         add: example.test. 3600 IN MX 10 mx1")
        .contains("missing  TLS-RPT    _smtp._tls.example.test (good to have)")
        .doesNotContain("MTA-STS");
    assertThat(failed("domain", "dkim", "example.test", "--activate"))
        .contains("stays pending: its record is not in DNS");

    publish();
    assertThat(lines(done("domain", "dns", "example.test", "--check"), l -> !l.startsWith(" ")))
        .allMatch(line -> line.startsWith("ok "))
        .anyMatch(line -> line.contains(selectors(first).getFirst() + "._domainkey"));
    assertThat(done("domain", "dns", "example.test", "--check", "--json"))
        .startsWith("{\"domain\":\"example.test\",\"good\":true,\"records\":[{\"topic\":\"MX\"")
        .contains("\"state\":\"ok\",\"found\":\"10 mx1.example.test\"");
    // Looking alone changes nothing.
    assertThat(done("domain", "dkim", "example.test")).doesNotContain("active");
    assertThat(done("domain", "dkim", "example.test", "--activate"))
        .contains("active")
        .doesNotContain("pending");

    rotation(selectors(first));
    deletion();
    mistakes();
  }

  private void rotation(List<String> old) {
    TestConsole rotated = new TestConsole();
    assertThat(run(rotated, "domain", "dkim", "example.test", "--rotate")).isZero();
    assertThat(rotated.err()).contains("publish them: everpost domain dns example.test");
    assertThat(lines(rotated.out(), line -> line.contains("pending"))).hasSize(2);
    assertThat(lines(rotated.out(), line -> line.contains("active"))).hasSize(2);
    TestConsole again = new TestConsole();
    assertThat(run(again, "domain", "dkim", "example.test", "--rotate")).isZero();
    assertThat(again.err()).contains("nothing was made, a pending key is there already");
    assertThat(selectors(again.out())).isEqualTo(selectors(rotated.out()));
    assertThat(failed("domain", "dkim", "example.test", "--activate"))
        .contains(old.getFirst() + "2 stays pending");
    String forced = done("domain", "dkim", "example.test", "--activate", "--force");
    assertThat(lines(forced, line -> line.contains("retired")))
        .hasSize(2)
        .allMatch(line -> old.contains(selectors(line).getFirst()) && line.contains("keep its"));
    assertThat(done("domain", "dns", "example.test"))
        .contains("It signs no more. Keep this record until 2");
    assertThat(failed("domain", "dns", "example.test", "--check"))
        .contains("missing  DKIM       " + old.getFirst() + "2._domainkey.example.test\n");
  }

  private void deletion() {
    List<String> selectors = selectors(done("domain", "dkim", "example.test"));
    assertThat(selectors).hasSize(4);
    TestConsole no = new TestConsole().input("no\n");
    assertThat(run(no, "domain", "dkim", "example.test", "--delete", selectors.getFirst()))
        .isEqualTo(1);
    assertThat(no.err())
        .contains("This destroys the key " + selectors.getFirst(), "nothing was deleted");
    for (String selector : selectors) {
      assertThat(done("domain", "dkim", "example.test", "--delete", selector, "--yes"))
          .isEqualTo("key " + selector + " of example.test deleted\n");
    }
    TestConsole none = new TestConsole();
    assertThat(run(none, "domain", "dkim", "example.test")).isZero();
    assertThat(none.err()).isEqualTo("everpost: no key; --make makes some\n");
    assertThat(done("domain", "dkim", "example.test", "--json")).isEqualTo("[]\n");
    assertThat(failed("domain", "dkim", "example.test", "--delete", selectors.getFirst(), "--yes"))
        .contains("does not exist");
    String made = done("domain", "dkim", "example.test", "--make", "--algorithm", "ed25519");
    assertThat(selectors(made)).hasSize(1).doesNotContainAnyElementsOf(selectors);
    assertThat(done("domain", "dkim", "example.test", "--make", "--json"))
        .contains(
            "\"algorithm\":\"rsa\",\"state\":\"pending\"", "\"text\":\"v=DKIM1; k=ed25519; p=")
        .doesNotContainIgnoringCase("private");
  }

  private void mistakes() {
    assertThat(failed("domain", "dkim", "elsewhere.test"))
        .isEqualTo("everpost: domain elsewhere.test does not exist\n");
    assertThat(failed("domain", "dns", "elsewhere.test")).contains("does not exist");
    assertThat(failed("domain", "dkim", "example.test", "--force"))
        .contains("goes with --activate");
    assertThat(failed("domain", "dkim", "example.test", "--algorithm", "rsa"))
        .contains("goes with --make or --rotate");
    assertThat(failed("domain", "dkim", "example.test", "--make", "--algorithm", "dsa"))
        .contains("'dsa' is neither rsa nor ed25519");
    assertThat(mistyped("domain", "dkim", "example.test", "--make", "--rotate"))
        .contains("mutually exclusive");
    assertThat(mistyped("domain", "dkim")).contains("NAME");
    assertThat(done("domain", "dkim", "--help")).contains("pending until its record is seen");
    assertThat(done("domain", "dns", "--help")).contains("--check");
  }

  /** Opens the store some thirty times. */
  @Test
  @Tag("slow")
  void withoutAServer() {
    everyCommand();
  }

  @Test
  void withAServer() throws Exception {
    try (Foundation foundation =
            Foundation.open(
                Config.load(directory.resolve("everpost.toml")),
                Clock.system(),
                RandomSource.secure(),
                EventSink.NONE);
        ControlSocket _ =
            Program.control(
                foundation,
                new Queue(foundation.openSpool(), foundation.clock(), EventSink.NONE),
                TestGuard.bare(10, 10).desk(),
                () -> Map.of("uptimeSeconds", 7))) {
      everyCommand();
    }
  }

  @Test
  void theZoneFileCanBePasted() {
    done("domain", "add", "example.test");
    String zone = done("domain", "dns", "example.test");
    assertThat(zone.lines().filter(line -> !line.startsWith(";") && !line.isEmpty()))
        .hasSize(10)
        .allMatch(line -> line.matches("\\S+\\.example\\.test\\. 3600 IN .*|example\\.test\\. .*"));
    assertThat(zone)
        .contains("; Everpost does not serve the policy yet.")
        .contains("; autoconfig.example.test. 3600 IN CNAME mx1.example.test.")
        .contains("; 1.2.0.192.in-addr.arpa. 3600 IN PTR mx1.example.test.");
    assertThat(done("domain", "dns", "example.test", "--json"))
        .startsWith("{\"domain\":\"example.test\",\"records\":[{\"topic\":\"MX\"")
        .contains("\"topic\":\"MTA-STS\"", "\"use\":\"later\",\"needed\":false,\"line\":null");
  }

  @Test
  void aDeadNameServerIsNotAMissingRecord() {
    done("domain", "add", "example.test");
    dns.fault(".", Fault.SERVFAIL);
    String told = failed("domain", "dns", "example.test", "--check");
    assertThat(told)
        .startsWith("everpost: no name server tells anything now (SERVFAIL")
        .contains("unknown  MX         example.test\n         why:   SERVFAIL")
        .doesNotContain("missing", "add:");
    assertThat(failed("domain", "dns", "example.test", "--check", "--json"))
        .contains("\"good\":false", "\"state\":\"unknown\",\"problem\":\"SERVFAIL");
    assertThat(failed("domain", "dkim", "example.test", "--activate"))
        .contains("stays pending: DNS does not tell now: SERVFAIL");
  }

  @Test
  void aPolicyThatIsPromisedAndNotServedIsWrong() {
    done("domain", "add", "example.test");
    publish();
    done("domain", "dns", "example.test", "--check");
    dns.txt("_mta-sts.example.test", "v=STSv1; id=1");
    assertThat(failed("domain", "dns", "example.test", "--check"))
        .contains("wrong    MTA-STS    _mta-sts.example.test\n         found: v=STSv1; id=1\n")
        .contains("why:   the policy cannot be had: mta-sts.example.test has no address");
  }

  @Test
  void whatIsInDnsCannotTellTheTerminalWhatToDo() {
    done("domain", "add", "example.test");
    publish();
    dns.remove("_dmarc.example.test").txt("_dmarc.example.test", "v=DMARC1; p=\u001b[2J");
    String told = failed("domain", "dns", "example.test", "--check");
    assertThat(told)
        .doesNotContain("\u001b")
        .contains("wrong    DMARC      _dmarc.example.test\n         found: v=DMARC1; p=?[2J\n")
        .contains("why:   the policy (p=) is not one")
        .contains("as in: _dmarc.example.test. 3600 IN TXT \"v=DMARC1; p=none;");
  }

  @Test
  void aDomainWhoseNameLeavesNoRoomForKeysIsAddedAllTheSame() {
    String longest = ("a".repeat(49) + ".").repeat(5) + "xyz";
    TestConsole console = new TestConsole();
    assertThat(run(console, "domain", "add", longest)).isZero();
    assertThat(console.err()).contains("it has no keys: the name of the domain is too long");
    assertThat(failed("domain", "dkim", longest, "--make")).contains("too long");
    assertThat(done("domain", "list").lines().collect(Collectors.toList())).hasSize(1);
  }
}
