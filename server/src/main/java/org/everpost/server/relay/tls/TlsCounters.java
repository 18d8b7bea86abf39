package org.everpost.server.relay.tls;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.everpost.core.time.Clock;
import org.everpost.core.tlsrpt.TlsResults.Count;
import org.everpost.wire.tlsrpt.TlsReport.Failure;
import org.everpost.wire.tlsrpt.TlsReport.PolicyResult;

/**
 * Counts results by day (of UTC, RFC 8460 §4.1) and policy, in memory, from where they are written
 * down now and then. Safe for any number of threads.
 */
public final class TlsCounters implements TlsReports {

  /** Of all days together; further ones are not counted. */
  private static final int MAX_POLICIES = 20_000;

  /** Of the texts of all policies; what is longer than usual leaves room for fewer. */
  private static final long MAX_OCTETS = 32 << 20;

  /** Different failures of one policy and day; further ones count only among all. */
  private static final int MAX_FAILURES = 100;

  private final Clock clock;
  private final Map<Key, Counts> counts = new LinkedHashMap<>();
  private int numbers;
  private long octets;

  private record Key(LocalDate day, Policy policy) {}

  private static final class Counts {
    private final int number;
    private long successes;
    private final Map<Session, Long> failures = new LinkedHashMap<>();
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
      long more = octets(key);
      if (counts.size() >= MAX_POLICIES || octets + more > MAX_OCTETS) {
        return;
      }
      octets += more;
      its = new Counts(numbers++);
      counts.put(key, its);
    }
    if (session.failure() == null) {
      its.successes++;
      return;
    }
    its.failed++;
    if (its.failures.size() < MAX_FAILURES || its.failures.containsKey(session)) {
      its.failures.merge(session, 1L, Long::sum);
    }
  }

  private static long octets(Key key) {
    return Stream.of(key.policy.strings(), key.policy.mxHosts())
        .flatMap(List::stream)
        .mapToLong(text -> 50L + text.length())
        .sum();
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
    octets = counts.keySet().stream().mapToLong(TlsCounters::octets).sum();
  }

  private static PolicyResult result(Policy policy, Counts its) {
    List<Failure> details = new ArrayList<>();
    its.failures.forEach((session, count) ->
        details.add(
            new Failure(
                Objects.requireNonNull(session.failure()),
                session.source(),
                session.host(),
                session.address(),
                count,
                null)));
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
