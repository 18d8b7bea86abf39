package org.everpost.server.guard;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.everpost.core.peer.PeerLists;
import org.everpost.core.peer.PeerRule;
import org.everpost.core.time.Clock;
import org.everpost.store.Hints;

/** Where an operator sees what the guard does and why, and overrules it. */
public final class GuardDesk {

  /** So long an operator waits for what the store knows; then for what this node does. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Guard guard;

  GuardDesk(Guard guard) {
    this.guard = guard;
  }

  /**
   * What has happened since the start, and how it is now, in numbers.
   *
   * @param admitted connections, of all classes
   */
  public record Counts(
      int pressurePercent,
      int strangers,
      int good,
      int users,
      long admitted,
      long refused,
      long displaced,
      long greylisted,
      long misdeeds,
      long storeMillis) {}

  public Counts counts() {
    GuardCounters counters = guard.counters();
    int good = 0;
    int users = 0;
    for (Gate gate : Gate.values()) {
      good += guard.places().count(gate, PeerClass.GOOD);
      users += guard.places().count(gate, PeerClass.OWN);
    }
    return new Counts(
        (int) Math.round(100 * guard.pressure().figure()),
        guard.places().count(Gate.MX, PeerClass.UNKNOWN),
        good,
        users,
        counters.admittedSum(),
        counters.refused(),
        counters.displacedSum(),
        counters.greylistedSum(),
        counters.misdeedsSum(),
        guard.storeNanos() / 1_000_000);
  }

  /** Names and values for {@code everpost status} and {@code everpost guard status}. */
  public Map<String, Object> status() {
    Map<String, Object> status = new LinkedHashMap<>();
    Pressure.Parts parts = guard.pressure().parts();
    Map<String, Object> pressure = new LinkedHashMap<>();
    pressure.put("figure", percent(parts.figure()));
    pressure.put("places", percent(parts.places()));
    pressure.put("memory", percent(parts.memory()));
    pressure.put("store", percent(parts.store()));
    pressure.put("lateness", percent(parts.lateness()));
    status.put("pressurePercent", pressure);
    Map<String, Object> gates = new LinkedHashMap<>();
    for (Gate gate : Gate.values()) {
      Map<String, Object> classes = new LinkedHashMap<>();
      for (PeerClass peerClass : PeerClass.values()) {
        classes.put(
            peerClass.word(),
            guard.places().count(gate, peerClass) + " of " + guard.places().most(gate, peerClass));
      }
      gates.put(gate.word(), classes);
    }
    status.put("connections", gates);
    status.put("networksOfStrangers", guard.places().networksOfStrangers());
    status.put("addressesConnected", guard.door().addresses());
    status.put("addressesRemembered", guard.peers().size());
    status.put("rules", guard.lists().size());
    status.put("remarksLost", guard.peers().lost());
    status.put("greylistedLost", guard.greylist().lost());
    status.putAll(guard.counters().now());
    return status;
  }

  private static long percent(double part) {
    return Math.round(100 * part);
  }

  /** What is known of an address, in plain words. */
  public Map<String, Object> show(InetAddress address) {
    Map<String, Object> shown = new LinkedHashMap<>();
    Origin origin = Origin.of(address);
    PeerRecord record = guard.peers().look(origin, PATIENCE);
    long now = guard.clock().millis();
    shown.put("address", address.getHostAddress());
    Map<String, Object> classes = new LinkedHashMap<>();
    for (Gate gate : Gate.values()) {
      classes.put(gate.word(), guard.classOf(gate, address, origin).word());
    }
    shown.put("class", classes);
    shown.put("connections", guard.door().connectionsOf(origin));
    shown.put("reasons", reasons(address, record, now));
    return shown;
  }

  private List<String> reasons(InetAddress address, PeerRecord record, long now) {
    List<String> reasons = new ArrayList<>();
    if (guard.settings().isOwn(address)) {
      reasons.add("it is this machine, or in a network of guard.own-networks");
    }
    Optional<PeerRule> rule = guard.lists().find(address);
    rule.ifPresent(r ->
        reasons.add(
            (r.allowed() ? "an operator allowed " : "an operator denied ")
                + r.network()
                + (r.note().isEmpty() ? "" : ": " + r.note())
                + (r.until() == null ? "" : ", until " + second(r.until()))));
    float points = record.pointsAt(now);
    if (record.last() != null && points >= 0.5) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "it has %.0f points for what it did (bad from %.0f; half of them are forgotten in"
                  + " %d minutes), the last time as it %s",
              points,
              record.isGoodFor(Gate.MX, now)
                  ? PeerRecord.BAD_FROM_THOUGH_GOOD
                  : PeerRecord.BAD_FROM,
              PeerRecord.HALF_LIFE.toMinutes(),
              record.last().words()));
    }
    until(record.goodUntil(), now, "it brought wanted mail, which counts until ", reasons);
    until(record.homeUntil(), now, "users log in from there, which counts until ", reasons);
    until(record.passedUntil(), now, "it waited for the greeting, which counts until ", reasons);
    Standing standing = guard.judge().standing(address);
    reasons.add("name servers: " + standing.why());
    return reasons;
  }

  private static void until(long until, long now, String words, List<String> reasons) {
    if (until > now) {
      reasons.add(words + second(Instant.ofEpochMilli(until)));
    }
  }

  private static Instant second(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }

  /** The networks an operator allowed or denied, as they hold at this door. */
  public PeerLists lists() {
    return guard.lists();
  }

  /** Has all forgotten that is known of an address while nobody is at the door. */
  public static void forget(Hints hints, Clock clock, InetAddress address) {
    PeerBook.forget(hints, clock, Origin.of(address));
  }

  /** Forgets all that is known of an address. */
  public void forget(InetAddress address) {
    guard.peers().forget(Origin.of(address));
    guard.judge().forget(address);
  }
}
