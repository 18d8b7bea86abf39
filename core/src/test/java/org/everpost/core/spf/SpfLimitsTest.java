package org.everpost.core.spf;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.everpost.core.spf.SpfResult.Verdict;
import org.everpost.wire.address.EmailAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 7208 §4.6.4: what a check may cost. */
class SpfLimitsTest {

  private static final String TEN_LOOKUPS = "it needs more than ten lookups";
  private static final String TWO_VOID = "it asks for more than two names that have nothing";

  private final SpfFixture spf = new SpfFixture();

  @AfterEach
  void close() {
    spf.close();
  }

  private static String terms(String term, int count) {
    StringBuilder terms = new StringBuilder();
    for (int i = 0; i < count; i++) {
      terms.append(' ').append(term.replace("N", Integer.toString(i)));
    }
    return terms.toString();
  }

  @ParameterizedTest
  @CsvSource({"a:n.test", "mx:m.test", "include:i.test", "exists:6.%{i}.test", "ptr:n.test"})
  void tenTermsMayAsk(String term) {
    spf.dns
        .a("n.test", "198.51.100.1")
        .mx("m.test", 0, "n.test")
        .txt("i.test", "v=spf1 -all")
        .ptr(SpfFixture.CLIENT, "elsewhere.test")
        .a("elsewhere.test", SpfFixture.CLIENT);
    boolean exists = term.startsWith("exists");
    String ten = exists ? terms(term, 2) + terms("a:n.test", 8) : terms(term, 10);
    assertThat(spf.of("v=spf1" + ten + " ip4:192.0.2.1 -all").verdict()).isEqualTo(Verdict.PASS);
    assertThat(spf.of("v=spf1" + ten + " " + term + " ip4:192.0.2.1 -all"))
        .returns(Verdict.PERMERROR, SpfResult::verdict)
        .returns(TEN_LOOKUPS, SpfResult::reason);
    assertThat(spf.of("v=spf1" + terms(term, 2) + terms("ip4:10.0.0.N", 50) + " ?all").verdict())
        .isEqualTo(Verdict.NEUTRAL);
  }

  /** What was decided before the limit is decided. */
  @Test
  void onlyWhatIsAskedCounts() {
    spf.dns.a("n.test", "198.51.100.1");
    assertThat(spf.of("v=spf1 ip4:192.0.2.1" + terms("a:n.test", 20)).verdict())
        .isEqualTo(Verdict.PASS);
  }

  @Test
  void redirectCountsAndExpDoesNot() {
    spf.dns
        .a("n.test", "198.51.100.1")
        .txt("r.test", "v=spf1 -all exp=why.test")
        .txt("why.test", "because");
    assertThat(spf.of("v=spf1" + terms("a:n.test", 9) + " redirect=r.test"))
        .returns(Verdict.FAIL, SpfResult::verdict)
        .returns("because", SpfResult::explanation);
    assertThat(spf.of("v=spf1" + terms("a:n.test", 10) + " redirect=r.test").reason())
        .isEqualTo(TEN_LOOKUPS);
  }

  @Test
  void recordsThatLeadToEachOtherEnd() {
    spf.dns
        .txt("loop.test", "v=spf1 include:loop.test -all")
        .txt("round.test", "v=spf1 redirect=about.test")
        .txt("about.test", "v=spf1 redirect=round.test");
    assertThat(spf.of("v=spf1 include:loop.test -all").reason()).isEqualTo(TEN_LOOKUPS);
    assertThat(spf.of("v=spf1 redirect=round.test").reason()).isEqualTo(TEN_LOOKUPS);
    assertThat(spf.dns.queries()).hasSizeLessThan(10);
  }

  @ParameterizedTest
  @CsvSource({"a:xN.void.test", "mx:xN.void.test", "exists:xN.void.test"})
  void twoNamesMayHaveNothing(String term) {
    assertThat(spf.of("v=spf1" + terms(term, 2) + " ip4:192.0.2.1 -all").verdict())
        .isEqualTo(Verdict.PASS);
    assertThat(spf.of("v=spf1" + terms(term, 3) + " ip4:192.0.2.1 -all"))
        .returns(Verdict.PERMERROR, SpfResult::verdict)
        .returns(TWO_VOID, SpfResult::reason);
  }

