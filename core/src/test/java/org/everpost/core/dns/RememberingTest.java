package org.everpost.core.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.core.dns.DnsFixture.failed;
import static org.everpost.core.dns.DnsFixture.found;
import static org.everpost.core.dns.DnsFixture.name;
import static org.everpost.core.dns.DnsFixture.none;

import java.time.Duration;
import org.everpost.testkit.dns.DnsStandIn;
import org.everpost.testkit.dns.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was asked once is not asked again while it holds, and no longer. */
class RememberingTest {

  private final DnsFixture f = new DnsFixture();
  private final DnsStandIn dns = f.dns;
  private final CachingResolver resolver = f.resolver();

  @AfterEach
  void close() {
    f.close();
  }

  private void pass(long seconds) {
    f.clock.advance(Duration.ofSeconds(seconds));
  }

  @Test
  void anAnswerHoldsAsLongAsItSays() {
    dns.ttl(Duration.ofMinutes(5)).mx("example.test", 10, "mx.example.test");
    resolver.mx(name("example.test"));
    pass(299);
    found(resolver.mx(name("example.test")));
    assertThat(dns.queries()).hasSize(1);
    assertThat(f.resolver().counters().remembered()).isZero();
    assertThat(resolver.counters())
        .returns(2L, DnsCounters::lookups)
        .returns(1L, DnsCounters::cacheHits)
        .returns(1L, DnsCounters::queries)
        .returns(1L, DnsCounters::remembered);
    pass(2);
    found(resolver.mx(name("example.test")));
    assertThat(dns.queries()).hasSize(2);
  }

  @Test
  void butNotForAMomentOnlyAndNotForEver() {
    dns.ttl(Duration.ZERO).a("short.test", "192.0.2.1");
    dns.ttl(Duration.ofDays(400)).a("long.test", "192.0.2.1");
    resolver.ipv4(name("short.test"));
    resolver.ipv4(name("long.test"));
    pass(4);
    found(resolver.ipv4(name("short.test")));
    assertThat(dns.count("short.test", "A")).isEqualTo(1);
    pass(2);
    found(resolver.ipv4(name("short.test")));
    assertThat(dns.count("short.test", "A")).isEqualTo(2);
    pass(3_500);
    dns.remove("long.test");
    found(resolver.ipv4(name("long.test")));
    pass(100);
    none(resolver.ipv4(name("long.test")));
  }

  @Test
  void theShortestLifeOfAnAliasAndItsRecordsCounts() {
    dns.ttl(Duration.ofSeconds(30)).cname("www.test", "host.test");
    dns.ttl(Duration.ofMinutes(5)).a("host.test", "192.0.2.1");
    resolver.ipv4(name("www.test"));
    pass(31);
    found(resolver.ipv4(name("www.test")));
    assertThat(dns.count("www.test", "A")).isEqualTo(2);
  }

  @Test
  void thatThereAreNoneHoldsForTheTypeAsTheZoneSays() {
    dns.zone("example.test", Duration.ofMinutes(2)).a("host.example.test", "192.0.2.1");
    none(resolver.mx(name("host.example.test")));
    found(resolver.ipv4(name("host.example.test")));
    pass(119);
    none(resolver.mx(name("host.example.test")));
    assertThat(dns.count("host.example.test", "MX")).isEqualTo(1);
    pass(2);
    none(resolver.mx(name("host.example.test")));
    assertThat(dns.count("host.example.test", "MX")).isEqualTo(2);
  }

  @Test
  void aDenialIsBoundedToo() {
    dns.zone("short.test", Duration.ZERO).zone("long.test", Duration.ofDays(7));
    none(resolver.mx(name("short.test")));
    none(resolver.mx(name("long.test")));
    pass(4);
    none(resolver.mx(name("short.test")));
    assertThat(dns.count("short.test", "MX")).isEqualTo(1);
    pass(2);
    none(resolver.mx(name("short.test")));
    assertThat(dns.count("short.test", "MX")).isEqualTo(2);
    pass(590);
    none(resolver.mx(name("long.test")));
    assertThat(dns.count("long.test", "MX")).isEqualTo(1);
    pass(5);
    none(resolver.mx(name("long.test")));
    assertThat(dns.count("long.test", "MX")).isEqualTo(2);
  }

  /** RFC 2308 §5 and RFC 8020 §2. */
  @Test
  void aNameThatDoesNotExistHasNoRecordsOfAnyTypeAndNothingBelow() {
    assertThat(none(resolver.mx(name("absent.test"))).nameExists()).isFalse();
    assertThat(none(resolver.ipv4(name("absent.test"))).nameExists()).isFalse();
    assertThat(none(resolver.tlsa(name("_25._tcp.mx.absent.test"))).nameExists()).isFalse();
    none(resolver.ipv4(name("notabsent.test")));
    assertThat(dns.queries())
        .extracting(DnsStandIn.Query::name)
        .containsExactly("absent.test", "notabsent.test");
    pass(61);
    dns.tlsa("_25._tcp.mx.absent.test", 3, 1, 1, new byte[32]);
    found(resolver.tlsa(name("_25._tcp.mx.absent.test")));
  }

