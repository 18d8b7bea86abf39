package org.everpost.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.everpost.core.event.Event;
import org.everpost.core.event.GuardEvent;
import org.everpost.core.peer.IpNetwork;
import org.everpost.core.peer.PeerRule;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.FakeResolver;
import org.everpost.server.relay.StillClock;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.EmailAddress;
import org.junit.jupiter.api.Test;

/** Who gets in, by class, and what becomes of it. */
class GuardTest {

  private static final EmailAddress TRAP = EmailAddress.of("trap@example.test");

  private final StillClock clock = new StillClock();
  private final MemoryStore store = new MemoryStore(clock, RandomSource.seeded(1));
  private final List<Event> events = new ArrayList<>();
  private final Guard guard = guard(400, 40, Duration.ofSeconds(6), Duration.ofMinutes(2));

  private Guard guard(int connections, int perAddress, Duration pause, Duration greylist) {
    return TestGuard.of(
        new GuardSettings(
            connections,
            perAddress,
            connections,
            List.of(IpNetwork.of("198.51.100.0/24")),
            pause,
            greylist,
            Set.of(TRAP)),
        new FakeResolver(),
        store,
        clock,
        events::add);
  }

  private static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }

  private Visit enter(Gate gate, String address) {
    return enter(guard, gate, address);
  }

  private static Visit enter(Guard guard, Gate gate, String address) {
    Entry entry = guard.enter(gate, ip(address));
    assertThat(entry).as("%s at %s", address, gate).isInstanceOf(Visit.class);
    return (Visit) entry;
  }

  private PeerClass classOf(Gate gate, String address) {
    return guard.classOf(gate, ip(address), Origin.of(ip(address)));
  }

  private String refusal(Gate gate, String address) {
    Entry entry = guard.enter(gate, ip(address));
    assertThat(entry).isInstanceOf(Entry.Refused.class);
    return ((Entry.Refused) entry).reason();
  }

  /** Makes a peer good, by a message. */
  private void good(String address) {
    try (Visit visit = enter(Gate.MX, address)) {
      visit.delivered();
    }
  }

  private void bad(String address) {
    try (Visit visit = enter(Gate.MX, address)) {
      assertThat(visit.did(Misdeed.EARLY_TALK)).isTrue();
    }
  }

  private void rule(String network, boolean allowed) {
    guard.lists().put(new PeerRule(IpNetwork.of(network), allowed, "", clock.instant(), null));
  }

  private static Envelope envelope(EmailAddress recipient) {
    return new Envelope("mx.there.test", EmailAddress.of("a@there.test"), recipient);
  }

  private static Envelope envelope() {
    return envelope(EmailAddress.of("alice@example.test"));
  }

  private void assertNobody() {
    for (Gate gate : Gate.values()) {
      for (PeerClass peerClass : PeerClass.values()) {
        assertThat(guard.places().count(gate, peerClass)).as("%s %s", gate, peerClass).isZero();
      }
    }
    assertThat(guard.door().addresses()).isZero();
  }

  // ---- classes ----

  @Test
  void thisMachineAndOwnNetworksAreOwnAndWhoeverReachesLmtpIsGood() {
    for (Gate gate : Gate.values()) {
      assertThat(classOf(gate, "127.0.0.1")).isEqualTo(PeerClass.OWN);
      assertThat(classOf(gate, "::1")).isEqualTo(PeerClass.OWN);
      assertThat(classOf(gate, "198.51.100.7")).isEqualTo(PeerClass.OWN);
    }
    assertThat(classOf(Gate.LMTP, "192.0.2.1")).isEqualTo(PeerClass.GOOD);
    assertThat(classOf(Gate.MX, "127.0.0.2")).isEqualTo(PeerClass.UNKNOWN);
    assertThat(classOf(Gate.IMAP, "192.0.2.1")).isEqualTo(PeerClass.UNKNOWN);
  }

  @Test
  void deedsMakeGoodAndBad() {
    good("192.0.2.1");
    bad("192.0.2.2");
    assertThat(classOf(Gate.MX, "192.0.2.1")).isEqualTo(PeerClass.GOOD);
    assertThat(classOf(Gate.IMAP, "192.0.2.1")).isEqualTo(PeerClass.UNKNOWN);
    assertThat(classOf(Gate.MX, "192.0.2.2")).isEqualTo(PeerClass.BAD);
    assertThat(classOf(Gate.IMAP, "192.0.2.2")).isEqualTo(PeerClass.BAD);
    assertThat(classOf(Gate.MX, "192.0.2.3")).isEqualTo(PeerClass.UNKNOWN);
    clock.advance(Duration.ofMinutes(15));
    assertThat(classOf(Gate.MX, "192.0.2.2")).as("once is enough").isEqualTo(PeerClass.BAD);
    clock.advance(Duration.ofMinutes(5));
    assertThat(classOf(Gate.MX, "192.0.2.2")).isEqualTo(PeerClass.UNKNOWN);
  }

  @Test
  void anOperatorOverrulesDeedsButNotWhoIsOwn() {
    bad("192.0.2.1");
    rule("192.0.2.0/24", true);
    assertThat(classOf(Gate.MX, "192.0.2.1")).isEqualTo(PeerClass.GOOD);
    good("203.0.113.1");
    rule("203.0.113.1", false);
    assertThat(classOf(Gate.MX, "203.0.113.1")).isEqualTo(PeerClass.BAD);
    rule("0.0.0.0/0", false);
    assertThat(classOf(Gate.IMAP, "127.0.0.1")).isEqualTo(PeerClass.OWN);
    assertThat(classOf(Gate.IMAP, "192.0.3.1")).isEqualTo(PeerClass.BAD);
  }

  @Test
  void ownPeersNeverMisbehave() {
    Visit visit = enter(Gate.MX, "127.0.0.1");
    for (int i = 0; i < 100; i++) {
      assertThat(visit.did(Misdeed.TRAP)).isFalse();
    }
    assertThat(enter(Gate.LMTP, "192.0.2.1").did(Misdeed.TRAP)).isFalse();
    assertThat(classOf(Gate.MX, "192.0.2.1")).isEqualTo(PeerClass.UNKNOWN);
  }

  @Test
  void whomAnOperatorAllowedIsNotSentAwayForWhatItDoes() {
    rule("192.0.2.1", true);
    Visit visit = enter(Gate.MX, "192.0.2.1");
    for (int i = 0; i < 100; i++) {
      assertThat(visit.did(Misdeed.UNKNOWN_RECIPIENT)).isFalse();
    }
    assertThat(guard.lists().remove(IpNetwork.of("192.0.2.1"))).isTrue();
    assertThat(visit.did(Misdeed.UNKNOWN_RECIPIENT)).as("all the same it is counted").isTrue();
  }

  @Test
  void whatAUserDoesDoesNotCountAgainstWhereHeIs() {
    Visit visit = enter(Gate.SUBMISSION, "192.0.2.1");
    visit.loggedIn();
    for (int i = 0; i < 100; i++) {
      assertThat(visit.did(Misdeed.IDLENESS)).isFalse();
    }
    assertThat(classOf(Gate.SUBMISSION, "192.0.2.1")).isEqualTo(PeerClass.GOOD);
    assertThat(classOf(Gate.MX, "192.0.2.1")).isEqualTo(PeerClass.UNKNOWN);
  }

  @Test
  void aTrapIsOneHoweverItIsSpelt() {
    Visit visit = enter(Gate.MX, "192.0.2.1");
    Ruling _ = visit.judge(envelope(EmailAddress.of("TRAP@Example.Test")));
    assertThat(classOf(Gate.MX, "192.0.2.1")).isEqualTo(PeerClass.BAD);
  }

  // ---- places ----

  @Test
  void strangersAtOneGateTakeNoPlaceFromAnother() {
    for (int i = 0; i < 1_000; i++) {
      knock("10." + i / 250 + "." + i % 250 + ".1");
    }
    assertThat(guard.places().count(Gate.MX, PeerClass.UNKNOWN)).isEqualTo(200);
    for (Gate gate : new Gate[] {Gate.SUBMISSION, Gate.IMAP, Gate.POP3}) {
      for (int i = 0; i < 20; i++) {
        enter(gate, "192.0." + i + ".1");
      }
      assertThat(guard.places().count(gate, PeerClass.UNKNOWN)).isEqualTo(20);
    }
    enter(Gate.IMAP, "203.0.113.1");
    assertThat(guard.places().count(Gate.IMAP, PeerClass.UNKNOWN)).isEqualTo(20);
  }

  /** Whoever loses its place leaves, as a real connection does. */
  private void knock(String address) {
    if (guard.enter(Gate.MX, ip(address)) instanceof Visit visit) {
      visit.onCut(visit::close);
    }
  }

  /** Takes all places that strangers have. */
  private static List<Visit> crowd(Guard guard) {
    List<Visit> strangers = new ArrayList<>();
    for (int i = 0; i < guard.allowance().places(Gate.MX, PeerClass.UNKNOWN); i++) {
      strangers.add((Visit) guard.enter(Gate.MX, ip("10." + i % 250 + "." + i / 250 + ".1")));
    }
    return strangers;
  }

  @Test
  void badPeersHaveThePlacesThatStrangersLeave() {
    int places = guard.allowance().places(Gate.MX, PeerClass.UNKNOWN);
    assertThat(places).isGreaterThan(guard.allowance().places(Gate.MX, PeerClass.BAD));
    bad("192.0.3.1");
    for (int i = 1; i <= places; i++) {
      bad("192.0.2." + i);
      assertThat(enter(Gate.MX, "192.0.2." + i).peerClass()).isEqualTo(PeerClass.BAD);
    }
    assertThat(refusal(Gate.MX, "192.0.3.1")).isEqualTo("misbehaved or denied");
    assertThat(crowd(guard)).as("strangers have theirs all the same").hasSize(places);
    assertThat(guard.places().count(Gate.MX, PeerClass.UNKNOWN)).isEqualTo(places);
    assertThat(guard.places().count(Gate.MX, PeerClass.BAD))
        .as("they gave way")
        .isEqualTo(guard.allowance().places(Gate.MX, PeerClass.BAD));
  }

  @Test
  void badPeersThatAreKeptWaitingTakeNoPlaceFromAnybody() {
    for (int i = 0; i < 200; i++) {
      enter(Gate.IMAP, "198.51.100." + i);
    }
    List<AtomicInteger> cuts = new ArrayList<>();
    for (int i = 1; i <= 200; i++) {
      bad("192.0.2." + i);
      Visit visit = enter(Gate.MX, "192.0.2." + i);
      assertThat(visit.peerClass()).isEqualTo(PeerClass.BAD);
      AtomicInteger cut = new AtomicInteger();
      cuts.add(cut);
      visit.onCut(() -> {
        cut.incrementAndGet();
        visit.close();
      });
    }
    good("203.0.113.1");
    for (int i = 0; i < 10; i++) {
      enter(Gate.IMAP, "127.0.0.1");
      enter(Gate.MX, "203.0.113.1");
    }
    assertThat(cuts.stream().mapToInt(AtomicInteger::get).sum()).isBetween(20, 21);
    assertThat(guard.door().connections()).isEqualTo(400);
  }

  @Test
  void badPeersHaveFewPlacesWhereStrangersHaveAllAndAreRefusedBeyond() {
    int places = guard.allowance().places(Gate.MX, PeerClass.BAD);
    List<Visit> strangers = crowd(guard);
    assertThat(strangers).hasSize(200);
    List<Visit> visits = new ArrayList<>();
    for (int i = 1; i <= places; i++) {
      bad("192.0.2." + i);
      visits.add(enter(Gate.MX, "192.0.2." + i));
      assertThat(visits.getLast().peerClass()).isEqualTo(PeerClass.BAD);
    }
    bad("192.0.2.250");
    assertThat(refusal(Gate.MX, "192.0.2.250")).isEqualTo("misbehaved or denied");
    visits.getFirst().close();
    assertThat(enter(Gate.MX, "192.0.2.250").peerClass()).isEqualTo(PeerClass.BAD);
  }

  @Test
  void goodPeersHavePlacesOfTheirOwnAndElseAStrangers() {
    good("192.0.2.1");
    List<Visit> visits = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      visits.add(enter(Gate.MX, "192.0.2.1"));
    }
    good("192.0.2.2");
    for (int i = 0; i < 20; i++) {
      visits.add(enter(Gate.MX, "192.0.2.2"));
    }
    assertThat(visits).allMatch(visit -> visit.peerClass() == PeerClass.GOOD);
    visits.add(enter(Gate.MX, "192.0.2.1"));
    List<Visit> elsewhere =
        visits.stream().filter(visit -> visit.peerClass() == PeerClass.UNKNOWN).toList();
    assertThat(elsewhere).hasSize(1);
    assertThat(visits).noneMatch(Visit::isStranger);
    Visit one = elsewhere.getFirst();
    assertThat(one.greetPause()).isZero();
    assertThat(one.judge(envelope()))
        .as("it is known all the same")
        .isEqualTo(new Ruling.Welcome());
    visits.forEach(Visit::close);
    assertThat(enter(Gate.MX, "192.0.2.2").peerClass()).isEqualTo(PeerClass.GOOD);
  }

  @Test
  void anAddressHasItsLimitButOursHaveNone() {
    List<Visit> visits = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      visits.add(enter(Gate.MX, "192.0.2.1"));
    }
    assertThat(refusal(Gate.MX, "192.0.2.1")).isEqualTo("too many connections of this address");
    assertThat(refusal(Gate.IMAP, "192.0.2.1")).isEqualTo("too many connections of this address");
    assertThat(guard.places().count(Gate.MX, PeerClass.UNKNOWN)).isEqualTo(40);
    visits.add(enter(Gate.MX, "192.0.2.2"));
    visits.getFirst().close();
    visits.add(enter(Gate.IMAP, "192.0.2.1"));
    for (int i = 0; i < 100; i++) {
      visits.add(enter(Gate.IMAP, "127.0.0.1"));
      visits.add(enter(Gate.IMAP, "198.51.100.1"));
    }
    visits.stream().skip(1).forEach(Visit::close);
    assertNobody();
  }

  @Test
  void anIpv6CustomerHasOneLimit() {
    for (int i = 0; i < 40; i++) {
      enter(Gate.MX, "2001:db8::" + (i + 1));
    }
    assertThat(refusal(Gate.MX, "2001:db8::ffff")).contains("too many connections");
    enter(Gate.MX, "2001:db8:0:1::1");
  }

  @Test
  void ourOwnGetInWhenAllIsFull() {
    Guard small = guard(10, 10, Duration.ZERO, Duration.ZERO);
    List<Visit> visits = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Visit stranger = (Visit) small.enter(Gate.MX, ip("10." + i + ".0.1"));
      visits.add(stranger);
    }
    for (int i = 0; i < 5; i++) {
      visits.add((Visit) small.enter(Gate.IMAP, ip("127.0.0.1")));
    }
    assertThat(small.enter(Gate.MX, ip("10.9.0.1"))).isInstanceOf(Entry.Refused.class);
    AtomicInteger cut = new AtomicInteger();
    visits.forEach(visit -> visit.onCut(cut::incrementAndGet));
    for (int i = 1; i <= 5; i++) {
      assertThat(small.enter(Gate.SUBMISSION, ip("127.0.0.1"))).isInstanceOf(Visit.class);
      assertThat(cut.get()).isEqualTo(i);
    }
    assertThat(small.enter(Gate.IMAP, ip("127.0.0.1")))
        .as("nobody is left to go")
        .isInstanceOf(Entry.Refused.class);
  }

  /** Ten places, of which five are strangers' on port 25 and five users' who have logged in. */
  private Guard full(AtomicInteger cut) {
    Guard full = guard(10, 10, Duration.ZERO, Duration.ZERO);
    for (int i = 0; i < 5; i++) {
      ((Visit) full.enter(Gate.MX, ip("10." + i + ".0.1"))).onCut(cut::incrementAndGet);
      ((Visit) full.enter(Gate.IMAP, ip("127.0.0.1"))).onCut(cut::incrementAndGet);
    }
    return full;
  }

  @Test
  void whoeverIsNoStrangerOnPort25FindsAPlaceWhenThoseHaveTakenAll() throws InterruptedException {
    Thread writer = TestGuard.writer(guard);
    good("192.0.2.1");
    bad("192.0.2.2");
    writer.interrupt();
    writer.join();
    AtomicInteger cut = new AtomicInteger();
    Guard full = full(cut);
    await(() -> full.classOf(Gate.MX, ip("192.0.2.1"), Origin.of(ip("192.0.2.1"))), PeerClass.GOOD);
    await(() -> full.classOf(Gate.MX, ip("192.0.2.2"), Origin.of(ip("192.0.2.2"))), PeerClass.BAD);
    for (Gate gate : List.of(Gate.IMAP, Gate.POP3, Gate.SUBMISSION)) {
      assertThat(full.enter(gate, ip("203.0.113.1"))).as("%s", gate).isInstanceOf(Visit.class);
    }
    assertThat(cut).hasValue(3);
    assertThat(full.enter(Gate.MX, ip("192.0.2.1"))).isInstanceOf(Visit.class);
    assertThat(cut).hasValue(4);
    for (String address : List.of("10.9.0.1", "192.0.2.2")) {
      assertThat(full.enter(Gate.MX, ip(address))).isInstanceOf(Entry.Refused.class);
    }
    assertThat(cut).hasValue(4);
  }

  private static void await(Supplier<PeerClass> what, PeerClass expected) {
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (what.get() != expected) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
  }

  @Test
  void whoeverIsDeniedWhileInsideHasToGo() {
    AtomicInteger cut = new AtomicInteger();
    good("192.0.2.1");
    Visit known = enter(Gate.MX, "192.0.2.1");
    Visit stranger = enter(Gate.IMAP, "192.0.2.2");
    Visit user = enter(Gate.IMAP, "192.0.2.3");
    user.loggedIn();
    List.of(known, stranger, user).forEach(visit -> visit.onCut(cut::incrementAndGet));
    Visit own = enter(Gate.MX, "198.51.100.1");
    Visit other = enter(Gate.MX, "192.0.3.1");
    List.of(own, other).forEach(visit -> visit.onCut(() -> cut.addAndGet(100)));
    rule("198.51.100.0/24", false);
    rule("192.0.2.0/24", false);
    assertThat(cut).hasValue(3);
    assertThat(events.stream().filter(GuardEvent.TurnedOut.class::isInstance)).hasSize(3);
    assertThat(known.judge(envelope())).isInstanceOf(Ruling.Blocked.class);
    assertThat(own.judge(envelope())).isInstanceOf(Ruling.Welcome.class);
    List.of(known, stranger, user, own, other).forEach(Visit::close);
    assertNobody();
  }

  @Test
  void afterARestartAGoodPeerDoesNotWaitForItsGreeting() throws InterruptedException {
    Thread writer = TestGuard.writer(guard);
    good("192.0.2.1");
    writer.interrupt();
    writer.join();
    Guard restarted = guard(400, 40, Duration.ofSeconds(6), Duration.ofMinutes(2));
    Visit visit = (Visit) restarted.enter(Gate.MX, ip("192.0.2.1"));
    await(() -> recalled(visit), PeerClass.GOOD);
    assertThat(visit.greetPause()).isZero();
    visit.close();
    assertThat(restarted.places().count(Gate.MX, PeerClass.GOOD)).isZero();
    assertThat(restarted.places().count(Gate.MX, PeerClass.UNKNOWN)).isZero();
  }

  private static PeerClass recalled(Visit visit) {
    visit.awaitRecall();
    return visit.peerClass();
  }

  @Test
  void afterARestartABadPeerIsBadBeforeItsSessionBegins() throws InterruptedException {
    TestGuard.misbehaved(guard, "192.0.2.1");
    for (Gate gate : List.of(Gate.MX, Gate.SUBMISSION, Gate.IMAP, Gate.POP3)) {
      Guard restarted = guard(400, 40, Duration.ofSeconds(6), Duration.ofMinutes(2));
      Visit visit = (Visit) restarted.enter(gate, ip("192.0.2.1"));
      await(() -> recalled(visit), PeerClass.BAD);
      assertThat(restarted.places().count(gate, PeerClass.BAD)).isEqualTo(1);
      assertThat(restarted.places().count(gate, PeerClass.UNKNOWN)).isZero();
      visit.close();
      assertThat(TestGuard.taken(restarted)).isZero();
    }
  }

  @Test
  void afterARestartBadPeersHaveNoMorePlacesThanBefore() throws InterruptedException {
    int places = guard.allowance().places(Gate.MX, PeerClass.BAD);
    for (int i = 0; i <= places; i++) {
      TestGuard.misbehaved(guard, "192.0.2." + i);
    }
    Guard restarted = guard(400, 40, Duration.ofSeconds(6), Duration.ofMinutes(2));
    List<Visit> visits = new ArrayList<>(crowd(restarted));
    int crowded = restarted.places().count(Gate.MX, PeerClass.UNKNOWN);
    for (int i = 0; i < places; i++) {
      Visit visit = (Visit) restarted.enter(Gate.MX, ip("192.0.2." + i));
      await(() -> recalled(visit), PeerClass.BAD);
      visits.add(visit);
    }
    Visit last = (Visit) restarted.enter(Gate.MX, ip("192.0.2." + places));
    visits.add(last);
    AtomicInteger cut = new AtomicInteger();
    last.onCut(cut::incrementAndGet);
    await(
        () -> {
          last.awaitRecall();
          return cut.get() > 0 ? PeerClass.BAD : PeerClass.UNKNOWN;
        },
        PeerClass.BAD);
    assertThat(restarted.places().count(Gate.MX, PeerClass.UNKNOWN)).isLessThan(crowded);
    visits.forEach(Visit::close);
    assertThat(TestGuard.taken(restarted)).isZero();
  }

  @Test
  void whoeverLosesItsPlaceIsCutEvenBeforeItBegan() {
    List<Visit> visits = new ArrayList<>();
    for (int i = 0; i < 201; i++) {
      visits.add(enter(Gate.MX, "10." + i + ".0.1"));
    }
    List<Visit> cut = new ArrayList<>();
    visits.forEach(visit -> visit.onCut(() -> cut.add(visit)));
    assertThat(cut).hasSize(1);
    assertThat(guard.places().count(Gate.MX, PeerClass.UNKNOWN)).isEqualTo(200);
    assertThat(events).hasAtLeastOneElementOfType(GuardEvent.Displaced.class);
    visits.forEach(Visit::close);
    visits.forEach(Visit::close);
    assertNobody();
  }

  // ---- deeds ----

  @Test
  void aLoginMakesAVisitOursAndItsAddressGood() {
    Visit visit = enter(Gate.IMAP, "192.0.2.1");
    visit.loggedIn();
    assertThat(visit.peerClass()).isEqualTo(PeerClass.OWN);
    assertThat(guard.places().count(Gate.IMAP, PeerClass.UNKNOWN)).isZero();
    assertThat(guard.places().count(Gate.IMAP, PeerClass.OWN)).isEqualTo(1);
    assertThat(classOf(Gate.SUBMISSION, "192.0.2.1")).isEqualTo(PeerClass.GOOD);
    assertThat(classOf(Gate.MX, "192.0.2.1")).isEqualTo(PeerClass.UNKNOWN);
    visit.loggedIn();
    visit.close();
    assertNobody();
  }

  @Test
  void aWantedMessageMakesAVisitAndItsAddressGood() {
    Visit visit = enter(Gate.MX, "192.0.2.1");
    assertThat(visit.isStranger()).isTrue();
    visit.delivered();
    assertThat(visit.peerClass()).isEqualTo(PeerClass.GOOD);
    assertThat(guard.places().count(Gate.MX, PeerClass.GOOD)).isEqualTo(1);
    visit.delivered();
    assertThat(events.stream().filter(GuardEvent.Trusted.class::isInstance)).hasSize(1);
    visit.close();
    assertNobody();
  }

  @Test
  void aMessageOfOneWhoMisbehavedDoesNotEarnTrust() {
    Visit visit = enter(Gate.MX, "192.0.2.1");
    assertThat(visit.did(Misdeed.FALSE_NAME)).isFalse();
    visit.delivered();
    assertThat(visit.peerClass()).isEqualTo(PeerClass.UNKNOWN);
    assertThat(events).doesNotHaveAnyElementsOfTypes(GuardEvent.Trusted.class);
  }

  @Test
  void aTrapIsToldNothingAndMakesBad() {
    Visit visit = enter(Gate.MX, "192.0.2.1");
    assertThat(visit.judge(envelope(TRAP))).isEqualTo(new Ruling.Welcome());
    assertThat(classOf(Gate.MX, "192.0.2.1")).isEqualTo(PeerClass.BAD);
    visit.delivered();
    assertThat(visit.peerClass()).isNotEqualTo(PeerClass.GOOD);
    assertThat(visit.judge(envelope())).isInstanceOf(Ruling.Greylisted.class);
  }

  @Test
  void whatATrapCaughtMakesUpForNothing() {
    good("192.0.2.1");
    try (Visit visit = enter(Gate.MX, "192.0.2.1")) {
      for (int i = 0; i < 3; i++) {
        assertThat(visit.judge(envelope(TRAP))).isEqualTo(new Ruling.Welcome());
        visit.delivered();
      }
    }
    assertThat(classOf(Gate.MX, "192.0.2.1")).isEqualTo(PeerClass.BAD);
  }

  @Test
  void goodDeedsDoNotTakeMorePlacesThanThereAreForGoodPeers() {
    Guard guard = guard(400, 400, Duration.ZERO, Duration.ZERO);
    int good = guard.allowance().places(Gate.MX, PeerClass.GOOD);
    int most = good + guard.allowance().places(Gate.MX, PeerClass.UNKNOWN);
    for (int i = 0; i < 400; i++) {
      if (guard.enter(Gate.MX, ip("192.0." + i % 20 + ".1")) instanceof Visit visit) {
        visit.onCut(visit::close);
        visit.delivered();
      }
    }
    assertThat(guard.places().count(Gate.MX, PeerClass.GOOD)).isEqualTo(good);
    assertThat(guard.door().connections()).isEqualTo(most);
    assertThat(guard.enter(Gate.IMAP, ip("203.0.113.1"))).isInstanceOf(Visit.class);
  }

  @Test
  void whoeverAnotherNodeLearnedToTrustAMomentAgoIsNotGreylisted() throws InterruptedException {
    Guard other = guard(400, 40, Duration.ZERO, Duration.ofMinutes(2));
    PeerRecord _ = guard.peers().look(Origin.of(ip("192.0.2.1")), Duration.ofSeconds(10));
    Thread writer = TestGuard.writer(other);
    try (Visit visit = (Visit) other.enter(Gate.MX, ip("192.0.2.1"))) {
      visit.delivered();
    }
    writer.interrupt(); // which has it write what is left
    writer.join();
    clock.advance(Duration.ofSeconds(1));
    try (Visit visit = enter(Gate.MX, "192.0.2.1")) {
      assertThat(visit.peerClass()).as("from memory").isEqualTo(PeerClass.UNKNOWN);
      assertThat(visit.judge(envelope())).isEqualTo(new Ruling.Welcome());
      assertThat(visit.peerClass()).isEqualTo(PeerClass.GOOD);
    }
    assertNobody();
  }

  @Test
  void strangersAreGreylistedAndGoodPeersAreNot() {
    assertThat(enter(Gate.MX, "192.0.2.1").judge(envelope()))
        .isEqualTo(new Ruling.Greylisted(Duration.ofMinutes(2)));
    clock.advance(Duration.ofMinutes(2));
    assertThat(enter(Gate.MX, "192.0.2.1").judge(envelope())).isEqualTo(new Ruling.Welcome());
    good("203.0.113.1");
    assertThat(enter(Gate.MX, "203.0.113.1").judge(envelope())).isEqualTo(new Ruling.Welcome());
    assertThat(enter(Gate.MX, "127.0.0.1").judge(envelope())).isEqualTo(new Ruling.Welcome());
    rule("192.0.3.0/24", true);
    assertThat(enter(Gate.MX, "192.0.3.1").judge(envelope())).isEqualTo(new Ruling.Welcome());
  }

  @Test
  void aStrangerWaitsForTheGreetingOnceADay() {
    Visit first = enter(Gate.MX, "192.0.2.1");
    assertThat(first.greetPause()).isEqualTo(Duration.ofSeconds(6));
    first.passed();
    assertThat(enter(Gate.MX, "192.0.2.1").greetPause()).isZero();
    clock.advance(Duration.ofHours(25));
    assertThat(enter(Gate.MX, "192.0.2.1").greetPause()).isEqualTo(Duration.ofSeconds(6));
    good("192.0.2.2");
    assertThat(enter(Gate.MX, "192.0.2.2").greetPause()).isZero();
    assertThat(enter(Gate.MX, "127.0.0.1").greetPause()).isZero();
  }

  @Test
  void whoComesBackTooSoonWaitsForTheGreetingUntilItMayDeliver() {
    Guard patient = guard(400, 40, Duration.ofSeconds(6), Duration.ofSeconds(15));
    Visit first = (Visit) patient.enter(Gate.MX, ip("192.0.2.1"));
    first.passed();
    assertThat(first.judge(envelope())).isEqualTo(new Ruling.Greylisted(Duration.ofSeconds(15)));
    clock.advance(Duration.ofSeconds(1));
    Visit second = (Visit) patient.enter(Gate.MX, ip("192.0.2.1"));
    assertThat(second.greetPause()).isEqualTo(Duration.ofSeconds(14));
    clock.advance(Duration.ofSeconds(14));
    assertThat(second.judge(envelope())).isEqualTo(new Ruling.Welcome());
    assertThat(((Visit) patient.enter(Gate.MX, ip("192.0.2.1"))).greetPause()).isZero();
    assertThat(((Visit) patient.enter(Gate.MX, ip("192.0.2.2"))).greetPause())
        .as("nobody asked it")
        .isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void nobodyWaitsLongForTheGreetingHoweverLateItMayDeliver() {
    Visit first = enter(Gate.MX, "192.0.2.1");
    first.passed();
    assertThat(first.judge(envelope())).isEqualTo(new Ruling.Greylisted(Duration.ofMinutes(2)));
    assertThat(enter(Gate.MX, "192.0.2.1").greetPause()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void strangersStandInLineOnceAndUntilTheyAreGreetedOrGone() {
    Visit first = enter(Gate.MX, "192.0.2.1");
    assertThat(first.standInLine()).isZero();
    Visit second = enter(Gate.MX, "192.0.2.2");
    Duration behindOne = second.standInLine();
    assertThat(behindOne).isPositive();
    assertThat(second.standInLine()).as("it was asked before").isZero();
    assertThat(enter(Gate.MX, "192.0.2.3").standInLine()).isEqualTo(behindOne.multipliedBy(2));
    first.passed();
    first.close();
    second.close();
    second.close();
    assertThat(enter(Gate.MX, "192.0.2.4").standInLine()).isEqualTo(behindOne);
    good("203.0.113.1");
    assertThat(enter(Gate.MX, "203.0.113.1").standInLine()).isZero();
    assertThat(enter(Gate.MX, "127.0.0.1").standInLine()).isZero();
  }

  // ---- pressure ----

  private void press() {
    for (int i = 0; i < 1_000; i++) {
      knock("10." + i % 250 + "." + i / 250 + ".1");
    }
    for (int i = 0; i < 100; i++) {
      guard.pressure().measure(0);
    }
    assertThat(guard.pressure().figure()).isGreaterThan(0.999);
  }

  @Test
  void pressureShortensPatienceWithStrangersFirst() {
    Duration usual = Duration.ofMinutes(5);
    good("192.0.2.1");
    bad("192.0.2.2");
    Visit own = enter(Gate.MX, "127.0.0.1");
    Visit known = enter(Gate.MX, "192.0.2.1");
    Visit stranger = enter(Gate.MX, "192.0.2.3");
    for (Visit visit : List.of(own, known, stranger)) {
      assertThat(visit.patience(usual)).isEqualTo(usual);
    }
    press();
    assertThat(own.patience(usual)).isEqualTo(usual);
    assertThat(known.patience(usual)).isBetween(Duration.ofSeconds(59), Duration.ofSeconds(62));
    assertThat(stranger.patience(usual)).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(9));
    assertThat(stranger.patience(Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(3));
    assertThat(enter(Gate.MX, "203.0.113.1").greetPause())
        .isBetween(Duration.ofMillis(1_700), Duration.ofMillis(1_900));
  }

  @Test
  void pressureLeavesFewerPlacesToStrangersAndGoodPeers() {
    assertThat(guard.allowance().places(Gate.MX, PeerClass.UNKNOWN)).isEqualTo(200);
    press();
    assertThat(guard.allowance().places(Gate.MX, PeerClass.UNKNOWN))
        .as("that all are taken is no reason")
        .isEqualTo(200);
    for (int i = 0; i < 100; i++) {
      guard.pressure().measure(Duration.ofSeconds(2).toNanos());
    }
    assertThat(guard.allowance().places(Gate.MX, PeerClass.UNKNOWN)).isBetween(39, 41);
    assertThat(guard.allowance().places(Gate.MX, PeerClass.GOOD)).isBetween(19, 21);
    assertThat(guard.allowance().places(Gate.MX, PeerClass.OWN)).isEqualTo(400);
  }

  // ---- work ----

  /** Visits that take their turn and keep it until they are let go. */
  private static final class Workers {
    final CountDownLatch release = new CountDownLatch(1);
    final AtomicInteger working = new AtomicInteger();
    final List<Thread> threads = new ArrayList<>();

    void begin(Visit visit) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                visit.takeTurn();
                working.incrementAndGet();
                try {
                  release.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                visit.endTurn();
              }));
    }

    void await(int count) throws InterruptedException {
      long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (working.get() < count) {
        assertThat(System.nanoTime()).isLessThan(until);
        Thread.sleep(1);
      }
    }
  }

  @Test
  void strangersWorkOneAfterTheOtherAndOthersDoNotWaitForThem() throws InterruptedException {
    int atOnce = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    int strangers = 5 * atOnce;
    Guard large = guard(100 * strangers, 40, Duration.ZERO, Duration.ZERO); // none has to leave
    enter(large, Gate.MX, "192.0.2.1").delivered();
    Workers workers = new Workers();
    for (int i = 0; i < strangers; i++) {
      workers.begin(enter(large, Gate.IMAP, "10." + i / 250 + "." + i % 250 + ".1"));
    }
    workers.await(atOnce);
    enter(large, Gate.MX, "192.0.2.1").takeTurn();
    enter(large, Gate.IMAP, "127.0.0.1").takeTurn();
    enter(large, Gate.MX, "10.200.0.1").takeTurn(); // strangers at another gate have their own
    assertThat(workers.working.get()).isEqualTo(atOnce);
    assertThat(large.turns(Gate.IMAP).taken()).isEqualTo(atOnce);
    workers.release.countDown();
    for (Thread thread : workers.threads) {
      assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    }
    assertThat(workers.working.get()).isEqualTo(strangers);
    assertThat(large.turns(Gate.IMAP).taken()).isZero();
  }

  @Test
  void turnThatTakesLongIsNotWaitedFor() throws InterruptedException {
    int atOnce = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    Workers workers = new Workers();
    for (int i = 0; i < 3 * atOnce; i++) {
      workers.begin(enter(Gate.MX, "10." + i + ".0.1"));
    }
    for (int i = 1; i <= 3; i++) {
      workers.await(i * atOnce);
      assertThat(workers.working.get()).isEqualTo(i * atOnce);
      clock.advance(Turns.LAPSE);
    }
    workers.release.countDown();
    for (Thread thread : workers.threads) {
      assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    }
    assertThat(guard.turns(Gate.MX).taken()).isZero();
  }

  @Test
  void turnOfOneWhoseRepliesAreNotTakenIsNotWaitedFor() throws InterruptedException {
    int atOnce = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    Workers workers = new Workers();
    List<Visit> visits = new ArrayList<>();
    for (int i = 0; i < atOnce; i++) {
      visits.add(enter(Gate.IMAP, "10." + i + ".0.1"));
      workers.begin(visits.getLast());
    }
    workers.await(atOnce);
    for (int i = 0; i < atOnce; i++) {
      workers.begin(enter(Gate.IMAP, "11." + i + ".0.1"));
    }
    clock.advance(Turns.SENDING_LAPSE);
    visits.forEach(Visit::sends);
    visits.forEach(Visit::sent);
    visits.forEach(Visit::sends);
    clock.advance(Turns.SENDING_LAPSE.minusMillis(1));
    assertThat(workers.working.get()).isEqualTo(atOnce);
    clock.advance(Duration.ofMillis(1));
    workers.await(2 * atOnce);
    workers.release.countDown();
    for (Thread thread : workers.threads) {
      assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    }
    assertThat(guard.turns(Gate.IMAP).taken()).isZero();
  }

  @Test
  void turnEndsWithTheVisit() {
    Visit visit = enter(Gate.MX, "10.0.0.1");
    visit.takeTurn();
    visit.takeTurn(); // it has it already
    assertThat(guard.turns(Gate.MX).taken()).isOne();
    visit.close();
    assertThat(guard.turns(Gate.MX).taken()).isZero();
  }

  // ---- all is given back ----

  private static <T> T any(RandomSource random, T[] all) {
    return List.of(all).get(random.nextInt(all.length));
  }

  @Test
  void allPlacesAreGivenBackHoweverVisitsEnd() {
    for (long seed = 1; seed <= 40; seed++) {
      RandomSource random = RandomSource.seeded(seed);
      List<Visit> in = new ArrayList<>();
      for (int i = 0; i < 3_000; i++) {
        clock.advance(Duration.ofMillis(random.nextInt(500)));
        Gate gate = any(random, Gate.values());
        switch (random.nextInt(in.isEmpty() ? 2 : 10)) {
          case 0, 1, 2, 3 -> {
            String address =
                random.nextInt(10) == 0
                    ? "127.0.0.1"
                    : "10." + random.nextInt(30) + "." + random.nextInt(2) + ".1";
            if (guard.enter(gate, ip(address)) instanceof Visit visit) {
              in.add(visit);
              visit.onCut(() -> {});
            }
          }
          case 4 -> in.get(random.nextInt(in.size())).loggedIn();
          case 5 -> in.get(random.nextInt(in.size())).delivered();
          case 6 -> {
            Misdeed misdeed = any(random, Misdeed.values());
            boolean _ = in.get(random.nextInt(in.size())).did(misdeed);
          }
          case 7 -> {
            Ruling _ = in.get(random.nextInt(in.size())).judge(envelope());
          }
          default -> in.remove(random.nextInt(in.size())).close();
        }
      }
      assertThat(in).as("seed %d", seed).isNotEmpty();
      in.forEach(Visit::close);
      assertNobody();
      // Nothing is left of the sum of them either: it can be reached again.
      List<Visit> all = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        all.add(enter(Gate.IMAP, "127.0.0.1"));
      }
      assertThat(guard.enter(Gate.IMAP, ip("127.0.0.1"))).isInstanceOf(Entry.Refused.class);
      all.forEach(Visit::close);
      assertNobody();
    }
  }
}
