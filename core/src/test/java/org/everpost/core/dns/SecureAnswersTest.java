package org.everpost.core.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.core.dns.DnsFixture.failed;
import static org.everpost.core.dns.DnsFixture.found;
import static org.everpost.core.dns.DnsFixture.name;
import static org.everpost.core.dns.DnsFixture.none;
import static org.everpost.core.dns.DnsFixture.trusted;
import static org.everpost.core.dns.DnsFixture.untrusted;

import java.time.Duration;
import org.everpost.testkit.dns.DnsStandIn;
import org.everpost.testkit.dns.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;

/** What DNSSEC vouches for, according to a server that is trusted. */
class SecureAnswersTest {

  private final DnsFixture f = new DnsFixture();
  private final DnsStandIn dns = f.dns;

  @AfterEach
  void close() {
    f.close();
  }

  @Test
  void theBitOfATrustedServerIsKeptWithTheAnswer() {
    dns.mx("safe.test", 10, "mx.safe.test").mx("open.test", 10, "mx.open.test").secure("safe.test");
    CachingResolver resolver = f.resolver();
    for (int i = 0; i < 2; i++) {
      assertThat(found(resolver.mx(name("safe.test"))).secure()).isTrue();
      assertThat(found(resolver.mx(name("open.test"))).secure()).isFalse();
    }
    assertThat(dns.queries()).hasSize(2);
  }

  @Test
  void thatOfAnyOtherIsNot() {
    dns.mx("safe.test", 10, "mx.safe.test").secure(".");
    CachingResolver resolver = f.resolver(untrusted(dns));
    assertThat(found(resolver.mx(name("safe.test"))).secure()).isFalse();
    assertThat(none(resolver.mx(name("absent.test"))).secure()).isFalse();
  }

  @Test
  void denialsAreProvenToo() {
    dns.a("host.safe.test", "192.0.2.1").secure("safe.test");
    CachingResolver resolver = f.resolver();
    assertThat(none(resolver.mx(name("host.safe.test"))).secure()).isTrue();
    assertThat(none(resolver.mx(name("absent.safe.test"))))
        .isEqualTo(new DnsAnswer.None<>(false, true));
    assertThat(none(resolver.tlsa(name("_25._tcp.absent.safe.test"))).secure()).isTrue();
    assertThat(none(resolver.mx(name("absent.open.test"))).secure()).isFalse();
  }

  @Test
  void aChainIsAsSecureAsItsWeakestLink() {
    dns.secure("safe.test").cname("a.safe.test", "b.safe.test").a("b.safe.test", "192.0.2.1");
    dns.cname("out.safe.test", "host.open.test").a("host.open.test", "192.0.2.1");
    dns.cname("in.open.test", "b.safe.test");
    for (boolean oneAtATime : new boolean[] {false, true}) {
      if (oneAtATime) {
        dns.fault("test", Fault.ONE_ALIAS_A_TIME);
      }
      CachingResolver resolver = f.resolver();
      assertThat(found(resolver.ipv4(name("a.safe.test"))).secure()).isTrue();
      assertThat(found(resolver.ipv4(name("out.safe.test"))).secure()).isFalse();
      assertThat(found(resolver.ipv4(name("in.open.test"))).secure()).isFalse();
      assertThat(found(resolver.cname(name("out.safe.test"))).secure()).isTrue();
      assertThat(found(resolver.cname(name("in.open.test"))).secure()).isFalse();
    }
  }

  @Test
  void theBitIsAskedForAndCheckingIsNeverDisabled() {
    dns.a("host.test", "192.0.2.1").fault("host.test", Fault.TRUNCATED);
    f.resolver().ipv4(name("host.test"));
    int flags = 1 << Flags.RD | 1 << Flags.AD;
    assertThat(dns.queries()).extracting(DnsStandIn.Query::flags).containsExactly(flags, flags);
  }

  @Test
  void whatIsBogusIsAFailureAndNobodyElseIsAsked() {
    try (DnsStandIn careless = DnsStandIn.start()) {
      careless.mx("bogus.test", 10, "evil.test");
      dns.fault("bogus.test", Fault.SERVFAIL);
      CachingResolver resolver = f.resolver(trusted(dns), untrusted(careless));
      assertThat(failed(resolver.mx(name("bogus.test")))).isEqualTo("SERVFAIL");
      assertThat(careless.queries()).isEmpty();
    }
  }

  @Test
  void theStateIsThatOfTheNewestAnswer() {
    dns.ttl(Duration.ofSeconds(10)).a("host.test", "192.0.2.1");
    CachingResolver resolver = f.resolver();
    assertThat(found(resolver.ipv4(name("host.test"))).secure()).isFalse();
    dns.secure("host.test");
    f.clock.advance(Duration.ofSeconds(11));
    assertThat(found(resolver.ipv4(name("host.test"))).secure()).isTrue();
  }
}
