package org.everpost.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.everpost.core.peer.DnsList;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.FakeResolver;
import org.everpost.server.relay.StillClock;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.EmailAddress;
import org.junit.jupiter.api.Test;

/** Whether a stranger may deliver. */
class JudgeTest {

  private static final InetAddress PEER = InetAddress.ofLiteral("192.0.2.99");
  private static final Envelope ENVELOPE =
      new Envelope(
          "mx.there.test", EmailAddress.of("a@there.test"), EmailAddress.of("alice@example.test"));
  private static final Duration DELAY = Duration.ofMinutes(2);

  private final StillClock clock = new StillClock();
  private final FakeResolver resolver = new FakeResolver();
  private final MemoryStore store = new MemoryStore(clock, RandomSource.seeded(1));
  private final Judge judge = judge(DELAY);

  private Judge judge(Duration delay) {
    GuardSettings settings =
        new GuardSettings(100, 10, 50, List.of(), Duration.ZERO, delay, Set.of());
    Standings standings =
        new Standings(
            resolver,
            (peer, _) -> peer.equals(PEER),
            List.of(DnsList.of("bl.test")),
            List.of(DnsList.of("wl.test")),
            1,
            clock);
    return new Judge(settings, standings, new Greylist(delay, store.hints(), clock));
  }

  private Judge.Verdict verdict(double pressure) {
    return judge.judge(PEER, ENVELOPE, pressure);
  }

  @Test
  void whoeverNobodyKnowsHasToComeAgain() {
    assertThat(verdict(0).ruling()).isEqualTo(new Ruling.Greylisted(DELAY));
    assertThat(verdict(0).returned()).isFalse();
    clock.advance(DELAY);
    assertThat(verdict(0).ruling()).isEqualTo(new Ruling.Welcome());
    assertThat(verdict(0).returned()).isTrue();
  }

  @Test
  void whoeverIsVouchedForNeedNot() {
    resolver.address("99.2.0.192.wl.test", "127.0.9.1");
    assertThat(verdict(0).ruling()).isEqualTo(new Ruling.Welcome());
    assertThat(verdict(0).returned()).isFalse();
    assertThat(verdict(0).why()).isEqualTo("vouched for by wl.test");
  }

  @Test
  void whoeverHasANameAndSpfNeedNot() {
    resolver.ptr("192.0.2.99", "mx.there.test").address("mx.there.test", "192.0.2.99");
    assertThat(verdict(0).ruling()).isEqualTo(new Ruling.Welcome());
  }

  @Test
  void whoeverIsListedMayNotHoweverOftenHeComes() {
    resolver.address("99.2.0.192.bl.test", "127.0.0.2");
    assertThat(verdict(0).ruling()).isEqualTo(new Ruling.Blocked("listed by bl.test"));
    clock.advance(DELAY.multipliedBy(2));
    assertThat(verdict(0).ruling()).isInstanceOf(Ruling.Blocked.class);
  }

  @Test
  void withoutAGreylistStrangersMayDeliverUnlessListed() {
    Judge lenient = judge(Duration.ZERO);
    assertThat(lenient.judge(PEER, ENVELOPE, 0).ruling()).isEqualTo(new Ruling.Welcome());
    resolver.address("98.2.0.192.bl.test", "127.0.0.2");
    assertThat(lenient.judge(InetAddress.ofLiteral("192.0.2.98"), ENVELOPE, 0).ruling())
        .isInstanceOf(Ruling.Blocked.class);
  }

  @Test
  void whereNoNameServerAnswersTheGreylistDecides() {
    resolver
        .failing("A", "99.2.0.192.bl.test")
        .failing("A", "99.2.0.192.wl.test")
        .failing("PTR", "99.2.0.192.in-addr.arpa");
    assertThat(verdict(0).ruling()).isEqualTo(new Ruling.Greylisted(DELAY));
    clock.advance(DELAY);
    assertThat(verdict(0).ruling()).isEqualTo(new Ruling.Welcome());
  }

  @Test
  void underTheHighestPressureNameServersAreNotAsked() {
    resolver.address("99.2.0.192.bl.test", "127.0.0.2");
    assertThat(verdict(0.9).ruling()).isEqualTo(new Ruling.Greylisted(DELAY));
    assertThat(resolver.asked()).isEmpty();
    assertThat(verdict(0.89).ruling()).isInstanceOf(Ruling.Blocked.class);
    int asked = resolver.asked().size();
    assertThat(verdict(1).ruling()).as("it is known").isInstanceOf(Ruling.Blocked.class);
    assertThat(resolver.asked()).hasSize(asked);
  }

  @Test
  void withNeitherStoreNorNameServersMailFlows() {
    store.close();
    assertThat(verdict(1).ruling()).isEqualTo(new Ruling.Welcome());
  }
}
