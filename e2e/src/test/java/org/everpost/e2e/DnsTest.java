package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.everpost.core.config.Config;
import org.everpost.core.dns.CachingResolver;
import org.everpost.core.dns.DnsAnswer;
import org.everpost.core.dns.DnsSettings;
import org.everpost.core.dns.MxRecord;
import org.everpost.core.dns.ResolvConf;
import org.everpost.core.event.DnsEvent;
import org.everpost.core.event.Event;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.wire.address.DomainName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The resolver asks a real name server, which validates what another real one serves. */
@Tag("slow")
class DnsTest {

  private static final String MAIL =
      """
      @ IN MX 10 mx
      mx IN A 192.0.2.1
      mx IN AAAA 2001:db8::1
      _25._tcp.mx IN TLSA 3 1 1 %s
      """
          .formatted("0102030405060708".repeat(4));

  private static final String SIGNED =
      MAIL
          + """
          @ IN TXT "v=spf1 mx -all"
          alias IN CNAME mx
          outward IN CNAME mx.open.test.
          long IN TXT %s
          *.wild IN A 192.0.2.3
          """
              .formatted(("\"" + "x".repeat(250) + "\" ").repeat(12));

  private static SignedZones zones;

  private final List<Event> events = Collections.synchronizedList(new ArrayList<>());
  private CachingResolver resolver;

  @BeforeAll
  static void start() throws IOException {
    zones = zones();
  }

  private static SignedZones zones() throws IOException {
    SignedZones started =
        new SignedZones()
            .signed("safe.test", SIGNED)
            .tampered("bogus.test", MAIL, "192.0.2.1", "192.0.2.66")
            .unsigned("open.test", MAIL)
            .start();
    Patience.await(
        () -> "no answer: " + log(started),
        () ->
            fresh(started.recursive(), new ArrayList<>(), Config.TrustAd.LOOPBACK)
                    .mx(name("safe.test"))
                instanceof DnsAnswer.Found);
    return started;
  }

  @BeforeEach
  void begin() {
    resolver = resolver(zones.recursive(), Config.TrustAd.LOOPBACK);
  }

  private static String log(SignedZones started) {
    try {
      return started.log();
    } catch (IOException e) {
      return e.toString();
    }
  }

  @AfterAll
  static void stop() {
    zones.close();
  }

  private CachingResolver resolver(InetSocketAddress server, Config.TrustAd trustAd) {
    return fresh(server, events, trustAd);
  }

  private static CachingResolver fresh(
      InetSocketAddress server, List<Event> events, Config.TrustAd trustAd) {
    return new CachingResolver(
        DnsSettings.of(new Config.Dns(List.of(server), trustAd), ResolvConf.system()),
        Clock.system(),
        RandomSource.secure(),
        events::add);
  }

  private static DomainName name(String text) {
    return DomainName.of(text);
  }

  private static <T> DnsAnswer.Found<T> found(DnsAnswer<T> answer) {
    assertThat(answer).isInstanceOf(DnsAnswer.Found.class);
    return (DnsAnswer.Found<T>) answer;
  }

  private static String failed(DnsAnswer<?> answer) {
    assertThat(answer).isInstanceOf(DnsAnswer.Failed.class);
    return ((DnsAnswer.Failed<?>) answer).reason();
  }

  @Test
  void whatIsSignedIsSecure() {
    assertThat(resolver.mx(name("safe.test")))
        .isEqualTo(
            new DnsAnswer.Found<>(
                List.of(new MxRecord(10, name("mx.safe.test"))), name("safe.test"), true));
    assertThat(found(resolver.ipv4(name("mx.safe.test"))).secure()).isTrue();
    assertThat(found(resolver.ipv6(name("mx.safe.test"))).secure()).isTrue();
    assertThat(found(resolver.tlsa(name("_25._tcp.mx.safe.test"))).secure()).isTrue();
    assertThat(found(resolver.txt(name("safe.test"))).records()).containsExactly("v=spf1 mx -all");
    assertThat(found(resolver.ipv4(name("any.wild.safe.test"))).secure()).isTrue();
    assertThat(found(resolver.ipv4(name("alias.safe.test"))))
        .returns(true, DnsAnswer.Found::secure)
        .returns(name("mx.safe.test"), DnsAnswer.Found::name);
  }

  @Test
  void soIsThatThereIsNothing() {
    assertThat(resolver.mx(name("absent.safe.test"))).isEqualTo(new DnsAnswer.None<>(false, true));
    assertThat(resolver.mx(name("mx.safe.test"))).isEqualTo(new DnsAnswer.None<>(true, true));
  }

  @Test
  void whatIsNotSignedIsNot() {
    assertThat(found(resolver.mx(name("open.test"))).secure()).isFalse();
    assertThat(found(resolver.tlsa(name("_25._tcp.mx.open.test"))).secure()).isFalse();
    assertThat(resolver.mx(name("absent.open.test"))).isEqualTo(new DnsAnswer.None<>(false, false));
    assertThat(found(resolver.cname(name("outward.safe.test"))).secure()).isTrue();
    assertThat(found(resolver.ipv4(name("outward.safe.test"))))
        .returns(false, DnsAnswer.Found::secure)
        .returns(name("mx.open.test"), DnsAnswer.Found::name);
  }

  @Test
  void whatWasTamperedWithIsAFailure() {
    assertThat(found(resolver.mx(name("bogus.test"))).secure()).isTrue();
    assertThat(failed(resolver.ipv4(name("mx.bogus.test")))).isEqualTo("SERVFAIL, dnssec bogus");
  }

  @Test
  void whatDoesNotFitADatagramIsSecureByTcp() {
    assertThat(found(resolver.txt(name("long.safe.test"))))
        .returns(true, DnsAnswer.Found::secure)
        .returns(List.of("x".repeat(3_000)), DnsAnswer.Found::records);
    assertThat(resolver.counters().servers().getFirst().tcpQueries()).isEqualTo(1);
  }

  @Test
  void whoeverIsNotTrustedVouchesForNothing() {
    CachingResolver wary = resolver(zones.recursive(), Config.TrustAd.NONE);
    assertThat(found(wary.mx(name("safe.test"))).secure()).isFalse();
    failed(wary.ipv4(name("mx.bogus.test")));
  }

  @Test
  void aServerThatIsNotRecursiveVouchesForNothingAndSaysNothingOfOthers() {
    CachingResolver direct = resolver(zones.authoritative(), Config.TrustAd.ALL);
    assertThat(found(direct.mx(name("safe.test"))).secure()).isFalse();
    assertThat(failed(direct.mx(name("elsewhere.example")))).startsWith("REFUSED");
  }

  @Test
  void aServerThatStopsIsNoticedAndNothingWaitsForIt() throws IOException {
    try (SignedZones mortal = zones()) {
      CachingResolver its = resolver(mortal.recursive(), Config.TrustAd.LOOPBACK);
      found(its.mx(name("safe.test")));
      mortal.stopRecursive();
      failed(its.ipv4(name("mx.safe.test")));
      failed(its.ipv6(name("mx.safe.test")));
      Patience.await(() -> "open breakers", () -> its.counters().openBreakers() == 1);
      assertThat(failed(its.txt(name("safe.test")))).isNotEmpty();
      found(its.mx(name("safe.test")));
      assertThat(events).singleElement().isInstanceOf(DnsEvent.NameServerDown.class);
    }
  }
}
