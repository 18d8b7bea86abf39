package org.everpost.server.guard;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
      open.put(
          gate, Map.of(PeerClass.OWN, new AtomicInteger(), PeerClass.BAD, new AtomicInteger()));
    }
  }

  /** In its class, or, if a good peer has no claim to a place there, among strangers. */
  boolean take(Guest visit) {
    return switch (visit.peerClass()) {
      case OWN ->
          takeCounted(visit.gate(), PeerClass.OWN, allowance.places(visit.gate(), PeerClass.OWN));
      case BAD -> takeBad(visit.gate());
      case GOOD -> takeGoods(visit) || takeStrangers(visit);
      case UNKNOWN -> takeStrangers(visit);
    };
  }

  /** Whoever waits does not come again meanwhile, so there is a place while strangers leave one. */
  private boolean takeBad(Gate gate) {
    int free = allowance.places(gate, PeerClass.UNKNOWN) - count(gate, PeerClass.UNKNOWN);
    return takeCounted(gate, PeerClass.BAD, Math.max(free, allowance.places(gate, PeerClass.BAD)));
  }

  private boolean takeCounted(Gate gate, PeerClass peerClass, int places) {
    AtomicInteger count = open(gate, peerClass);
    if (count.incrementAndGet() <= places) {
      return true;
    }
    count.decrementAndGet();
    return false;
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

  /** Takes the place of a stranger on port 25 away; whether there was one. */
  boolean takeStrangersAtMx() {
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
        case OWN, BAD -> open(visit.gate(), visit.peerClass()).decrementAndGet();
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
      if (takeBad(visit.gate())) {
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

  private AtomicInteger open(Gate gate, PeerClass peerClass) {
    return Objects.requireNonNull(Objects.requireNonNull(open.get(gate)).get(peerClass));
  }
}
