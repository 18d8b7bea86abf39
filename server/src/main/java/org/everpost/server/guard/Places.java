package org.everpost.server.guard;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.GuardEvent;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;

/**
 * Which visits have the places of which class at which gate, and who has to leave for whom. Safe
 * for any number of threads.
 */
final class Places {

  /** How long an arrival counts half of what it did. */
  private static final Duration ARRIVAL_HALF_LIFE = Duration.ofSeconds(10);

  private final Allowance allowance;
  private final GuardCounters counters;
  private final EventSink events;

  /** Good peers, and strangers. */
  private final Map<Gate, Map<PeerClass, Crowd>> crowds = new EnumMap<>(Gate.class);

  /** How many there are of the other classes. */
  private final Map<Gate, Map<PeerClass, AtomicInteger>> open = new EnumMap<>(Gate.class);

  /** Bad peers that have a place. */
  private final Map<Gate, Set<Guest>> bad = new EnumMap<>(Gate.class);

  Places(
      Allowance allowance,
      GuardCounters counters,
      Clock clock,
      RandomSource random,
      EventSink events) {
    this.allowance = allowance;
    this.counters = counters;
    this.events = events;
    Arrivals arrivals = new Arrivals(ARRIVAL_HALF_LIFE, clock, random);
    for (Gate gate : Gate.values()) {
      crowds.put(
          gate,
          Map.of(
              PeerClass.GOOD, new Crowd(arrivals, clock, random),
              PeerClass.UNKNOWN, new Crowd(arrivals, clock, random)));
      bad.put(gate, ConcurrentHashMap.newKeySet());
      open.put(
          gate, Map.of(PeerClass.OWN, new AtomicInteger(), PeerClass.BAD, new AtomicInteger()));
    }
  }

  /** In its class, or, if a good peer has no claim to a place there, among strangers. */
  boolean take(Guest visit) {
    return switch (visit.peerClass()) {
      case OWN -> takeCounted(visit.gate(), PeerClass.OWN);
      case BAD -> takeBad(visit);
      case GOOD -> takeGoods(visit) || takeStrangers(visit);
      case UNKNOWN -> takeStrangers(visit);
    };
  }

  private boolean takeBad(Guest visit) {
    return takeCounted(visit.gate(), PeerClass.BAD) && bad(visit.gate()).add(visit);
  }

  private boolean takeCounted(Gate gate, PeerClass peerClass) {
    AtomicInteger count = open(gate, peerClass);
    if (count.incrementAndGet() <= most(gate, peerClass)) {
      return true;
    }
    count.decrementAndGet();
    return false;
  }

  /**
   * How many places there are for a class just now. A bad peer that is kept waiting does not come
   * again meanwhile, so there is one for it as long as strangers leave any.
   */
  int most(Gate gate, PeerClass peerClass) {
    int own = allowance.places(gate, peerClass);
    return peerClass == PeerClass.BAD
        ? Math.max(own, allowance.places(gate, PeerClass.UNKNOWN) - count(gate, PeerClass.UNKNOWN))
        : own;
  }

  private boolean takeGoods(Guest visit) {
    List<Guest> displaced = new ArrayList<>(2);
    boolean entered = enterCrowd(visit, PeerClass.GOOD, displaced);
    displaced.forEach(this::demote);
    return entered;
  }

  private boolean takeStrangers(Guest visit) {
    List<Guest> displaced = new ArrayList<>(2);
    boolean entered = enterCrowd(visit, PeerClass.UNKNOWN, displaced);
    displaced.forEach(this::displace);
    Gate gate = visit.gate();
    if (entered && count(gate, PeerClass.BAD) > most(gate, PeerClass.BAD)) {
      boolean _ = takeBadOnes(gate); // it had what strangers left
    }
    return entered;
  }

  private boolean enterCrowd(Guest visit, PeerClass peerClass, List<Guest> displaced) {
    visit.peerClass(peerClass);
    Gate gate = visit.gate();
    return crowd(gate, peerClass).enter(visit, allowance.places(gate, peerClass), displaced);
  }

