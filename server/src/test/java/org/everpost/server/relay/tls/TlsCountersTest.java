package org.everpost.server.relay.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import org.everpost.core.tlsrpt.TlsResults.Count;
import org.everpost.server.relay.StillClock;
import org.everpost.server.relay.tls.TlsReports.Policy;
import org.everpost.server.relay.tls.TlsReports.Session;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.tlsrpt.TlsReport.Failure;
import org.everpost.wire.tlsrpt.TlsReport.PolicyResult;
import org.everpost.wire.tlsrpt.TlsReport.PolicyType;
import org.everpost.wire.tlsrpt.TlsReport.ResultType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is counted for the reports of RFC 8460. */
class TlsCountersTest {

  private final StillClock clock = new StillClock();
  private final TlsCounters counters = new TlsCounters(clock);

  private static Policy policy(String domain) {
    DomainName its = DomainName.of(domain);
    return new Policy(PolicyType.NO_POLICY_FOUND, List.of(), its, its, List.of());
  }

  private void count(Policy policy, @Nullable ResultType failure, String host) {
    counters.count(new Session(policy, failure, host, "127.0.0.1", "127.0.0.2"));
  }

  private LocalDate today() {
    return clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
  }

  private static Count find(List<Count> counts, LocalDate day, String domain) {
    return counts.stream()
        .filter(c -> c.day().equals(day) && c.result().domain().ascii().equals(domain))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void daysAndPoliciesAreCountedApart() {
    Policy one = policy("one.test");
    count(one, null, "a");
    count(one, null, "b");
    count(one, ResultType.CERTIFICATE_EXPIRED, "a");
    count(one, ResultType.CERTIFICATE_EXPIRED, "a");
    count(one, ResultType.CERTIFICATE_EXPIRED, "b");
    count(policy("two.test"), null, "a");
    LocalDate first = today();
    clock.advance(Duration.ofDays(1));
    count(one, null, "a");
    List<Count> all = counters.changed();
    assertThat(all).hasSize(3);
    assertThat(all.stream().map(Count::number)).doesNotHaveDuplicates();
    PolicyResult summary = find(all, first, "one.test").result();
    assertThat(summary.successes()).isEqualTo(2);
    assertThat(summary.failures()).isEqualTo(3);
    assertThat(summary.details().stream().map(Failure::sessions)).containsExactlyInAnyOrder(2L, 1L);
    assertThat(find(all, today(), "one.test").result().successes()).isEqualTo(1);
  }

  @Test
  void whatWasWrittenIsToldAgainOnlyWhenItIsOther() {
    Policy one = policy("one.test");
    count(one, null, "a");
    count(policy("two.test"), null, "a");
    List<Count> before = counters.changed();
    count(one, null, "a"); // while those are written
    assertThat(counters.changed()).as("as long as it is not written").hasSize(2);
    counters.written(before, today());
    List<Count> after = counters.changed();
    assertThat(after).hasSize(1);
    assertThat(after.getFirst().result().successes()).isEqualTo(2);
    assertThat(after.getFirst().number()).isEqualTo(find(before, today(), "one.test").number());
    counters.written(after, today());
    assertThat(counters.changed()).isEmpty();
    count(one, ResultType.CERTIFICATE_EXPIRED, "a");
    assertThat(counters.changed()).hasSize(1);
  }

  @Test
  void whatIsCountedIsBounded() {
    Policy one = policy("one.test");
    for (int i = 0; i < 1_000; i++) {
      count(one, ResultType.VALIDATION_FAILURE, "h" + i);
    }
    for (int i = 0; i < 30_000; i++) {
      count(policy("d" + i + ".test"), null, "a");
    }
    List<Count> all = counters.changed();
    assertThat(all).hasSize(20_000);
    assertThat(find(all, today(), "one.test").result().failures()).isEqualTo(1_000);
    assertThat(find(all, today(), "one.test").result().details()).hasSize(100);
    // A day that is over and written makes room.
    clock.advance(Duration.ofDays(1));
    count(policy("new.test"), null, "a");
    assertThat(counters.changed()).hasSize(20_000);
    counters.written(all, today());
    count(policy("new.test"), null, "a");
    assertThat(counters.changed()).hasSize(1);
  }

  @Test
  void longPoliciesAreFewer() {
    for (int i = 0; i < 1_000; i++) {
      DomainName its = DomainName.of("d" + i + ".test");
      List<String> hosts = Collections.nCopies(500, "x".repeat(150));
      count(new Policy(PolicyType.STS, hosts, its, its, hosts), null, "a");
    }
    List<Count> all = counters.changed();
    assertThat(all).hasSizeBetween(100, 200);
    clock.advance(Duration.ofDays(1));
    counters.written(all, today());
    count(policy("new.test"), null, "a");
    assertThat(counters.changed()).as("there is room again").hasSize(1);
  }

  /** The failures are counted all the same. */
  @Test
  void failuresInManyWaysAreToldOfFewerPolicies() {
    for (int i = 0; i < 5_000; i++) {
      Policy its = policy("d" + i + ".test");
      for (int j = 0; j < 60; j++) {
        count(its, ResultType.VALIDATION_FAILURE, "h" + j + "." + "x".repeat(200));
      }
    }
    List<Count> all = counters.changed();
    assertThat(all).hasSize(5_000).allMatch(count -> count.result().failures() == 60);
    assertThat(all.stream().mapToInt(count -> count.result().details().size()).sum())
        .isBetween(50_000, 100_000);
    clock.advance(Duration.ofDays(1));
    counters.written(all, today());
    count(policy("new.test"), ResultType.VALIDATION_FAILURE, "a");
    assertThat(counters.changed())
        .as("there is room again")
        .singleElement()
        .matches(count -> count.result().details().size() == 1);
  }
}
