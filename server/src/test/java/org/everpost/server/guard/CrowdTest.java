package org.everpost.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.everpost.core.event.EventSink;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.FakeResolver;
import org.everpost.server.relay.StillClock;
import org.everpost.store.memory.MemoryStore;
import org.junit.jupiter.api.Test;

/** How strangers share their places. */
class CrowdTest {

  private static final int LIMIT = 100;

  private final StillClock clock = new StillClock();
  private final RandomSource random = RandomSource.seeded(8);
  private final Guard guard =
      TestGuard.of(
          GuardSettings.bare(1_000, 1_000),
          new FakeResolver(),
          new MemoryStore(clock, random),
          clock,
          EventSink.NONE);
  private final Crowd crowd =
      new Crowd(new Arrivals(Duration.ofSeconds(10), clock, random), clock, random);
  private final List<Guest> displaced = new ArrayList<>();

  private Guest guest(String address) {
    InetAddress ip = InetAddress.ofLiteral(address);
    return new Guest(guard, Gate.MX, ip, Origin.of(ip), 0, PeerClass.UNKNOWN);
  }

  private boolean enter(Guest guest, int limit) {
    displaced.clear();
    return crowd.enter(guest, limit, displaced);
  }

  private Guest entered(String address) {
    Guest guest = guest(address);
    assertThat(enter(guest, LIMIT)).as(address).isTrue();
    return guest;
  }

