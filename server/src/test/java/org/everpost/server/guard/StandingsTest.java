package org.everpost.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.everpost.core.peer.DnsList;
import org.everpost.core.time.Clock;
import org.everpost.server.relay.FakeResolver;
import org.everpost.server.relay.StillClock;
import org.everpost.wire.address.EmailAddress;
import org.junit.jupiter.api.Test;

/** What name servers say of peers (RFC 5782, RFC 8601 §2.7.3). */
class StandingsTest {

  private static final InetAddress PEER = InetAddress.ofLiteral("192.0.2.99");
  private static final Envelope ENVELOPE =
      new Envelope(
          "mx.there.test", EmailAddress.of("a@there.test"), EmailAddress.of("alice@example.test"));

  private final StillClock clock = new StillClock();
  private final FakeResolver resolver = new FakeResolver();
  private boolean spf;
  private boolean everybody;

  private static List<DnsList> lists(String... texts) {
    return Arrays.stream(texts).map(DnsList::of).toList();
  }

  private Standings standings(List<DnsList> block, List<DnsList> allow, int from) {
    return new Standings(resolver, this::passes, block, allow, from, clock);
  }

  private boolean passes(InetAddress peer, Envelope envelope) {
    return spf && (everybody || peer.equals(PEER));
  }

  private long asked(String question) {
    return resolver.asked().stream().filter(question::equals).count();
  }

  @Test
  void listsAreAskedForTheAddressBackwards() {
    DnsList list = DnsList.of("bl.test");
    assertThat(Standings.name(list, PEER).ascii()).isEqualTo("99.2.0.192.bl.test");
    assertThat(Standings.name(list, InetAddress.ofLiteral("2001:db8::1")).ascii())
        .isEqualTo("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.bl.test");
  }

  @Test
  void whoeverNoListHasIsUnknown() {
    Standing standing = standings(lists("bl.test"), lists("wl.test"), 1).of(PEER);
    assertThat(standing.blocked()).isFalse();
    assertThat(standing.trusted()).isFalse();
    assertThat(standing.why()).isEqualTo("no name leads back to its address");
  }

  @Test
  void theWeightsOfBlockListsAddUp() {
    Standings standings = standings(lists("one.test", "two.test=2", "more.test=2"), List.of(), 3);
    resolver.address("99.2.0.192.two.test", "127.0.0.2");
    assertThat(standings.of(PEER).blocked()).isFalse();
    resolver.address("99.2.0.192.one.test", "127.0.0.4");
    clock.advance(Duration.ofHours(2));
    Standing standing = standings.of(PEER);
    assertThat(standing.blocked()).isTrue();
    assertThat(standing.why()).isEqualTo("listed by one.test, two.test");
  }

  @Test
  void onlyWhatIsAListingCounts() {
    Standings standings = standings(lists("bl.test"), List.of(), 1);
    resolver.address("99.2.0.192.bl.test", "127.255.255.254", "192.0.2.1");
    assertThat(standings.of(PEER).blocked()).isFalse();
    resolver.address("98.2.0.192.bl.test", "127.255.255.254", "127.0.0.10");
    assertThat(standings.of(InetAddress.ofLiteral("192.0.2.98")).blocked()).isTrue();
  }

  @Test
  void aListThatHasEverythingHasNothing() {
    Standings standings = standings(lists("dead.test"), lists("gone.test"), 1);
    for (String listed : List.of("99.2.0.192", "1.0.0.127")) {
      resolver
          .address(listed + ".dead.test", "127.0.0.2")
          .address(listed + ".gone.test", "127.0.0.2");
    }
    assertThat(standings.of(PEER).blocked()).isFalse();
    assertThat(standings.of(PEER).trusted()).isFalse();
  }

  @Test
  void whatIsForgottenIsAskedAgain() {
    Standings standings = standings(lists("bl.test"), List.of(), 1);
    resolver.address("99.2.0.192.bl.test", "127.0.0.2");
    assertThat(standings.remembered(PEER)).isEqualTo(Standing.UNKNOWN);
    assertThat(standings.of(PEER).blocked()).isTrue();
    assertThat(standings.remembered(PEER).blocked()).isTrue();
    resolver.remove("99.2.0.192.bl.test");
    assertThat(standings.of(PEER).blocked()).isTrue();
    standings.forget(PEER);
    assertThat(standings.of(PEER).blocked()).isFalse();
  }

  @Test
  void anAllowListVouchesButNotForOneThatIsBlocked() {
    Standings standings = standings(lists("bl.test"), lists("wl.test"), 1);
    resolver.address("99.2.0.192.wl.test", "127.0.9.1");
    Standing standing = standings.of(PEER);
    assertThat(standing.trusted()).isTrue();
    assertThat(standing.why()).isEqualTo("vouched for by wl.test");
    resolver.address("99.2.0.192.bl.test", "127.0.0.2");
    clock.advance(Duration.ofHours(2));
    assertThat(standings.of(PEER).trusted()).isFalse();
    assertThat(standings.of(PEER).blocked()).isTrue();
  }

  @Test
  void aNameThatLeadsBackAndSpfEarnTrustTogetherOnly() {
    Standings standings = standings(List.of(), List.of(), 1);
    spf = true;
    assertThat(standings.of(PEER, ENVELOPE).trusted()).as("no name").isFalse();
    resolver.ptr("192.0.2.99", "mx.there.test").address("mx.there.test", "192.0.2.1");
    clock.advance(Duration.ofHours(2));
    assertThat(standings.of(PEER, ENVELOPE).trusted()).as("leads elsewhere").isFalse();
    resolver.address("mx.there.test", "192.0.2.99");
    clock.advance(Duration.ofHours(2));
    spf = false;
    assertThat(standings.of(PEER, ENVELOPE).trusted()).as("no SPF").isFalse();
    spf = true;
    Standing standing = standings.of(PEER, ENVELOPE);
    assertThat(standing.trusted()).isTrue();
    assertThat(standing.why()).isEqualTo("its name is mx.there.test, and SPF passes");
  }

