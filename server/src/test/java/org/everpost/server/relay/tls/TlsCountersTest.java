package org.everpost.server.relay.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
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
    return new Policy(PolicyType.NO_POLICY_FOUND, List.of(), DomainName.of(domain), List.of());
  }

  private void count(Policy policy, @Nullable ResultType failure, String host) {
    counters.count(new Session(policy, failure, host, "127.0.0.1", "127.0.0.2"));
  }

  private LocalDate today() {
    return clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
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
    assertThat(counters.takeBefore(first)).isEmpty();
    var taken = counters.takeBefore(today());
    assertThat(taken).containsOnlyKeys(first);
    assertThat(taken.get(first)).hasSize(2);
    PolicyResult summary = taken.get(first).getFirst();
    assertThat(summary.domain()).isEqualTo(one.domain());
    assertThat(summary.successes()).isEqualTo(2);
    assertThat(summary.failures()).isEqualTo(3);
    assertThat(summary.details().stream().map(Failure::sessions)).containsExactlyInAnyOrder(2L, 1L);
    assertThat(counters.takeBefore(today())).as("it is taken once").isEmpty();
    clock.advance(Duration.ofDays(1));
    assertThat(counters.takeBefore(today()).values().iterator().next()).hasSize(1);
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
    LocalDate day = today();
    clock.advance(Duration.ofDays(1));
    List<PolicyResult> all = counters.takeBefore(today()).get(day);
    assertThat(all).hasSize(20_000);
    assertThat(all.getFirst().failures()).isEqualTo(1_000);
    assertThat(all.getFirst().details()).hasSize(100);
  }
}
