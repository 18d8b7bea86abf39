package org.everpost.server.guard;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.GuardEvent;
import org.everpost.core.peer.PeerLists;
import org.everpost.core.peer.PeerRule;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Hints;
import org.jspecify.annotations.Nullable;

/**
 * Decides who gets in and how much patience there is with whom: by the class of the peer, from
 * memory, in microseconds. Safe for any number of threads.
 */
public final class Guard implements AutoCloseable {

  /** How long an arrival counts half of what it did. */
  private static final Duration ARRIVAL_HALF_LIFE = Duration.ofSeconds(10);

  /** What is left of the usual patience when nothing more can be done. */
  private static final Duration LEAST_PATIENCE = Duration.ofSeconds(8);

  private static final Duration LEAST_PATIENCE_WITH_GOOD = Duration.ofSeconds(60);

  /** From this pressure on there are fewer places for strangers, and for good peers. */
  private static final double FEWER_STRANGERS_FROM = 0.5;

  private static final double FEWER_GOOD_FROM = 0.8;

  /** What is left of the places, at the highest pressure. */
  private static final double STRANGERS_LEFT = 0.2;

  private static final double GOOD_LEFT = 0.5;

  /** So many more there may be for a moment, until those who lost their places have left. */
  private static final int MOST_OVER = 200;

  /** How long the store may take to say what it knows of a peer that came, before it is greeted. */
  private static final Duration RECALL = Duration.ofMillis(250);

  /** What is left of the pause before the greeting, at the highest pressure. */
  private static final double PAUSE_LEFT = 0.3;