  /** A client without a name is asked for it once, but each term that wants it finds nothing. */
  @Test
  void aClientWithoutANameIsVoid() {
    assertThat(spf.of("v=spf1 ptr ptr ip4:192.0.2.1 -all").verdict()).isEqualTo(Verdict.PASS);
    assertThat(spf.of("v=spf1 ptr ptr ptr ip4:192.0.2.1 -all").reason()).isEqualTo(TWO_VOID);
    assertThat(spf.dns.count("1.2.0.192.in-addr.arpa", "PTR")).isEqualTo(2);
  }

  /** Servers for mail without an address of the client's kind are no reason to refuse it. */
  @Test
  void hostsOfMxWithoutAnAddressDoNotCount() {
    for (int i = 0; i < 10; i++) {
      spf.dns.mx("m.test", i, "h" + i + ".test").a("h" + i + ".test", "198.51.100.1");
    }
    assertThat(spf.of(SpfFixture.CLIENT6, "v=spf1 mx:m.test ?all").verdict())
        .isEqualTo(Verdict.NEUTRAL);
    spf.dns.mx("m.test", 10, "h10.test");
    assertThat(spf.of("v=spf1 mx:m.test ?all"))
        .returns(Verdict.PERMERROR, SpfResult::verdict)
        .returns("m.test has more than ten MX records", SpfResult::reason);
  }

  /** The client chooses them: what is too much is left out, and no error. */
  @Test
  void ofTheNamesOfAClientTenAreLookedAt() {
    for (int i = 0; i < 12; i++) {
      spf.dns.ptr(SpfFixture.CLIENT, "h" + i + ".test").a("h" + i + ".test", "198.51.100.1");
    }
    assertThat(spf.of("v=spf1 ptr ?all").verdict()).isEqualTo(Verdict.NEUTRAL);
    assertThat(spf.dns.queries().stream().filter(query -> query.type().equals("A"))).hasSize(10);
  }

  @Test
  void theMacroForTheNameCountsOnce() {
    spf.dns
        .ptr(SpfFixture.CLIENT, "c.test")
        .a("c.test", SpfFixture.CLIENT)
        .a("n.test", "198.51.100.1")
        .a("c.test.n.test", "198.51.100.1");
    String both = terms("a:%{p}.n.test", 2);
    assertThat(spf.of("v=spf1" + both + terms("a:n.test", 7) + " ?all").verdict())
        .isEqualTo(Verdict.NEUTRAL);
    assertThat(spf.of("v=spf1" + both + terms("a:n.test", 8) + " ?all").reason())
        .isEqualTo(TEN_LOOKUPS);
  }

  @Test
  void timeIsLimited() {
    spf.dns.txt("example.test", "v=spf1 a:slow.test -all").hold("slow.test");
    Spf hasty = new Spf(spf.resolver(), SpfFixture.RECEIVER, spf.clock, Duration.ofMillis(200));
    assertThat(
            hasty.check(
                InetAddress.ofLiteral(SpfFixture.CLIENT),
                "h",
                EmailAddress.of("user@example.test")))
        .returns(Verdict.TEMPERROR, SpfResult::verdict)
        .returns("DNS about slow.test: no answer in time", SpfResult::reason);
  }

  /** Or else it would be as if the client had none. */
  @Test
  void namesThatComeTooLateDecideNothing() {
    spf.dns.txt("example.test", "v=spf1 -ptr +all").hold("1.2.0.192.in-addr.arpa");
    Spf hasty = new Spf(spf.resolver(), SpfFixture.RECEIVER, spf.clock, Duration.ofSeconds(1));
    CompletableFuture<SpfResult> checked =
        CompletableFuture.supplyAsync(() ->
            hasty.check(
                InetAddress.ofLiteral(SpfFixture.CLIENT),
                "h",
                EmailAddress.of("user@example.test")));
    while (spf.dns.count("1.2.0.192.in-addr.arpa", "PTR") == 0) {
      Thread.onSpinWait();
    }
    spf.clock.advance(Duration.ofSeconds(1));
    assertThat(checked.join())
        .returns(Verdict.TEMPERROR, SpfResult::verdict)
        .returns("it took too long", SpfResult::reason);
  }

  @Test
  void whoWaitsMayBeInterrupted() {
    spf.dns.hold("example.test");
    Thread.currentThread().interrupt();
    assertThat(spf.check(SpfFixture.CLIENT, "h", "user@example.test").verdict())
        .isEqualTo(Verdict.TEMPERROR);
    assertThat(Thread.interrupted()).isTrue();
  }
}
