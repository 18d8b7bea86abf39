package org.everpost.server.guard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.jspecify.annotations.Nullable;

/**
 * The strangers at one gate, or the good peers. There is a limit to them, yet always room for one
 * more: whoever comes takes the place of the one with the highest score among some drawn by lot,
 * unless his own is higher. The score grows with the share that the address, its network and its
 * region have, and with the time for which nothing was heard of a visit that it owed, and it is
 * higher once a visit has had its time, in which what we owed it is not counted. So he who comes
 * from where nobody else comes from is let in at once, however many there are, nobody who settles
 * in can keep him out, and who goes on speaking is not sent away for one who is silent. Safe for
 * any number of threads.
 */
final class Crowd {

  /** So many are drawn: the worst of them is among the worst 6 % of all in two cases of three. */
  private static final int DRAWN = 16;

  /** So many at most leave for one who comes, when the limit has shrunk. */
  private static final int AT_ONCE = 2;

  /** A network may have so many times the share of an address, a region so many of a network. */
  private static final float WIDER = 4;

  /** So long nobody's stay counts against him; then it does more and more, up to twice of this. */
  private static final double OWN_TIME_NANOS = 5e9;

  private final Arrivals arrivals;
  private final Clock clock;
  private final RandomSource random;
  private final List<Guest> visits = new ArrayList<>();
  private final Map<Long, Integer> addresses = new HashMap<>();
  private final Map<Long, Integer> networks = new HashMap<>();
  private final Map<Long, Integer> regions = new HashMap<>();

  Crowd(Arrivals arrivals, Clock clock, RandomSource random) {
    this.arrivals = arrivals;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Lets a visit in, if need be in the place of others. It came once only, however many crowds it
   * is in one after the other.
   *
   * @param displaced gets those who have lost their places, already taken out
   * @return false if it is the newcomer who has to go
   */
  boolean enter(Guest newcomer, int limit, List<Guest> displaced) {
    if (newcomer.frequency() == 0) {
      newcomer.frequency(arrival(newcomer.origin()));
    }
    synchronized (this) {
      add(newcomer);
      while (visits.size() > limit && displaced.size() < AT_ONCE) {
        Guest worst = draw(newcomer);
        remove(worst);
        if (worst == newcomer) {
          return false;
        }
        displaced.add(worst);
      }
      return true;
    }
  }

  /** Counts one; returns how often such came lately. */
  private float arrival(Origin origin) {
    synchronized (arrivals) {
      arrivals.add(origin.address());
      arrivals.add(~origin.network());
      arrivals.add(Long.reverse(origin.region()));
      return arrivals.count(origin.address())
          + arrivals.count(~origin.network()) / WIDER
          + arrivals.count(Long.reverse(origin.region())) / (WIDER * WIDER);
    }
  }

  /** Takes a visit out; whether it was in. */
  synchronized boolean leave(Guest visit) {
    if (visit.place() < 0) {
      return false;
    }
    remove(visit);
    return true;
  }

  synchronized int size() {
    return visits.size();
  }

  /** How many networks they come from: for whoever looks. */
  synchronized int networks() {
    return networks.size();
  }

  /** Sends one away for somebody who matters more; null if there is none. */
  synchronized @Nullable Guest surrender() {
    if (visits.isEmpty()) {
      return null;
    }
    Guest worst = draw(visits.getFirst());
    remove(worst);
    return worst;
  }

  /** The worst of some; of equals not the newcomer. */
  private Guest draw(Guest newcomer) {
    long now = clock.nanoTime();
    Guest worst = newcomer;
    double highest = score(newcomer, now);
    for (int i = 0; i < DRAWN; i++) {
      Guest visit = visits.get(random.nextInt(visits.size()));
      double score = visit == newcomer ? -1 : score(visit, now);
      if (score >= highest) {
        worst = visit;
        highest = score;
      }
    }
    return worst;
  }

  private double score(Guest visit, long now) {
    Origin origin = visit.origin();
    float share =
        addresses.getOrDefault(origin.address(), 0)
            + networks.getOrDefault(origin.network(), 0) / WIDER
            + regions.getOrDefault(origin.region(), 0) / (WIDER * WIDER);
    double weight = Math.log1p(Math.max(share, visit.frequency()));
    double stay = Math.clamp(visit.ownNanos(now) / OWN_TIME_NANOS, 1.0, 2.0);
    return weight * stay * (1 + visit.silentNanos(now) / 1e9);
  }

  private void add(Guest visit) {
    visit.enteredAt(clock.nanoTime());
    visit.place(visits.size());
    visits.add(visit);
    Origin origin = visit.origin();
    addresses.merge(origin.address(), 1, Integer::sum);
    networks.merge(origin.network(), 1, Integer::sum);
    regions.merge(origin.region(), 1, Integer::sum);
  }

  private void remove(Guest visit) {
    Guest last = visits.removeLast();
    if (last != visit) {
      visits.set(visit.place(), last);
      last.place(visit.place());
    }
    visit.place(-1);
    Origin origin = visit.origin();
    less(addresses, origin.address());
    less(networks, origin.network());
    less(regions, origin.region());
  }

  private static void less(Map<Long, Integer> counts, long what) {
    counts.computeIfPresent(what, (_, count) -> count > 1 ? (Integer) (count - 1) : null);
  }
}