  @Test
  void aDomainThatLetsEverybodySendItsMailVouchesForNobody() {
    Standings standings = standings(List.of(), List.of(), 1);
    resolver.ptr("192.0.2.99", "mx.there.test").address("mx.there.test", "192.0.2.99");
    spf = true;
    everybody = true;
    assertThat(standings.of(PEER, ENVELOPE).trusted()).isFalse();
    everybody = false;
    assertThat(standings.of(PEER, ENVELOPE).trusted()).isTrue();
  }

  @Test
  void forAGoodPeerBlockListsAreAskedBeside() {
    Standings none = standings(List.of(), List.of(), 1);
    assertThat(none.glimpse(PEER)).isEqualTo(Standing.UNKNOWN);
    Standings standings = standings(lists("bl.test"), List.of(), 1);
    resolver.address("99.2.0.192.bl.test", "127.0.0.2");
    CountDownLatch answer = new CountDownLatch(1);
    resolver.before(_ -> awaitQuietly(answer));
    assertThat(standings.glimpse(PEER).blocked()).as("it is not waited for").isFalse();
    answer.countDown();
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!standings.glimpse(PEER).blocked()) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
    assertThat(asked("A 99.2.0.192.bl.test")).isEqualTo(1);
  }

  @Test
  void anIpv6NameLeadsBackByItsIpv6Addresses() {
    InetAddress peer = InetAddress.ofLiteral("2001:db8::1");
    resolver.ptr("2001:db8::1", "mx6.there.test").address("mx6.there.test", "2001:db8::1");
    assertThat(standings(List.of(), List.of(), 1).of(peer).why())
        .isEqualTo("its name is mx6.there.test");
  }

  @Test
  void anAddressWithManyNamesIsLookedAtNoFurtherThanFive() {
    for (int i = 0; i < 9; i++) {
      resolver.ptr("192.0.2.99", "n" + i + ".there.test");
    }
    resolver.address("n8.there.test", "192.0.2.99");
    assertThat(standings(List.of(), List.of(), 1).of(PEER).why())
        .isEqualTo("no name leads back to its address");
    assertThat(resolver.asked()).filteredOn(question -> question.startsWith("A n")).hasSize(5);
  }

  @Test
  void whatWasSaidIsRememberedForAnHour() {
    Standings standings = standings(lists("bl.test"), List.of(), 1);
    for (int i = 0; i < 5; i++) {
      assertThat(standings.of(PEER).blocked()).isFalse();
      clock.advance(Duration.ofMinutes(11));
    }
    assertThat(asked("A 99.2.0.192.bl.test")).isEqualTo(1);
    clock.advance(Duration.ofMinutes(11));
    assertThat(standings.of(PEER).blocked()).isFalse();
    assertThat(asked("A 99.2.0.192.bl.test")).isEqualTo(2);
  }

  @Test
  void whatCouldNotBeLearnedIsAskedAgainSoon() {
    Standings standings = standings(lists("bl.test"), List.of(), 1);
    resolver.failing("A", "99.2.0.192.bl.test");
    assertThat(standings.of(PEER).blocked()).isFalse();
    assertThat(standings.of(PEER).why()).endsWith("name servers did not answer all");
    assertThat(asked("A 99.2.0.192.bl.test")).isEqualTo(1);
    clock.advance(Duration.ofSeconds(61));
    assertThat(standings.of(PEER).blocked()).isFalse();
    assertThat(asked("A 99.2.0.192.bl.test")).isEqualTo(2);
  }

  @Test
  void manyAtOnceAskOnce() throws Exception {
    Standings standings = standings(lists("bl.test"), List.of(), 1);
    CountDownLatch answer = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    resolver.before(_ -> {
      begun.countDown();
      awaitQuietly(answer);
    });
    List<Future<Standing>> asking = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      FutureTask<Standing> task = new FutureTask<>(() -> standings.of(PEER));
      Thread.ofVirtual().start(task);
      asking.add(task);
    }
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    answer.countDown();
    for (Future<Standing> task : asking) {
      assertThat(task.get(10, TimeUnit.SECONDS).blocked()).isFalse();
    }
    assertThat(asked("A 99.2.0.192.bl.test")).isEqualTo(1);
  }

  @Test
  void afterThreeSecondsWhatIsNotKnownCountsAsNothingSaid() {
    CountDownLatch never = new CountDownLatch(1);
    resolver.before(name -> {
      if (!name.ascii().endsWith("fast.test")) {
        awaitQuietly(never);
      }
    });
    resolver.address("99.2.0.192.fast.test", "127.0.0.2");
    Clock system = Clock.system();
    Standings standings =
        new Standings(
            resolver, (_, _) -> true, lists("slow.test", "fast.test"), List.of(), 1, system);
    long began = system.nanoTime();
    assertThat(standings.of(PEER).why()).isEqualTo("listed by fast.test");
    assertThat(standings.of(PEER, ENVELOPE).blocked()).isTrue();
    assertThat(Duration.ofNanos(system.nanoTime() - began))
        .isBetween(Duration.ofMillis(2_900), Duration.ofSeconds(9));
    never.countDown();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