  /** Whoever has lost its place among good peers has to find one among strangers. */
  private void demote(Guest visit) {
    List<Guest> displaced = new ArrayList<>(2);
    synchronized (visit) {
      if (visit.peerClass() != PeerClass.GOOD || visit.hasEnded()) {
        return; // it became a user meanwhile, or left
      }
      if (!enterCrowd(visit, PeerClass.UNKNOWN, displaced)) {
        displaced.add(visit);
      }
    }
    displaced.forEach(this::displace); // without a lock, as these have locks of their own
  }

  void displace(Guest visit) {
    counters.displaced();
    events.accept(new GuardEvent.Displaced(visit.gate().word(), visit.address().getHostAddress()));
    visit.cut();
  }

  private boolean takeBadOnes(Gate gate) {
    for (Guest each : bad(gate)) {
      if (bad(gate).remove(each)) {
        open(gate, PeerClass.BAD).decrementAndGet();
        displace(each);
        return true;
      }
    }
    return false;
  }

  /**
   * Takes a place away for somebody: that of a bad peer, or else of a stranger on port 25, which
   * other strangers there cannot have.
   *
   * @return whether there was one
   */
  boolean makeRoom(Guest visit) {
    for (Gate gate : Gate.values()) {
      if (takeBadOnes(gate)) {
        return true;
      }
    }
    boolean stranger = visit.gate() == Gate.MX && visit.peerClass() == PeerClass.UNKNOWN;
    return !stranger && takeStrangersAtMx();
  }

  private boolean takeStrangersAtMx() {
    Guest stranger = crowd(Gate.MX, PeerClass.UNKNOWN).surrender();
    if (stranger != null) {
      displace(stranger);
    }
    return stranger != null;
  }

  /** Gives its place back, if it has not lost it. */
  void leave(Guest visit) {
    synchronized (visit) {
      switch (visit.peerClass()) {
        case OWN -> open(visit.gate(), PeerClass.OWN).decrementAndGet();
        case BAD -> {
          if (bad(visit.gate()).remove(visit)) {
            open(visit.gate(), PeerClass.BAD).decrementAndGet();
          }
        }
        case GOOD, UNKNOWN -> crowd(visit.gate(), visit.peerClass()).leave(visit);
      }
    }
  }

  /** A user has a place in any case. */
  void becomeOwn(Guest visit) {
    synchronized (visit) {
      if (visit.peerClass() != PeerClass.OWN) {
        leave(visit);
        open(visit.gate(), PeerClass.OWN).incrementAndGet();
        visit.peerClass(PeerClass.OWN);
      }
    }
  }

  /**
   * Where no place is free for a good peer it stays among strangers: good deeds do not take the
   * places of others.
   */
  void becomeGood(Guest visit) {
    List<Guest> displaced = new ArrayList<>(2);
    synchronized (visit) {
      boolean free =
          count(visit.gate(), PeerClass.GOOD) < allowance.places(visit.gate(), PeerClass.GOOD);
      if (visit.peerClass() != PeerClass.UNKNOWN || !free) {
        return;
      }
      leave(visit);
      if (!enterCrowd(visit, PeerClass.GOOD, displaced)) {
        displaced.add(visit); // others were quicker
      }
    }
    displaced.forEach(this::demote);
  }

  /** As at the door there is a place for bad peers, or none. */
  void becomeBad(Guest visit) {
    synchronized (visit) {
      if (visit.peerClass() != PeerClass.UNKNOWN) {
        return;
      }
      leave(visit);
      if (takeBad(visit)) {
        visit.peerClass(PeerClass.BAD);
        return;
      }
    }
    displace(visit);
  }

  /** How many are taken. */
  int count(Gate gate, PeerClass peerClass) {
    return switch (peerClass) {
      case OWN, BAD -> open(gate, peerClass).get();
      case GOOD, UNKNOWN -> crowd(gate, peerClass).size();
    };
  }

  /** How many networks strangers at port 25 come from. */
  int networksOfStrangers() {
    return crowd(Gate.MX, PeerClass.UNKNOWN).networks();
  }

  private Crowd crowd(Gate gate, PeerClass peerClass) {
    return Objects.requireNonNull(Objects.requireNonNull(crowds.get(gate)).get(peerClass));
  }

  private Set<Guest> bad(Gate gate) {
    return Objects.requireNonNull(bad.get(gate));
  }

  private AtomicInteger open(Gate gate, PeerClass peerClass) {
    return Objects.requireNonNull(Objects.requireNonNull(open.get(gate)).get(peerClass));
  }
}
