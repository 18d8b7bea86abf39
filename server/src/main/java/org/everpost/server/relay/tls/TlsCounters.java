package org.everpost.server.relay.tls;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.everpost.core.time.Clock;
import org.everpost.wire.tlsrpt.TlsReport.Failure;
import org.everpost.wire.tlsrpt.TlsReport.PolicyResult;

/**
 * Counts results by day (of UTC, RFC 8460 §4.1) and policy, in memory: a report is an estimate, and
 * a restart may cost a part of it. Safe for any number of threads.
 */
public final class TlsCounters implements TlsReports {

  /** Of all days together; further ones are not counted. */
  private static final int MAX_POLICIES = 20_000;

  /** Different failures of one policy and day; further ones count only among all. */
  private static final int MAX_FAILURES = 100;

  private final Clock clock;
  private final Map<Key, Counts> counts = new LinkedHashMap<>();

  private record Key(LocalDate day, Policy policy) {}

  private static final class Counts {
    private long successes;
    private final Map<Session, Long> failures = new LinkedHashMap<>();
    private long failed;
  }

  public TlsCounters(Clock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized void count(Session session) {
    Key key = new Key(clock.instant().atZone(ZoneOffset.UTC).toLocalDate(), session.policy());
    Counts its = counts.get(key);
    if (its == null) {
      if (counts.size() >= MAX_POLICIES) {
        return;
      }
      its = new Counts();
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

  /** What was counted on days before this one, which is then forgotten. */
  public synchronized Map<LocalDate, List<PolicyResult>> takeBefore(LocalDate day) {
    Map<LocalDate, List<PolicyResult>> taken = new LinkedHashMap<>();
    counts.forEach((key, its) -> {
      if (key.day.isBefore(day)) {
        taken.computeIfAbsent(key.day, d -> new ArrayList<>()).add(result(key.policy, its));
      }
    });
    counts.keySet().removeIf(key -> key.day.isBefore(day));
    return taken;
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
