package org.everpost.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.everpost.core.event.EventSink;
import org.everpost.core.peer.IpNetwork;
import org.everpost.core.peer.PeerRule;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.FakeResolver;
import org.everpost.server.relay.StillClock;
import org.everpost.store.memory.MemoryStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How good peers share their places: forty on port 25, behind them two hundred of strangers. */
class GoodPeersTest {

  private static final int GOOD = 40;
  private static final int STRANGERS = 200;

  private final StillClock clock = new StillClock();
  private final Guard guard =
      TestGuard.of(
          GuardSettings.bare(400, 400),
          new FakeResolver(),
          new MemoryStore(clock, RandomSource.seeded(1)),
          clock,
          EventSink.NONE);
  private final AtomicInteger cut = new AtomicInteger();

  @BeforeEach
  void allAreGoodButTenDotPeers() {
    guard.lists().put(new PeerRule(IpNetwork.of("128.0.0.0/1"), true, "", clock.instant(), null));
    assertThat(guard.allowance().places(Gate.MX, PeerClass.GOOD)).isEqualTo(GOOD);
    assertThat(guard.allowance().places(Gate.MX, PeerClass.UNKNOWN)).isEqualTo(STRANGERS);
  }

  private Visit enter(String address) {
    Entry entry = guard.enter(Gate.MX, InetAddress.ofLiteral(address));
    assertThat(entry).as(address).isInstanceOf(Visit.class);
    Visit visit = (Visit) entry;
    visit.onCut(() -> {
      cut.incrementAndGet();
      visit.close();
    });
    return visit;
  }

  /** Good peers, each from where nobody else is. */
  private List<Visit> others(int count) {
    List<Visit> visits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      visits.add(enter("203." + i + ".113.1"));
    }
    return visits;
  }

  /** As many servers of one network as want to come. */
  private List<Visit> crowd(int count) {
    List<Visit> visits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      visits.add(enter("192.0.2." + i % 256));
    }
    return visits;
  }

  private static long good(Collection<Visit> visits) {
    return visits.stream().filter(visit -> visit.peerClass() == PeerClass.GOOD).count();
  }

  @Test
  void aNetworkHasAllOfThemWhileNobodyElseWantsThem() {
    List<Visit> visits = crowd(GOOD + STRANGERS);
    assertThat(good(visits)).isEqualTo(GOOD);
    assertThat(visits).as("held to their rules").noneMatch(Visit::isStranger);
    assertThat(cut).hasValue(0);
    assertThat(guard.door().connections()).isEqualTo(GOOD + STRANGERS);
  }

  @Test
  void aNetworkTakesNoPlaceOfOthers() {
    List<Visit> others = others(GOOD / 2);
    for (int i = 0; i < 1_000; i++) {
      enter("192.0.2." + i % 256).close();
      assertThat(good(others)).isEqualTo(others.size());
    }
    List<Visit> staying = crowd(STRANGERS);
    assertThat(good(others)).isEqualTo(others.size());
    assertThat(good(staying)).isEqualTo(GOOD - others.size());
    assertThat(cut).hasValue(0);
  }

  @Test
  void anAddressTakesNoPlaceOfOthers() {
    List<Visit> others = others(GOOD / 2);
    List<Visit> visits = new ArrayList<>();
    for (int i = 0; i < STRANGERS; i++) {
      visits.add(enter("192.0.2.1"));
    }
    assertThat(good(others)).isEqualTo(others.size());
    assertThat(good(visits)).isEqualTo(GOOD - others.size());
  }

  @Test
  void whoeverComesFromElsewhereGetsAPlaceOfACrowdedNetworkWhichKeepsOneOfAStranger() {
    List<Visit> crowd = crowd(GOOD);
    assertThat(good(crowd)).isEqualTo(GOOD);
    List<Visit> others = others(GOOD / 2);
    assertThat(good(others)).isEqualTo(others.size());
    assertThat(good(crowd)).isEqualTo(GOOD - others.size());
    assertThat(cut).hasValue(0);
    assertThat(guard.places().count(Gate.MX, PeerClass.UNKNOWN)).isEqualTo(others.size());
    crowd.forEach(Visit::close);
    others.forEach(Visit::close);
    assertThat(TestGuard.taken(guard)).isZero();
  }

  @Test
  void aCrowdedNetworkTakesNoPlaceOfStrangersEither() {
    for (int i = 0; i < STRANGERS; i++) {
      Visit _ = enter("10." + i + ".0.1");
    }
    for (int i = 0; i < 1_000; i++) {
      InetAddress address = InetAddress.ofLiteral("192.0.2." + i % 256);
      if (guard.enter(Gate.MX, address) instanceof Visit visit) {
        visit.onCut(visit::close);
      }
    }
    assertThat(cut).hasValue(0);
    assertThat(guard.places().count(Gate.MX, PeerClass.GOOD)).isEqualTo(GOOD);
    assertThat(guard.door().connections()).isEqualTo(GOOD + STRANGERS);
  }

  @Test
  void aGoodDeedTakesNoPlaceOfAnother() {
    List<Visit> crowd = crowd(GOOD);
    Visit stranger = enter("10.1.0.1");
    stranger.delivered();
    assertThat(stranger.peerClass()).isEqualTo(PeerClass.UNKNOWN);
    crowd.getFirst().close();
    stranger.delivered();
    assertThat(stranger.peerClass()).isEqualTo(PeerClass.GOOD);
    assertThat(good(crowd.subList(1, GOOD))).isEqualTo(GOOD - 1);
  }

  @Test
  void allIsGivenBackHoweverTheyMeet() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      RandomSource random = RandomSource.seeded(t);
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                List<Visit> in = new ArrayList<>();
                for (int i = 0; i < 5_000; i++) {
                  // Half are good and half are not; both have more of them than there are places.
                  String address =
                      (random.nextInt(2) == 0 ? "10." : "192.")
                          + random.nextInt(20)
                          + ".2."
                          + random.nextInt(3);
                  switch (random.nextInt(in.isEmpty() ? 1 : 5)) {
                    case 0, 1, 2 -> {
                      if (guard.enter(Gate.MX, InetAddress.ofLiteral(address))
                          instanceof Visit visit) {
                        in.add(visit);
                      }
                    }
                    case 3 -> in.get(random.nextInt(in.size())).delivered();
                    default -> in.remove(random.nextInt(in.size())).close();
                  }
                }
                in.forEach(Visit::close);
              }));
    }
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(60))).isTrue();
    }
    assertThat(TestGuard.taken(guard)).isZero();
  }
}