  @Test
  void anAliasThatLeadsNowhereExistsItself() {
    dns.cname("alias.test", "nowhere.test").a("below.alias.test", "192.0.2.1");
    assertThat(none(resolver.ipv4(name("alias.test"))).nameExists()).isFalse();
    found(resolver.ipv4(name("below.alias.test")));
  }

  /** RFC 9520 §3.2. */
  @Test
  void aFailureIsRememberedBriefly() {
    dns.mx("broken.test", 10, "mx.test").fault("broken.test", Fault.SERVFAIL);
    assertThat(failed(resolver.mx(name("broken.test")))).isEqualTo("SERVFAIL");
    failed(resolver.mx(name("broken.test")));
    assertThat(dns.queries()).hasSize(1);
    dns.heal("broken.test");
    pass(9);
    failed(resolver.mx(name("broken.test")));
    pass(2);
    found(resolver.mx(name("broken.test")));
    assertThat(resolver.counters().failures()).isEqualTo(1);
  }

  @Test
  void silenceIsRememberedLikewise() {
    dns.fault("silent.test", Fault.SILENT);
    CachingResolver impatient = f.impatient();
    assertThat(failed(impatient.mx(name("silent.test")))).contains("timed out");
    int asked = dns.queries().size();
    failed(impatient.mx(name("silent.test")));
    assertThat(dns.queries()).hasSize(asked);
  }

  @Test
  void memoryIsBounded() {
    CachingResolver small =
        f.resolver(
            new DnsSettings.Memory(
                40_000,
                Duration.ofSeconds(5),
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofSeconds(10),
                3));
    for (int i = 0; i < 300; i++) {
      dns.a("host" + i + ".test", "192.0.2.1");
      found(small.ipv4(name("host" + i + ".test")));
      none(small.ipv4(name("absent" + i + ".test")));
    }
    assertThat(small.counters().remembered()).isBetween(20L, 90L);
  }

  @Test
  void aNameThatIsWantedOftenIsAskedForBeforeItsTimeIsOver() {
    dns.ttl(Duration.ofSeconds(100)).a("hot.test", "192.0.2.1").a("cold.test", "192.0.2.1");
    resolver.ipv4(name("hot.test"));
    resolver.ipv4(name("cold.test"));
    for (int i = 0; i < 5; i++) {
      pass(10);
      resolver.ipv4(name("hot.test"));
    }
    assertThat(dns.queries()).hasSize(2);
    pass(41);
    found(resolver.ipv4(name("cold.test")));
    found(resolver.ipv4(name("hot.test")));
    found(resolver.ipv4(name("hot.test")));
    dns.awaitQueries(3);
    DnsFixture.await(() -> resolver.counters().underWay() == 0);
    pass(50);
    found(resolver.ipv4(name("hot.test")));
    assertThat(dns.count("hot.test", "A")).isEqualTo(2);
    assertThat(dns.count("cold.test", "A")).isEqualTo(1);
    assertThat(resolver.counters().prefetches()).isEqualTo(1);
  }

  @Test
  void whoComesTooLateWaitsForWhatIsFetchedAhead() throws InterruptedException {
    dns.ttl(Duration.ofSeconds(100)).a("hot.test", "192.0.2.1");
    for (int i = 0; i < 5; i++) {
      resolver.ipv4(name("hot.test"));
    }
    dns.hold("hot.test");
    pass(95);
    found(resolver.ipv4(name("hot.test")));
    dns.awaitQueries(2);
    pass(6);
    Thread late = Thread.ofVirtual().start(() -> resolver.ipv4(name("hot.test")));
    DnsFixture.await(() -> resolver.counters().coalesced() == 1);
    dns.release("hot.test");
    late.join();
    assertThat(dns.queries()).hasSize(2);
  }

  @Test
  void ifThatFailsTheAnswerHoldsToItsEnd() {
    dns.ttl(Duration.ofSeconds(100)).a("hot.test", "192.0.2.1");
    for (int i = 0; i < 5; i++) {
      resolver.ipv4(name("hot.test"));
    }
    dns.fault("hot.test", Fault.SERVFAIL);
    pass(95);
    found(resolver.ipv4(name("hot.test")));
    DnsFixture.await(() -> resolver.counters().failures() == 1);
    found(resolver.ipv4(name("hot.test")));
    assertThat(dns.count("hot.test", "A")).isEqualTo(2);
    pass(6);
    failed(resolver.ipv4(name("hot.test")));
  }

  @Test
  void whoeverHasNoRoomFetchesNothingAhead() throws InterruptedException {
    CachingResolver narrow = f.resolver(new DnsSettings.Budget(1, 10_000));
    dns.ttl(Duration.ofSeconds(100)).a("hot.test", "192.0.2.1").hold("slow.test");
    for (int i = 0; i < 5; i++) {
      narrow.ipv4(name("hot.test"));
    }
    pass(95);
    Thread slow = Thread.ofVirtual().start(() -> narrow.ipv4(name("slow.test")));
    dns.awaitQueries(2);
    found(narrow.ipv4(name("hot.test")));
    assertThat(narrow.counters().prefetches()).isZero();
    dns.release("slow.test");
    slow.join();
    DnsFixture.await(() -> narrow.counters().underWay() == 0);
    found(narrow.ipv4(name("hot.test")));
    assertThat(narrow.counters().prefetches()).isEqualTo(1);
  }
}
