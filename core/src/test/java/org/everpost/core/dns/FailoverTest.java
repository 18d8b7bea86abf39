package org.everpost.core.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.core.dns.DnsFixture.failed;
import static org.everpost.core.dns.DnsFixture.found;
import static org.everpost.core.dns.DnsFixture.name;
import static org.everpost.core.dns.DnsFixture.trusted;
import static org.everpost.core.dns.DnsFixture.untrusted;

import java.time.Duration;
import org.everpost.core.event.DnsEvent;
import org.everpost.core.time.Clock;
import org.everpost.testkit.dns.DnsStandIn;
import org.everpost.testkit.dns.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several name servers, of which some do not answer. */
class FailoverTest {

  private final DnsFixture f = new DnsFixture();
  private final DnsStandIn first = f.dns;
  private final DnsStandIn second = DnsStandIn.start();

  @AfterEach
  void close() {
    f.close();
    second.close();
  }

  private CachingResolver both() {
    return f.impatient(trusted(first), trusted(second));
  }

  private void know(int names) {
    for (int i = 0; i < names; i++) {
      first.a("host" + i + ".test", "192.0.2.1");
      second.a("host" + i + ".test", "192.0.2.2");
    }
  }

  private static String ask(CachingResolver resolver, int i) {
    return found(resolver.ipv4(name("host" + i + ".test"))).records().getFirst().getHostAddress();
  }

  private static DnsCounters.Server counters(CachingResolver resolver, int server) {
    return resolver.counters().servers().get(server);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {
        "SERVFAIL",
        "REFUSED",
        "SILENT",
        "TRUNCATED_WITHOUT_TCP",
        "WRONG_ID",
        "CUT_OFF",
        "REFERRAL"
      })
  void whatOneCannotSayAnotherDoes(Fault fault) {
    know(1);
    first.fault(".", fault);
    assertThat(ask(both(), 0)).isEqualTo("192.0.2.2");
    assertThat(first.queries()).isNotEmpty();
    assertThat(f.events).isEmpty();
  }

  @Test
  void aServerThatIsGoneIsFoundOutAtOnce() {
    know(1);
    CachingResolver resolver = both();
    first.close();
    assertThat(ask(resolver, 0)).isEqualTo("192.0.2.2");
  }

  @Test
  void aLostQueryIsSentAgain() throws InterruptedException {
    know(1);
    first.fault("host0.test", Fault.SILENT);
    CachingResolver resolver = f.impatient();
    Thread healing = Thread.ofVirtual().start(() -> first.awaitQueries(2).heal("host0.test"));
    assertThat(ask(resolver, 0)).isEqualTo("192.0.2.1");
    healing.join();
    assertThat(first.queries()).hasSizeBetween(2, 3);
  }

  @Test
  void whoeverSaysNoIsNotAskedAgain() {
    first.fault(".", Fault.SERVFAIL);
    second.fault(".", Fault.REFUSED);
    assertThat(failed(both().ipv4(name("host.test")))).isEqualTo("REFUSED");
    assertThat(first.queries()).hasSize(1);
    assertThat(second.queries()).hasSize(1);
  }

  @Test
  void aServerThatIsSilentIsLeftAloneAndAskedAgainWhenItAnswers() {
    know(9);
    first.fault(".", Fault.SILENT);
    CachingResolver resolver = both();
    for (int i = 0; i < 4; i++) {
      assertThat(ask(resolver, i)).isEqualTo("192.0.2.2");
    }
    DnsFixture.await(() -> resolver.counters().openBreakers() == 1);
    assertThat(counters(resolver, 0)).returns(true, DnsCounters.Server::open);
    assertThat(counters(resolver, 0).failures()).isGreaterThanOrEqualTo(4);
    int asked = first.queries().size();
    ask(resolver, 4);
    ask(resolver, 5);
    assertThat(first.queries()).hasSize(asked);

    first.heal(".").a("localhost", "127.0.0.1");
    f.clock.advance(Duration.ofSeconds(1));
    assertThat(ask(resolver, 6)).isEqualTo("192.0.2.1");
    assertThat(first.count("localhost", "A")).isEqualTo(2);
    assertThat(resolver.counters().openBreakers()).isZero();
    String server = trusted(first).toString();
    assertThat(f.events).hasSize(2);
    assertThat(f.events.getFirst())
        .isInstanceOfSatisfying(
            DnsEvent.NameServerDown.class, down -> assertThat(down.server()).isEqualTo(server));
    assertThat(f.events.getLast()).isEqualTo(new DnsEvent.NameServerUp(server));
  }

  @Test
  void thePausesGrow() {
    know(1);
    first.fault(".", Fault.SILENT);
    CachingResolver resolver = f.impatient();
    failed(resolver.ipv4(name("host0.test")));
    failed(resolver.ipv4(name("host1.test")));
    DnsFixture.await(() -> resolver.counters().openBreakers() == 1);
    int probes = 1;
    int lookups = 0;
    for (int pause : new int[] {1, 2, 4, 8, 8}) {
      f.clock.advance(Duration.ofSeconds(pause).minusMillis(1));
      failed(resolver.ipv4(name("early" + lookups++ + ".test")));
      assertThat(first.count("localhost", "A")).as("%s s", pause).isEqualTo(probes);
      f.clock.advance(Duration.ofMillis(1));
      failed(resolver.ipv4(name("late" + lookups++ + ".test")));
      probes++;
      assertThat(first.count("localhost", "A")).as("%s s", pause).isEqualTo(probes);
    }
    assertThat(f.events).hasSize(1);
  }

