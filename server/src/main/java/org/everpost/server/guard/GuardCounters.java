package org.everpost.server.guard;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the guard has done since the start. Safe for any number of threads. */
final class GuardCounters {

  private final Map<PeerClass, LongAdder> admitted = each(PeerClass.class);
  private final Map<Misdeed, LongAdder> misdeeds = each(Misdeed.class);
  private final Map<String, LongAdder> refused = new ConcurrentHashMap<>();
  private final LongAdder displaced = new LongAdder();
  private final LongAdder turnedOut = new LongAdder();
  private final LongAdder trusted = new LongAdder();
  private final LongAdder greylisted = new LongAdder();
  private final LongAdder returned = new LongAdder();
  private final LongAdder blocked = new LongAdder();

  private static <E extends Enum<E>> Map<E, LongAdder> each(Class<E> type) {
    Map<E, LongAdder> counts = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      counts.put(constant, new LongAdder());
    }
    return counts;
  }

  void admitted(PeerClass peerClass) {
    admitted.computeIfAbsent(peerClass, _ -> new LongAdder()).increment();
  }

  void refused(String reason) {
    refused.computeIfAbsent(reason, _ -> new LongAdder()).increment();
  }

  void displaced() {
    displaced.increment();
  }

  /** One was denied while it was inside. */
  void turnedOut() {
    turnedOut.increment();
  }

  void did(Misdeed misdeed) {
    misdeeds.computeIfAbsent(misdeed, _ -> new LongAdder()).increment();
  }

  void trusted() {
    trusted.increment();
  }

  void greylisted() {
    greylisted.increment();
  }

  /** One that was greylisted came again. */
  void returned() {
    returned.increment();
  }

  void blocked() {
    blocked.increment();
  }

  /** All connections that were let in. */
  long admittedSum() {
    return admitted.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** All connections that were not let in. */
  long refused() {
    return refused.values().stream().mapToLong(LongAdder::sum).sum();
  }

  long displacedSum() {
    return displaced.sum();
  }

  long greylistedSum() {
    return greylisted.sum();
  }

  long misdeedsSum() {
    return misdeeds.values().stream().mapToLong(LongAdder::sum).sum();
  }

  Map<String, Object> now() {
    Map<String, Object> all = new LinkedHashMap<>();
    Map<String, Object> in = new LinkedHashMap<>();
    admitted.forEach((peerClass, count) -> in.put(peerClass.word(), count.sum()));
    all.put("admitted", in);
    Map<String, Object> out = new LinkedHashMap<>();
    refused.forEach((reason, count) -> out.put(reason, count.sum()));
    all.put("refused", out);
    all.put("displaced", displaced.sum());
    all.put("deniedWhileConnected", turnedOut.sum());
    all.put("trusted", trusted.sum());
    all.put("greylisted", greylisted.sum());
    all.put("returnedAfterGreylisting", returned.sum());
    all.put("blocked", blocked.sum());
    Map<String, Object> bad = new LinkedHashMap<>();
    misdeeds.forEach((misdeed, count) -> {
      if (count.sum() > 0) {
        bad.put(misdeed.words(), count.sum());
      }
    });
    all.put("misdeeds", bad);
    return all;
  }
}
