package org.everpost.server.guard;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Who gets in and who is inside: at most so many of an address, so many in all, and as many of each
 * class as there are places. Never waits for anything. Safe for any number of threads.
 */
final class Door {

  /** So many more there may be for a moment, until those who lost their places have left. */
  private static final int MOST_OVER = 200;

  private final GuardSettings settings;
  private final Places places;
  private final Map<Long, Integer> perAddress = new ConcurrentHashMap<>();
  private final Set<Guest> inside = ConcurrentHashMap.newKeySet();
  private final AtomicInteger all = new AtomicInteger();

  Door(GuardSettings settings, Places places) {
    this.settings = settings;
    this.places = places;
  }

  /** Takes a place for a visit; says why there is none. */
  @Nullable String enter(Guest visit) {
    boolean own = visit.peerClass() == PeerClass.OWN;
    if (!own && !enterAddress(visit.origin())) {
      return "too many connections of this address";
    }
    int over = all.incrementAndGet() - settings.connections();
    boolean room = over <= 0 || (mayTakeAnothers(visit, over) && places.makeRoom(visit));
    if (room && places.take(visit)) {
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

  /** Bad peers take no room from anybody. */
  private static boolean mayTakeAnothers(Guest visit, int over) {
    return switch (visit.peerClass()) {
      case OWN -> true;
      case GOOD, UNKNOWN -> over <= MOST_OVER;
      case BAD -> false;
    };
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

  /** The visit is over. */
  void leave(Guest visit) {
    inside.remove(visit);
    all.decrementAndGet();
    leaveAddress(visit);
    places.leave(visit);
  }

  /** All who are inside. */
  Set<Guest> inside() {
    return Collections.unmodifiableSet(inside);
  }

  int connections() {
    return all.get();
  }

  int connectionsOf(Origin origin) {
    return perAddress.getOrDefault(origin.address(), 0);
  }

  /** How many addresses are inside. */
  int addresses() {
    return perAddress.size();
  }
}