  private final GuardSettings settings;
  private final PeerBook peers;
  private final PeerLists lists;
  private final Judge judge;
  private final Clock clock;
  private final EventSink events;
  private final GuardCounters counters = new GuardCounters();
  private final Map<Gate, Crowd> crowds = new EnumMap<>(Gate.class);
  private final Map<Gate, Map<PeerClass, AtomicInteger>> open = new EnumMap<>(Gate.class);
  private final Map<Long, Integer> perAddress = new ConcurrentHashMap<>();
  private final Set<Guest> inside = ConcurrentHashMap.newKeySet();
  private final AtomicInteger all = new AtomicInteger();
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
    this.judge = new Judge(settings, standings, new Greylist(settings.greylist(), hints, clock));
    // Half of the processors are enough for strangers, and none of the others waits for them.
    int strangersAtOnce = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    this.turnsAtMx = new Turns(strangersAtOnce, clock);
    this.turnsElsewhere = new Turns(strangersAtOnce, clock);
    Arrivals arrivals = new Arrivals(ARRIVAL_HALF_LIFE, clock, random);
    for (Gate gate : Gate.values()) {
      crowds.put(gate, new Crowd(arrivals, clock, random));
      Map<PeerClass, AtomicInteger> counts = new EnumMap<>(PeerClass.class);
      for (PeerClass peerClass : PeerClass.values()) {
        counts.put(peerClass, new AtomicInteger());
      }
      open.put(gate, counts);
    }
    this.probe = new StoreProbe(hints, clock);
    this.pressure = new Pressure(clock, this::placesTaken, Guard::memoryInUse, probe::nanos);
    lists.onChange(this::turnOutDenied);
  }

  private double placesTaken() {
    return (double) crowd(Gate.MX).size() / settings.places(Gate.MX, PeerClass.UNKNOWN);
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
    threads.add(Thread.ofVirtual().name("guard-lists").start(lists));
    threads.add(
        Thread.ofVirtual().name("guard-report").start(new GuardReport(this, clock, events)));
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }

  // ---- the door ----

  /** Decides about a new connection; never waits for anything. */
  public Entry enter(Gate gate, InetAddress address) {
    Origin origin = Origin.of(address);
    Guest visit = new Guest(this, gate, address, origin, classOf(gate, address, origin));
    String refusal = refusal(visit);
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

  /** Takes a place for a visit; says why there is none. */
  private @Nullable String refusal(Guest visit) {
    boolean own = visit.peerClass() == PeerClass.OWN;
    if (!own && !enterAddress(visit.origin())) {
      return "too many connections of this address";
    }
    int over = all.incrementAndGet() - settings.connections();
    boolean room = over <= 0 || (mayTakeAnothers(visit, over) && makeRoom());
    if (room && takePlace(visit)) {
      inside.add(visit);
      return null;
    }
    all.decrementAndGet();
    leaveAddress(visit);
    if (!room) {
      return "all places are taken";
    }
    return visit.peerClass() == PeerClass.BAD
        ? "misbehaved or denied"
        : "others need the place more";
  }

  /** What happens on port 25 takes no room from anything else, nor a stranger from a good peer. */
  private static boolean mayTakeAnothers(Guest visit, int over) {
    return switch (visit.peerClass()) {
      case OWN -> true;
      case GOOD -> over <= MOST_OVER;
      case UNKNOWN -> over <= MOST_OVER && visit.gate() != Gate.MX;
      case BAD -> false;
    };
  }

  /** The place of a stranger on port 25 is needed. */
  private boolean makeRoom() {
    Guest stranger = crowd(Gate.MX).surrender();
    if (stranger != null) {
      displace(stranger);
    }
    return stranger != null;
  }

  /** In its class, or, if a good peer finds no place there, among strangers. */
  private boolean takePlace(Guest visit) {
    PeerClass peerClass = visit.peerClass();
    if (peerClass != PeerClass.UNKNOWN) {
      AtomicInteger count = open(visit.gate(), peerClass);
      if (count.incrementAndGet() <= places(visit.gate(), peerClass)) {
        return true;
      }
      count.decrementAndGet();
      if (peerClass != PeerClass.GOOD) {
        return false;
      }
    }
    visit.peerClass(PeerClass.UNKNOWN);
    List<Guest> displaced = new ArrayList<>(2);
    boolean entered =
        crowd(visit.gate()).enter(visit, places(visit.gate(), PeerClass.UNKNOWN), displaced);
    displaced.forEach(this::displace);
    return entered;
  }

  private void displace(Guest visit) {
    counters.displaced();
    events.accept(new GuardEvent.Displaced(visit.gate().word(), visit.address().getHostAddress()));
    visit.cut();
  }

  /** Whoever is inside when an operator denies him has to go. */
  private void turnOutDenied() {
    for (Guest visit : inside) {
      if (isDenied(visit)) {
        counters.turnedOut();
        events.accept(
            new GuardEvent.TurnedOut(visit.gate().word(), visit.address().getHostAddress()));
        visit.cut();
      }
    }
  }

  private boolean isDenied(Guest visit) {
    return !settings.isOwn(visit.address())
        && lists.find(visit.address()).filter(rule -> !rule.allowed()).isPresent();
  }

  /** How many places there are just now. */
  int places(Gate gate, PeerClass peerClass) {
    int most = settings.places(gate, peerClass);
    double left =
        switch (peerClass) {
          case OWN, BAD -> 1;
          case GOOD -> left(gate, FEWER_GOOD_FROM, GOOD_LEFT);
          case UNKNOWN -> left(gate, FEWER_STRANGERS_FROM, STRANGERS_LEFT);
        };
    return Math.max(1, (int) (most * left));
  }

  private double left(Gate gate, double from, double least) {
    return 1 - (1 - least) * Math.clamp((pressure.at(gate) - from) / (1 - from), 0.0, 1.0);
  }

  private boolean enterAddress(Origin origin) {
    // compute() is atomic, so two at once cannot both take the last place.
    boolean[] entered = new boolean[1];
    perAddress.compute(
        origin.address(),
        (_, count) -> {
          int n = count == null ? 0 : count;
          entered[0] = n < settings.perAddress();
          return entered[0] ? (Integer) (n + 1) : count;
        });
    return entered[0];
  }

  private void leaveAddress(Guest visit) {
    if (!settings.isOwn(visit.address())) {
      perAddress.computeIfPresent(
          visit.origin().address(), (_, count) -> count > 1 ? (Integer) (count - 1) : null);
    }
  }

  void leave(Guest visit) {
    inside.remove(visit);
    all.decrementAndGet();
    leaveAddress(visit);
    leaveClass(visit);
  }

  private void leaveClass(Guest visit) {
    synchronized (visit) {
      if (visit.peerClass() == PeerClass.UNKNOWN) {
        crowd(visit.gate()).leave(visit);
      } else {
        open(visit.gate(), visit.peerClass()).decrementAndGet();
      }
    }
  }

  /**
   * Counts a visit in another class from now on. A user has a place there in any case; a good peer
   * that finds none stays among strangers, or good deeds would be a way to take all places.
   */
  private void promote(Guest visit, PeerClass next) {
    synchronized (visit) {
      if (visit.peerClass() == next || visit.peerClass() == PeerClass.OWN) {
        return;
      }
      AtomicInteger count = open(visit.gate(), next);
      if (count.incrementAndGet() > places(visit.gate(), next) && next != PeerClass.OWN) {
        count.decrementAndGet();
        return;
      }
      leaveClass(visit);
      visit.peerClass(next);
    }
  }

  // ---- what visits ask and tell ----

  Duration patience(Guest visit, Duration usual) {
    double p = pressure.at(visit.gate());
    return switch (visit.peerClass()) {
      case OWN -> usual;
      case GOOD ->
          shorter(usual, LEAST_PATIENCE_WITH_GOOD, (p - FEWER_GOOD_FROM) / (1 - FEWER_GOOD_FROM));
      case UNKNOWN, BAD -> shorter(usual, LEAST_PATIENCE, p);
    };
  }

  /** By the same factor for each step of the pressure. */
  private static Duration shorter(Duration usual, Duration least, double part) {
    if (part <= 0 || usual.compareTo(least) <= 0) {
      return usual;
    }
    double factor = Math.pow((double) least.toMillis() / usual.toMillis(), Math.min(1, part));
    return Duration.ofMillis((long) (usual.toMillis() * factor));
  }

  Duration greetPause(Guest visit) {
    if (!visit.isStranger() || settings.greetPause().isZero()) {
      return Duration.ZERO;
    }
    // Nobody could wait at the door for what the store knows; here everybody waits anyway.
    visit.endTurn();
    peers.awaitRecall(visit.origin(), RECALL);
    if (classOf(visit.gate(), visit.address(), visit.origin()) == PeerClass.GOOD) {
      promote(visit, PeerClass.GOOD);
      return Duration.ZERO;
    }
    if (peers.find(visit.origin()).passedUntil() > clock.millis()) {
      return Duration.ZERO;
    }
    return settings
        .greetPause()
        .multipliedBy((long) (1000 * left(visit.gate(), 0, PAUSE_LEFT)))
        .dividedBy(1000);
  }

  void passed(Guest visit) {
    peers.change(visit.origin(), record -> record.passed(clock.millis()));
  }

  boolean did(Guest visit, Misdeed misdeed) {
    if (settings.isOwn(visit.address()) || visit.gate() == Gate.LMTP) {
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
    return record.at(visit.gate(), clock.millis()) == PeerClass.BAD;
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
      promote(visit, PeerClass.GOOD);
    }
  }

  void loggedIn(Guest visit) {
    if (!settings.isOwn(visit.address())) {
      peers.change(visit.origin(), record -> record.loggedIn(clock.millis()));
      promote(visit, PeerClass.OWN);
    }
  }

  Ruling judge(Guest visit, Envelope envelope) {
    if (visit.peerClass() == PeerClass.OWN) {
      return new Ruling.Welcome();
    }
    if (isDenied(visit)) {
      return new Ruling.Blocked("it is not welcome here");
    }
    if (settings.traps().contains(envelope.recipient())) {
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
    Judge.Verdict verdict = judge.judge(visit.address(), envelope, pressure.figure());
    switch (verdict.ruling()) {
      case Ruling.Welcome _ when verdict.returned() -> counters.returned();
      case Ruling.Welcome _ -> {}
      case Ruling.Greylisted _ -> counters.greylisted();
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

  int connections() {
    return all.get();
  }

  int connectionsOf(Origin origin) {
    return perAddress.getOrDefault(origin.address(), 0);
  }

  /** How long the store took last. */
  long storeNanos() {
    return probe.nanos();
  }

  int addresses() {
    return perAddress.size();
  }

  int count(Gate gate, PeerClass peerClass) {
    return peerClass == PeerClass.UNKNOWN ? crowd(gate).size() : open(gate, peerClass).get();
  }

  Turns turns(Gate gate) {
    return gate == Gate.MX ? turnsAtMx : turnsElsewhere;
  }

  Crowd crowd(Gate gate) {
    return Objects.requireNonNull(crowds.get(gate));
  }

  private AtomicInteger open(Gate gate, PeerClass peerClass) {
    return Objects.requireNonNull(Objects.requireNonNull(open.get(gate)).get(peerClass));
  }
}