  /** Fills it with peers that each come from another region. */
  private List<Guest> strangers(int count) {
    List<Guest> guests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      guests.add(entered("10." + i + ".0.1"));
    }
    return guests;
  }

  /** They are served at once, and say something each second. */
  private void speakForTenSeconds(List<Guest> guests) {
    guests.forEach(Guest::awaits);
    for (int i = 0; i < 10; i++) {
      clock.advance(Duration.ofSeconds(1));
      guests.forEach(Guest::progressed);
      guests.forEach(Guest::awaits);
    }
  }

  @Test
  void thereIsRoomUntilTheLimit() {
    List<Guest> guests = strangers(LIMIT);
    assertThat(crowd.size()).isEqualTo(LIMIT);
    assertThat(crowd.networks()).isEqualTo(LIMIT);
    assertThat(displaced).isEmpty();
    for (Guest guest : guests) {
      assertThat(crowd.leave(guest)).isTrue();
      assertThat(crowd.leave(guest)).as("once only").isFalse();
    }
    assertThat(crowd.size()).isZero();
    assertThat(crowd.networks()).isZero();
    assertThat(crowd.surrender()).isNull();
  }

  @Test
  void anAddressTakesItsOwnPlacesOnly() {
    List<Guest> others = strangers(LIMIT / 2);
    for (int i = 0; i < 1_000; i++) {
      if (enter(guest("192.0.2.1"), LIMIT)) {
        assertThat(displaced).noneMatch(others::contains);
      }
    }
    assertThat(crowd.size()).isEqualTo(LIMIT);
    assertThat(others).allMatch(other -> other.place() >= 0);
  }

  @Test
  void aNetworkTakesItsOwnPlacesOnly() {
    List<Guest> others = strangers(LIMIT / 2);
    for (int i = 0; i < 1_000; i++) {
      if (enter(guest("192.0.2." + i % 256), LIMIT)) {
        assertThat(displaced).noneMatch(others::contains);
      }
    }
    assertThat(others).allMatch(other -> other.place() >= 0);
  }

  @Test
  void aRegionTakesItsOwnPlacesOnly() {
    List<Guest> others = strangers(LIMIT / 2);
    for (int i = 0; i < 5_000; i++) {
      if (enter(guest("192.0." + (8 + i % 8) + "." + i / 8 % 256), LIMIT)) {
        assertThat(displaced).noneMatch(others::contains);
      }
    }
    assertThat(others).allMatch(other -> other.place() >= 0);
  }

  @Test
  void anIpv6CustomerIsOneHoweverManyAddressesHeHas() {
    List<Guest> others = strangers(LIMIT / 2);
    for (int i = 0; i < 1_000; i++) {
      boolean _ = enter(guest("2001:db8::" + Integer.toHexString(i + 1)), LIMIT);
    }
    assertThat(others).allMatch(other -> other.place() >= 0);
  }

  @Test
  void aNewcomerFromAFreshNetworkIsLetInAtOnce() {
    for (int i = 0; i < 10_000; i++) {
      boolean _ = enter(guest("192.0." + i % 64 + "." + i / 64 % 256), LIMIT);
    }
    for (int i = 0; i < 50; i++) {
      Guest fresh = guest("203." + i + ".113.1");
      assertThat(enter(fresh, LIMIT)).as("newcomer %d", i).isTrue();
      assertThat(displaced).hasSize(1);
      assertThat(displaced.getFirst().address().getHostAddress()).startsWith("192.0.");
    }
  }

  @Test
  void whoeverIsSilentWhenItIsHisTurnGoesFirst() {
    List<Guest> guests = strangers(LIMIT);
    List<Guest> silent = guests.subList(0, LIMIT / 2);
    silent.forEach(Guest::awaits);
    clock.advance(Duration.ofSeconds(3));
    for (int i = 0; i < LIMIT / 4; i++) {
      assertThat(enter(guest("203." + i + ".113.1"), LIMIT)).isTrue();
      assertThat(displaced).hasSize(1).allMatch(silent::contains);
    }
  }

  @Test
  void whoeverAnswersIsNotSilentAnyMore() {
    List<Guest> guests = strangers(LIMIT);
    guests.forEach(Guest::awaits);
    clock.advance(Duration.ofSeconds(3));
    List<Guest> answering = guests.subList(0, LIMIT / 2);
    answering.forEach(Guest::progressed);
    for (int i = 0; i < LIMIT / 4; i++) {
      assertThat(enter(guest("203." + i + ".113.1"), LIMIT)).isTrue();
      assertThat(displaced).hasSize(1).noneMatch(answering::contains);
    }
  }

  @Test
  void whoeverHasHadItsTimeGoesBeforeOneWhoHasNot() {
    List<Guest> settled = strangers(LIMIT / 2);
    speakForTenSeconds(settled);
    List<Guest> fresh = new ArrayList<>();
    for (int i = 0; i < LIMIT / 2; i++) {
      fresh.add(entered("11." + i + ".0.1"));
    }
    for (int i = 0; i < LIMIT / 4; i++) {
      assertThat(enter(guest("203." + i + ".113.1"), LIMIT)).isTrue();
      assertThat(displaced).hasSize(1).allMatch(settled::contains).noneMatch(fresh::contains);
    }
  }

  /** A slow store must not cost a newcomer the place that he is waiting in. */
  @Test
  void whatWeOweCountsAgainstNobody() {
    List<Guest> settled = strangers(LIMIT / 2);
    List<Guest> waiting = new ArrayList<>();
    for (int i = 0; i < LIMIT / 2; i++) {
      waiting.add(entered("11." + i + ".0.1"));
    }
    waiting.forEach(Guest::awaits);
    waiting.forEach(Guest::progressed);
    speakForTenSeconds(settled);
    waiting.forEach(Guest::awaits);
    for (int i = 0; i < LIMIT / 4; i++) {
      assertThat(enter(guest("203." + i + ".113.1"), LIMIT)).isTrue();
      assertThat(displaced).hasSize(1).allMatch(settled::contains);
    }
  }

  @Test
  void whereALimitHasShrunkTwoLeaveForEachWhoComes() {
    List<Guest> ignored = strangers(LIMIT);
    assertThat(ignored).hasSize(LIMIT);
    int limit = LIMIT / 2;
    for (int i = 1; i <= limit; i++) {
      assertThat(enter(guest("203." + i + ".113.1"), limit)).isTrue();
      assertThat(displaced).hasSizeLessThanOrEqualTo(2);
      assertThat(crowd.size()).isEqualTo(Math.max(limit, LIMIT - i));
    }
    assertThat(crowd.size()).isEqualTo(limit);
  }

  @Test
  void aPlaceForOneIsEnoughForOneAfterTheOther() {
    for (int i = 0; i < 20; i++) {
      assertThat(enter(guest("203." + i + ".113.1"), 1)).isTrue();
      assertThat(crowd.size()).isEqualTo(1);
    }
  }

  @Test
  void whoeverIsSurrenderedIsOfTheMostCrowdedNetwork() {
    List<Guest> others = strangers(LIMIT / 2);
    for (int i = 0; i < LIMIT / 2; i++) {
      Guest ignored = entered("192.0.2." + i);
      assertThat(ignored.place()).isNotNegative();
    }
    for (int i = 0; i < 20; i++) {
      Guest gone = crowd.surrender();
      assertThat(gone).isNotNull().isNotIn(others);
    }
    assertThat(crowd.size()).isEqualTo(LIMIT - 20);
  }

  @Test
  void noCountIsLeftBehindHoweverTheyComeAndGo() {
    List<Guest> in = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      if (!in.isEmpty() && random.nextInt(3) == 0) {
        Guest one = in.remove(random.nextInt(in.size()));
        assertThat(crowd.leave(one)).isTrue();
        continue;
      }
      Guest guest = guest("192." + random.nextInt(20) + "." + random.nextInt(3) + ".1");
      if (enter(guest, LIMIT)) {
        in.add(guest);
      }
      in.removeAll(displaced);
      assertThat(crowd.size()).isEqualTo(in.size()).isLessThanOrEqualTo(LIMIT);
      clock.advance(Duration.ofMillis(random.nextInt(50)));
    }
    in.forEach(guest -> assertThat(crowd.leave(guest)).isTrue());
    assertThat(crowd.size()).isZero();
    assertThat(crowd.networks()).isZero();
  }
}