  @Test
  void ifNoneIsUpThatIsSaidAtOnce() {
    first.fault(".", Fault.SILENT);
    CachingResolver resolver = f.impatient();
    failed(resolver.ipv4(name("host0.test")));
    failed(resolver.ipv4(name("host1.test")));
    DnsFixture.await(() -> resolver.counters().openBreakers() == 1);
    int asked = first.queries().size();
    for (int i = 2; i < 100; i++) {
      assertThat(failed(resolver.ipv4(name("host" + i + ".test"))))
          .isEqualTo("no name server is up");
    }
    assertThat(first.queries()).hasSize(asked);
  }

  /** Or else whoever owns a domain with dead servers could cut us off. */
  @Test
  void aDomainThatIsSilentDoesNotMakeTheServerSuspect() {
    know(1);
    first.fault("dead.test", Fault.SILENT);
    CachingResolver resolver = f.impatient();
    for (int i = 0; i < 4; i++) {
      failed(resolver.ipv4(name("host" + i + ".dead.test")));
    }
    assertThat(first.count("localhost", "A")).isBetween(1, 3);
    assertThat(ask(resolver, 0)).isEqualTo("192.0.2.1");
    assertThat(resolver.counters().openBreakers()).isZero();
    assertThat(f.events).isEmpty();
  }

  @Test
  void oneLookupAtMostFindsOutWhetherAServerIsBack() throws InterruptedException {
    know(3);
    first.fault(".", Fault.SILENT);
    CachingResolver resolver = both();
    for (int i = 10; i < 14; i++) {
      resolver.ipv4(name("host" + i + ".test"));
    }
    DnsFixture.await(() -> resolver.counters().openBreakers() == 1);
    first.heal(".").a("localhost", "127.0.0.1").hold("localhost");
    f.clock.advance(Duration.ofSeconds(1));
    Thread probing = Thread.ofVirtual().start(() -> ask(resolver, 0));
    DnsFixture.await(() -> first.count("localhost", "A") == 2);
    assertThat(ask(resolver, 1)).isEqualTo("192.0.2.2");
    first.release("localhost");
    probing.join();
    assertThat(ask(resolver, 2)).isEqualTo("192.0.2.1");
  }

  /** Otherwise silencing the trusted one would make protected names look unprotected. */
  @Test
  void whereSomeAreTrustedTheOthersAreNotAsked() {
    know(2);
    first.fault(".", Fault.SILENT);
    CachingResolver resolver = f.impatient(untrusted(second), trusted(first));
    failed(resolver.ipv4(name("host0.test")));
    first.fault(".", Fault.SERVFAIL);
    failed(resolver.ipv4(name("host1.test")));
    assertThat(second.queries()).isEmpty();
    assertThat(resolver.counters().servers()).hasSize(1);
  }

  @Test
  void aLookupEndsInTimeHoweverManyServersAreSilent() {
    first.fault(".", Fault.SILENT);
    second.fault(".", Fault.SILENT);
    DnsSettings s = DnsFixture.settings(trusted(first), trusted(second));
    Clock clock = Clock.system();
    CachingResolver resolver =
        f.resolver(
            new DnsSettings(
                s.servers(),
                Duration.ofMillis(400),
                Duration.ofMinutes(10),
                s.maxAliases(),
                s.maxRecords(),
                s.budget(),
                s.memory(),
                s.breaker()),
            clock);
    long start = clock.nanoTime();
    failed(resolver.ipv4(name("host.test")));
    assertThat(Duration.ofNanos(clock.nanoTime() - start))
        .isBetween(Duration.ofMillis(350), Duration.ofSeconds(5));
  }

  @Test
  void octetsThatDripDoNotWinTime() {
    first.txt("drip.test", "x".repeat(200)).fault("drip.test", Fault.TRUNCATED_THEN_DRIPPING);
    DnsSettings s = DnsFixture.settings(trusted(first));
    Clock clock = Clock.system();
    CachingResolver resolver =
        f.resolver(
            new DnsSettings(
                s.servers(),
                Duration.ofMillis(900),
                Duration.ofMillis(500),
                s.maxAliases(),
                s.maxRecords(),
                s.budget(),
                s.memory(),
                s.breaker()),
            clock);
    long start = clock.nanoTime();
    failed(resolver.txt(name("drip.test")));
    assertThat(Duration.ofNanos(clock.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
  }

  @Test
  void whatDoesNotFitADatagramComesByTcp() {
    first
        .txt("large.test", "x".repeat(30_000))
        .txt("cut.test", "y")
        .fault("cut.test", Fault.TRUNCATED);
    CachingResolver resolver = f.impatient();
    assertThat(found(resolver.txt(name("large.test"))).records().getFirst()).hasSize(30_000);
    assertThat(found(resolver.txt(name("cut.test"))).records()).containsExactly("y");
    assertThat(counters(resolver, 0))
        .returns(2L, DnsCounters.Server::udpQueries)
        .returns(2L, DnsCounters.Server::tcpQueries);
  }
}
