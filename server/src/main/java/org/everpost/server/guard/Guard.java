package org.everpost.server.guard;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.GuardEvent;
import org.everpost.core.peer.PeerLists;
import org.everpost.core.peer.PeerRule;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Hints;

/**
 * What peers are taken for, and what becomes of what they do: from memory, in microseconds. Safe
 * for any number of threads.
 */
public final class Guard implements AutoCloseable {

  /** How long the store may take to say what it knows of a stranger, once he is in. */
  private static final Duration RECALL = Duration.ofMillis(250);

  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  private final GuardSettings settings;
  private final PeerBook peers;
  private final PeerLists lists;
  private final Greylist greylist;
  private final Judge judge;
  private final AskedAgain askedAgain;
  private final GreetingLine line;
  private final Clock clock;
  private final EventSink events;
  private final GuardCounters counters = new GuardCounters();
  private final Allowance allowance;
  private final Places places;
  private final Door door;
  private final Turns turnsAtMx;

  /** For logins and their handshakes, at all other gates together. */
  private final Turns turnsElsewhere;

  private final Pressure pressure;
  private final StoreProbe probe;
  private final List<Thread> threads = new ArrayList<>();

  public Guard(
      GuardSettings settings,
      Standings standings,
      Hints hints,
      PeerLists lists,
      Clock clock,
      RandomSource random,
      EventSink events) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.lists = Objects.requireNonNull(lists, "lists");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.events = Objects.requireNonNull(events, "events");
    this.peers = new PeerBook(hints, clock);
    this.askedAgain = new AskedAgain(clock);
    this.greylist = new Greylist(settings.greylist(), hints, clock);
    this.judge = new Judge(settings, standings, greylist);
    // Half of the processors are enough for strangers, and none of the others waits for them.
    int processors = Runtime.getRuntime().availableProcessors();
    this.line = new GreetingLine(processors);
    int strangersAtOnce = Math.max(1, processors / 2);
    this.turnsAtMx = new Turns(strangersAtOnce, clock);
    this.turnsElsewhere = new Turns(strangersAtOnce, clock);
    this.probe = new StoreProbe(hints, clock);
    this.pressure = new Pressure(clock, this::placesTaken, Guard::memoryInUse, probe::nanos);
    this.allowance = new Allowance(settings, pressure);
    this.places = new Places(allowance, counters, clock, random, events);
    this.door = new Door(settings, places);
    lists.onChange(this::turnOutDenied);
  }

  private double placesTaken() {
    return (double) places.count(Gate.MX, PeerClass.UNKNOWN)
        / settings.places(Gate.MX, PeerClass.UNKNOWN);
  }

  private static double memoryInUse() {
    Runtime runtime = Runtime.getRuntime();
    return (double) (runtime.totalMemory() - runtime.freeMemory()) / runtime.maxMemory();
  }

  /** Begins to measure, and to tell the store what is new. */
  public void start() {
    threads.add(Thread.ofVirtual().name("guard-pressure").start(pressure));
    threads.add(Thread.ofVirtual().name("guard-probe").start(probe));
    threads.add(Thread.ofVirtual().name("guard-peers").start(peers));
    threads.add(Thread.ofVirtual().name("guard-greylist").start(greylist));
    threads.add(Thread.ofVirtual().name("guard-lists").start(lists));
    threads.add(
        Thread.ofVirtual().name("guard-report").start(new GuardReport(this, clock, events)));
  }

  /** What is to be told yet the store is told now, in {@link #LAST_WORDS}. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    long until = clock.nanoTime() + LAST_WORDS.toNanos();
    try {
      for (Thread thread : threads) {
        boolean _ = thread.join(Duration.ofNanos(Math.max(0, until - clock.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- the door ----

  /** Decides about a new connection; never waits for anything. */
  public Entry enter(Gate gate, InetAddress address) {
    Origin origin = Origin.of(address);
    long now = clock.nanoTime();
    Guest visit = new Guest(this, gate, address, origin, now, classOf(gate, address, origin));
    String refusal = door.enter(visit);
    if (refusal == null) {
      counters.admitted(visit.peerClass());
      return visit;
    }
    counters.refused(refusal);
    return new Entry.Refused(visit.peerClass(), refusal);
  }

  PeerClass classOf(Gate gate, InetAddress address, Origin origin) {
    if (settings.isOwn(address)) {
      return PeerClass.OWN;
    }
    Optional<PeerRule> rule = lists.find(address);
    if (rule.isPresent()) {
      return rule.get().allowed() ? PeerClass.GOOD : PeerClass.BAD;
    }
    return gate == Gate.LMTP ? PeerClass.GOOD : peers.find(origin).at(gate, clock.millis());
  }

  private boolean isDenied(Guest visit) {
    return !settings.isOwn(visit.address())
        && lists.find(visit.address()).filter(rule -> !rule.allowed()).isPresent();
  }

  /** What an operator said holds, whatever the peer does. */
  private boolean isAllowed(Guest visit) {
    return lists.find(visit.address()).filter(PeerRule::allowed).isPresent();
  }

  /** Whoever is inside when an operator denies him has to go. */
  private void turnOutDenied() {
    for (Guest visit : door.inside()) {
      if (isDenied(visit)) {
        counters.turnedOut();
        events.accept(
            new GuardEvent.TurnedOut(visit.gate().word(), visit.address().getHostAddress()));
        visit.cut();
      }
    }
  }

  // ---- what visits ask and tell ----

  void awaitRecall(Guest visit) {
    if (visit.peerClass() == PeerClass.UNKNOWN) {
      peers.awaitRecall(visit.origin(), RECALL);
      switch (classOf(visit.gate(), visit.address(), visit.origin())) {
        case GOOD -> places.becomeGood(visit);
        case BAD -> places.becomeBad(visit);
        case OWN, UNKNOWN -> {}
      }
    }
  }

  Duration patience(Guest visit, Duration usual) {
    return allowance.patience(visit.gate(), visit.peerClass(), usual);
  }

  Duration greetPause(Guest visit) {
    if (visit.gate() != Gate.MX || !visit.isStranger() || settings.greetPause().isZero()) {
      return Duration.ZERO;
    }
    if (isNew(visit)) {
      return allowance.greetPause(visit.gate());
    }
    return isGood(visit) ? Duration.ZERO : askedAgain.left(visit.origin());
  }

  /** Whether it never waited for its greeting lately. */
  boolean isNew(Guest visit) {
    return !isGood(visit) && peers.find(visit.origin()).passedUntil() <= clock.millis();
  }

  GreetingLine line() {
    return line;
  }

  /** A good one may have found a place among strangers only, or be recalled a moment later. */
  private boolean isGood(Guest visit) {
    return classOf(visit.gate(), visit.address(), visit.origin()) == PeerClass.GOOD;
  }

  void passed(Guest visit) {
    peers.change(visit.origin(), record -> record.passed(clock.millis()));
  }

  boolean did(Guest visit, Misdeed misdeed) {
    if (visit.peerClass() == PeerClass.OWN || visit.gate() == Gate.LMTP) {
      return false;
    }
    counters.did(misdeed);
    PeerRecord record =
        peers.change(visit.origin(), before -> before.with(misdeed, clock.millis()));
    events.accept(
        new GuardEvent.Misbehaved(
            visit.gate().word(),
            visit.address().getHostAddress(),
            misdeed.words(),
            Math.round(record.points())));
    return record.at(visit.gate(), clock.millis()) == PeerClass.BAD && !isAllowed(visit);
  }

  void delivered(Guest visit) {
    if (visit.gate() != Gate.MX || visit.peerClass() == PeerClass.OWN || visit.isCaught()) {
      return;
    }
    long now = clock.millis();
    boolean[] first = new boolean[1];
    PeerRecord record =
        peers.change(
            visit.origin(),
            before -> {
              first[0] = !before.isGoodFor(Gate.MX, now);
              return before.delivered(now);
            });
    if (first[0] && record.isGoodFor(Gate.MX, now)) {
      counters.trusted();
      events.accept(new GuardEvent.Trusted(visit.address().getHostAddress()));
    }
    if (record.at(Gate.MX, now) == PeerClass.GOOD) {
      places.becomeGood(visit);
    }
  }

  void loggedIn(Guest visit) {
    if (!settings.isOwn(visit.address())) {
      peers.change(visit.origin(), record -> record.loggedIn(clock.millis()));
      places.becomeOwn(visit);
    }
  }

  Ruling judge(Guest visit, Envelope envelope) {
    if (visit.peerClass() == PeerClass.OWN) {
      return new Ruling.Welcome();
    }
    if (isDenied(visit)) {
      return new Ruling.Blocked("it is not welcome here");
    }
    if (settings.isTrap(envelope.recipient())) {
      visit.caught();
      boolean _ = did(visit, Misdeed.TRAP);
      return new Ruling.Welcome(); // whoever lays traps reads what is caught
    }
    // It may have found a place among strangers only, or was recalled after it had come.
    boolean good = classOf(visit.gate(), visit.address(), visit.origin()) == PeerClass.GOOD;
    if (good && (lists.find(visit.address()).isPresent() || !judge.isListed(visit.address()))) {
      return new Ruling.Welcome();
    }
    visit.endTurn(); // name servers may take their time
    Judge.Verdict first = judge.judge(visit.address(), envelope, pressure.figure());
    Judge.Verdict verdict =
        first.ruling() instanceof Ruling.Greylisted && isGoodElsewhere(visit)
            ? new Judge.Verdict(new Ruling.Welcome(), "brought wanted mail elsewhere", false)
            : first;
    switch (verdict.ruling()) {
      case Ruling.Welcome _ when verdict.returned() -> counters.returned();
      case Ruling.Welcome _ -> {}
      case Ruling.Greylisted(Duration rest) -> {
        counters.greylisted();
        askedAgain.note(visit.origin(), rest);
      }
      case Ruling.Blocked _ -> {
        counters.blocked();
        boolean _ = did(visit, Misdeed.LISTED);
      }
    }
    events.accept(
        new GuardEvent.Judged(
            visit.address().getHostAddress(),
            verdict.ruling().getClass().getSimpleName(),
            verdict.why()));
    return verdict.ruling();
  }

  /** Whether another node had learned that mail from there is wanted when the visit began. */
  private boolean isGoodElsewhere(Guest visit) {
    PeerRecord known = peers.lookSince(visit.beganAt(), visit.origin(), RECALL);
    boolean good = known.at(Gate.MX, clock.millis()) == PeerClass.GOOD;
    if (good) {
      places.becomeGood(visit);
    }
    return good;
  }

  // ---- for whoever looks ----

  /** Where an operator sees what it does, and tells it what to do. */
  public GuardDesk desk() {
    return new GuardDesk(this);
  }

  GuardSettings settings() {
    return settings;
  }

  PeerBook peers() {
    return peers;
  }

  PeerLists lists() {
    return lists;
  }

  Greylist greylist() {
    return greylist;
  }

  Judge judge() {
    return judge;
  }

  Pressure pressure() {
    return pressure;
  }

  GuardCounters counters() {
    return counters;
  }

  Clock clock() {
    return clock;
  }

  Allowance allowance() {
    return allowance;
  }

  Places places() {
    return places;
  }

  Door door() {
    return door;
  }

  /** How long the store took last. */
  long storeNanos() {
    return probe.nanos();
  }

  Turns turns(Gate gate) {
    return gate == Gate.MX ? turnsAtMx : turnsElsewhere;
  }
}
