package org.everpost.server.relay.tls;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.everpost.core.time.Clock;
import org.everpost.core.tlsrpt.TlsResults.Count;
import org.everpost.wire.tlsrpt.TlsReport.Failure;
import org.everpost.wire.tlsrpt.TlsReport.PolicyResult;
import org.everpost.wire.tlsrpt.TlsReport.ResultType;
import org.jspecify.annotations.Nullable;

/**
 * Counts results by day (of UTC, RFC 8460 §4.1) and policy, in memory, from where they are written
 * down now and then. Safe for any number of threads.
 */
public final class TlsCounters implements TlsReports {

  /** Of all days together; further ones are not counted. */
  private static final int MAX_POLICIES = 20_000;

  /** Of all policies and failures; where texts are longer than usual there is room for fewer. */
  private static final long MAX_OCTETS = 32 << 20;

  /** Different failures of one policy and day; further ones count only among all. */
  private static final int MAX_FAILURES = 100;

  private final Clock clock;
  private final Map<Key, Counts> counts = new LinkedHashMap<>();
  private int numbers;
  private long octets;

  private record Key(LocalDate day, Policy policy) {
    long octets() {
      return Stream.of(policy.strings(), policy.mxHosts())
          .flatMap(List::stream)
          .mapToLong(TlsCounters::octets)
          .sum();
    }
  }

  /** How a session failed: without its policy, which each session has a copy of. */
  private record Kind(
      ResultType failure,
      @Nullable String host,
      @Nullable String address,
      @Nullable String source) {
    long octets() {
      return 150
          + TlsCounters.octets(host)
          + TlsCounters.octets(address)
          + TlsCounters.octets(source);
    }
  }

  private static final class Counts {
    private final int number;
    private long successes;
    private final Map<Kind, Long> failures = new LinkedHashMap<>();
    private long failed;

    /** How many there were when they were written last. */
    private long written;

    Counts(int number) {
      this.number = number;
    }

    long all() {
      return successes + failed;
    }
  }

  public TlsCounters(Clock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized void count(Session session) {
    Key key = new Key(clock.instant().atZone(ZoneOffset.UTC).toLocalDate(), session.policy());
    Counts its = counts.get(key);
    if (its == null) {
      if (counts.size() >= MAX_POLICIES || octets + key.octets() > MAX_OCTETS) {
        return;
      }
      octets += key.octets();
      its = new Counts(numbers++);
      counts.put(key, its);
    }
    if (session.failure() == null) {
      its.successes++;
      return;
    }
    its.failed++;
    Kind kind = new Kind(session.failure(), session.host(), session.address(), session.source());
    if (!its.failures.containsKey(kind)) {
      if (its.failures.size() >= MAX_FAILURES || octets + kind.octets() > MAX_OCTETS) {
        return;
      }
      octets += kind.octets();
    }
    its.failures.merge(kind, 1L, Long::sum);
  }

  private static long octets(@Nullable String text) {
    return text == null ? 0 : 50L + text.length();
  }

  /** What is other than it was written last. */
  public synchronized List<Count> changed() {
    List<Count> changed = new ArrayList<>();
    counts.forEach((key, its) -> {
      if (its.all() != its.written) {
        changed.add(new Count(key.day, its.number, key.policy.told(), result(key.policy, its)));
      }
    });
    return changed;
  }

  /** These were written; those of days before this one are over and forgotten. */
  public synchronized void written(List<Count> written, LocalDate today) {
    Map<Integer, Long> all = new HashMap<>();
    for (Count count : written) {
      all.put(count.number(), count.result().successes() + count.result().failures());
    }
    counts.values().forEach(its -> its.written = all.getOrDefault(its.number, its.written));
    counts
        .entrySet()
        .removeIf(its ->
            its.getKey().day.isBefore(today) && its.getValue().written == its.getValue().all());
    octets = 0;
    counts.forEach((key, its) -> {
      octets += key.octets() + its.failures.keySet().stream().mapToLong(Kind::octets).sum();
    });
  }

  private static PolicyResult result(Policy policy, Counts its) {
    List<Failure> details = new ArrayList<>();
    its.failures.forEach((kind, count) ->
        details.add(
            new Failure(kind.failure(), kind.source(), kind.host(), kind.address(), count, null)));
    return new PolicyResult(
        policy.type(),
        policy.domain(),
        policy.strings(),
        policy.mxHosts(),
        its.successes,
        its.failed,
        details);
  }
}
