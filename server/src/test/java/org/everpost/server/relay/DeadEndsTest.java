package org.everpost.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.everpost.core.config.RelayConfig;
import org.everpost.core.spool.Reason;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.Routes.SmartHost;
import org.everpost.wire.address.DomainName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is refused at RCPT because no attempt could ever do better; all else is taken. */
@Timeout(30)
final class DeadEndsTest {

  private static final DomainName THERE = DomainName.of("there.test");

  private final FakeResolver dns = new FakeResolver();

  private DeadEnds deadEnds(Routes routes, Duration patience) {
    RelaySettings settings =
        new RelaySettings(
            RelayHouse.HOSTNAME,
            25,
            List.of(),
            RelayConfig.Tls.OPPORTUNISTIC,
            routes,
            RelayHouse.LIMITS);
    InetSocketAddress here = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 25);
    OwnAddresses own = new OwnAddresses(RelayHouse.HOSTNAME, () -> List.of(here));
    return new DeadEnds(settings, own, dns, RandomSource.seeded(1), patience);
  }

  private void assertTaken() {
    assertThat(deadEnds(Routes.NONE, Duration.ofSeconds(20)).of(THERE)).isNull();
  }

  private void assertRefused(String status) {
    Reason reason = deadEnds(Routes.NONE, Duration.ofSeconds(20)).of(THERE);
    assertThat(reason).isNotNull();
    assertThat(reason.status()).hasToString(status);
  }

  @Test
  void whatHasAServerIsTaken() {
    dns.mx("there.test", 10, "mx.there.test").address("mx.there.test", "192.0.2.9");
    assertTaken();
    dns.remove("there.test").address("there.test", "2001:db8::9");
    assertTaken();
  }

  @Test
  void aDomainThatIsNotThereOrHasNoServerIsRefused() {
    assertRefused("5.1.2");
    dns.empty("there.test");
    assertRefused("5.1.2");
    dns.mx("there.test", 10, "a.there.test").mx("there.test", 20, "b.there.test");
    assertRefused("5.4.4");
    dns.address("b.there.test", "192.0.2.9");
    assertTaken();
    dns.remove("there.test").mx("there.test", 0, ".");
    assertRefused("5.1.10");
  }

  @Test
  void aDomainWhoseBestServerIsThisOneIsRefused() {
    dns.mx("there.test", 10, "mx1.example.test").mx("there.test", 20, "b.there.test");
    dns.address("b.there.test", "192.0.2.9");
    assertRefused("5.4.6");
    dns.mx("there.test", 5, "a.there.test").address("a.there.test", "192.0.2.1");
    assertRefused("5.4.6");
    dns.mx("there.test", 1, "b.there.test");
    assertTaken();
    dns.remove("there.test").address("there.test", "192.0.2.1");
    assertRefused("5.4.6");
  }

  @Test
  void whatNobodyKnowsJustNowIsTaken() {
    dns.failing("MX", "there.test");
    assertTaken();
    FakeResolver hosts = dns.mx("other.test", 10, "a.other.test").failing("A", "a.other.test");
    hosts.mx("other.test", 20, "mx1.example.test");
    assertThat(deadEnds(Routes.NONE, Duration.ofSeconds(20)).of(DomainName.of("other.test")))
        .isNull();
  }

  @Test
  void whereARouteDecidesNobodyIsAsked() {
    SmartHost smartHost = new SmartHost("127.0.0.1", 25, null);
    for (Routes routes :
        List.of(new Routes(Map.of(THERE, smartHost), null), new Routes(Map.of(), smartHost))) {
      assertThat(deadEnds(routes, Duration.ofSeconds(20)).of(THERE)).isNull();
    }
    assertThat(dns.asked()).isEmpty();
  }

  @Test
  void nobodyIsWaitedForWhoTakesLong() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    dns.before(_ -> {
      try {
        never.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        cancelled.countDown();
      }
    });
    assertThat(deadEnds(Routes.NONE, Duration.ofMillis(50)).of(THERE)).isNull();
    assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
  }
}
