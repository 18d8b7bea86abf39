package org.everpost.core.tlsrpt;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.commit.OptimisticCommit.Decision;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.KeyRange;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.tlsrpt.TlsReport.Failure;
import org.everpost.wire.tlsrpt.TlsReport.PolicyResult;
import org.everpost.wire.tlsrpt.TlsReport.PolicyType;

/** What all nodes have counted and nobody has reported yet. Safe for any number of threads. */
public final class TlsResults {

  /** So much is put by one commit. */
  private static final int BATCH = 1_000;

  private static final int BATCH_OCTETS = 1 << 20;

  /** Of one domain and day; what more there is stays out of the report. */
  private static final int MAX_ROWS = 200;

  private static final int MAX_POLICIES = 20;
  private static final int MAX_FAILURES = 100;

  private final Ledger ledger;
  private final OptimisticCommit commits;
  private final long process;

  /**
   * @param process a random number of this process
   */
  public TlsResults(Ledger ledger, long process, Clock clock, RandomSource random) {
    this.ledger = Objects.requireNonNull(ledger, "ledger");
    this.commits = new OptimisticCommit(ledger, clock, random);
    this.process = process;
  }

  /**
   * What this process has counted for a policy on a day so far.
   *
   * @param number of the policy and day, in this process
   * @param told the domain that is to know; the policy may be that of a server
   */
  public record Count(LocalDate day, int number, DomainName told, PolicyResult result) {
    public Count {
      Objects.requireNonNull(day, "day");
      Objects.requireNonNull(told, "told");
      Objects.requireNonNull(result, "result");
    }
  }

  /** Writes counts in place of what was written of them before. */
  public void write(List<Count> counts) {
    List<Mutation> puts = new ArrayList<>();
    int octets = 0;
    for (Count count : counts) {
      byte[] key = TlsResultRow.result(count.day(), count.told(), process, count.number());
      byte[] row = TlsResultRow.encode(count.result());
      octets += key.length + row.length;
      puts.add(new Mutation.Put(key, row));
      if (puts.size() == BATCH || octets >= BATCH_OCTETS) {
        commit(puts);
        puts.clear();
        octets = 0;
      }
    }
    if (!puts.isEmpty()) {
      commit(puts);
    }
  }

  private void commit(List<Mutation> mutations) {
    boolean _ = commits.change(TlsResultRow.PARTITION, _ -> new Decision<>(mutations, true));
  }

  /** The domains of a day with results, each read when it is come to. */
  public Stream<DomainName> domains(LocalDate day) {
    return Stream.iterate(
            next(day, Optional.empty()), Optional::isPresent, domain -> next(day, domain))
        .flatMap(Optional::stream);
  }

  private Optional<DomainName> next(LocalDate day, Optional<DomainName> behind) {
    KeyRange range =
        behind.isEmpty()
            ? TlsResultRow.results(day)
            : TlsResultRow.resultsBehind(day, behind.get());
    return ledger.read(TlsResultRow.PARTITION).scan(range, 1, Direction.ASCENDING).stream()
        .findFirst()
        .map(row -> TlsResultRow.domain(row.key()));
  }

  /**
   * Takes what is to be reported to a domain: nobody else gets it from now on.
   *
   * @return nothing if it was taken already
   */
  public List<PolicyResult> take(LocalDate day, DomainName domain) {
    return commits.change(TlsResultRow.PARTITION, view -> decide(view, day, domain));
  }

  private static Decision<List<PolicyResult>> decide(
      PartitionView view, LocalDate day, DomainName domain) {
    byte[] reported = TlsResultRow.reported(day, domain);
    if (view.get(reported) != null) {
      return Decision.nothing(List.of());
    }
    KeyRange its = TlsResultRow.results(day, domain);
    List<PolicyResult> results = merged(domain, view.scan(its, MAX_ROWS, Direction.ASCENDING));
    return new Decision<>(
        List.of(new Mutation.Put(reported, TlsResultRow.there()), new Mutation.DeleteRange(its)),
        results);
  }

  private record Policy(
      PolicyType type, DomainName domain, List<String> policy, List<String> mxHosts) {}

  /** What several processes have counted, and one under several numbers, by policy. */
  private static List<PolicyResult> merged(DomainName domain, List<Row> rows) {
    Map<Policy, PolicyResult> merged = new LinkedHashMap<>();
    for (Row row : rows) {
      PolicyResult result = TlsResultRow.decode(domain, row.value());
      Policy policy = new Policy(result.type(), result.domain(), result.policy(), result.mxHosts());
      if (merged.size() < MAX_POLICIES || merged.containsKey(policy)) {
        merged.merge(policy, result, TlsResults::sum);
      }
    }
    return List.copyOf(merged.values());
  }

  private static PolicyResult sum(PolicyResult a, PolicyResult b) {
    Map<Failure, Failure> details = new LinkedHashMap<>();
    for (List<Failure> some : List.of(a.details(), b.details())) {
      for (Failure failure : some) {
        Failure kind = withSessions(failure, 0);
        if (details.size() < MAX_FAILURES || details.containsKey(kind)) {
          details.merge(kind, failure, (x, y) -> withSessions(kind, x.sessions() + y.sessions()));
        }
      }
    }
    return new PolicyResult(
        a.type(),
        a.domain(),
        a.policy(),
        a.mxHosts(),
        a.successes() + b.successes(),
        a.failures() + b.failures(),
        List.copyOf(details.values()));
  }

  private static Failure withSessions(Failure failure, long sessions) {
    return new Failure(
        failure.type(),
        failure.sendingIp(),
        failure.receivingHost(),
        failure.receivingIp(),
        sessions,
        failure.reason());
  }

  /** Whether all of a day is reported. */
  public boolean isFinished(LocalDate day) {
    return ledger.read(TlsResultRow.PARTITION).get(TlsResultRow.finished(day)) != null;
  }

  /**
   * All of a day is reported; what is left of it, too late or of no use, is not looked at again.
   */
  public void finish(LocalDate day) {
    commit(
        List.of(
            new Mutation.DeleteRange(TlsResultRow.reported(day)),
            new Mutation.DeleteRange(TlsResultRow.results(day)),
            new Mutation.Put(TlsResultRow.finished(day), TlsResultRow.there())));
  }

  /** Deletes all that is known of the days before one. */
  public void forgetBefore(LocalDate day) {
    KeyRange old = TlsResultRow.before(day);
    if (!ledger.read(TlsResultRow.PARTITION).scan(old, 1, Direction.ASCENDING).isEmpty()) {
      commit(List.of(new Mutation.DeleteRange(old)));
    }
  }
}
