package org.everpost.core.tlsrpt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.everpost.core.time.ManualClock;
import org.everpost.core.time.RandomSource;
import org.everpost.core.tlsrpt.TlsResults.Count;
import org.everpost.store.KeyRange;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.tlsrpt.TlsReport.Failure;
import org.everpost.wire.tlsrpt.TlsReport.PolicyResult;
import org.everpost.wire.tlsrpt.TlsReport.PolicyType;
import org.everpost.wire.tlsrpt.TlsReport.ResultType;
import org.junit.jupiter.api.Test;

class TlsResultsTest {

  static final LocalDate DAY = LocalDate.of(2027, 1, 15);
  private static final LocalDate NEXT = DAY.plusDays(1);

  private final ManualClock clock = new ManualClock();
  private final RandomSource random = RandomSource.seeded(6);
  private final MemoryStore store = new MemoryStore(clock, random);
  private final TlsResults one = process(1);
  private final TlsResults two = process(-2);

  private TlsResults process(long number) {
    return new TlsResults(store.ledger(), number, clock, random);
  }

  static PolicyResult result(String domain, long successes, long failures) {
    Failure failure =
        new Failure(
            ResultType.CERTIFICATE_EXPIRED, "192.0.2.1", "mx." + domain, null, failures, "old");
    return new PolicyResult(
        PolicyType.STS,
        DomainName.of(domain),
        List.of("version: STSv1", "mode: enforce"),
        List.of("*." + domain),
        successes,
        failures,
        failures == 0 ? List.of() : List.of(failure));
  }

  private static Count count(int number, PolicyResult result) {
    return new Count(DAY, number, result.domain(), result);
  }

  private static List<String> domains(TlsResults results, LocalDate day) {
    return results.domains(day).map(DomainName::ascii).toList();
  }

  private static List<PolicyResult> take(TlsResults by, String domain) {
    return by.take(DAY, DomainName.of(domain));
  }

  @Test
  void whatAllHaveCountedIsOne() {
    one.write(List.of(count(0, result("b.test", 1, 1)), count(1, result("a.test", 5, 0))));
    one.write(List.of(count(0, result("b.test", 3, 2)))); // in place of what it was
    two.write(List.of(count(0, result("b.test", 10, 20)), count(7, result("b.test.x.test", 1, 0))));
    process(3).write(List.of(new Count(NEXT, 0, DomainName.of("c.test"), result("c.test", 1, 0))));
    assertThat(domains(one, DAY)).containsExactly("a.test", "b.test", "b.test.x.test");
    assertThat(domains(two, NEXT)).containsExactly("c.test");
    assertThat(take(two, "b.test")).containsExactly(result("b.test", 13, 22));
    assertThat(take(one, "a.test")).containsExactly(result("a.test", 5, 0));
  }

  @Test
  void policiesAndFailuresAreKeptApart() {
    PolicyResult other =
        new PolicyResult(
            PolicyType.NO_POLICY_FOUND,
            DomainName.of("b.test"),
            List.of(),
            List.of(),
            0,
            4,
            List.of(
                new Failure(ResultType.STARTTLS_NOT_SUPPORTED, null, "mx1", null, 3, null),
                new Failure(ResultType.STARTTLS_NOT_SUPPORTED, null, "mx2", null, 1, null)));
    one.write(List.of(count(0, result("b.test", 1, 1)), count(1, other)));
    two.write(List.of(count(1, other)));
    List<PolicyResult> taken = take(two, "b.test");
    assertThat(taken).hasSize(2).contains(result("b.test", 1, 1));
    PolicyResult sum =
        taken.stream().filter(r -> r.type() == other.type()).findFirst().orElseThrow();
    assertThat(sum.failures()).isEqualTo(8);
    assertThat(sum.details().stream().map(Failure::sessions)).containsExactly(6L, 2L);
  }

  /** Those of two servers, with the same records. */
  @Test
  void policiesOfServersAreToldToTheDomainTheyServe() {
    List<PolicyResult> results = new ArrayList<>();
    for (String host : List.of("mx1.b.test", "mx2.provider.test")) {
      results.add(
          new PolicyResult(
              PolicyType.TLSA,
              DomainName.of(host),
              List.of("3 1 1 00"),
              List.of(),
              1,
              0,
              List.of()));
    }
    DomainName told = DomainName.of("b.test");
    one.write(
        List.of(
            new Count(DAY, 0, told, results.getFirst()),
            new Count(DAY, 1, told, results.getLast())));
    assertThat(domains(one, DAY)).containsExactly("b.test");
    assertThat(take(one, "b.test")).isEqualTo(results);
  }

  @Test
  void onlyOneGetsItAndOnlyOnce() {
    one.write(List.of(count(0, result("b.test", 1, 0))));
    assertThat(take(one, "b.test")).hasSize(1);
    assertThat(take(two, "b.test")).isEmpty();
    two.write(List.of(count(0, result("b.test", 1, 0)))); // it comes too late
    assertThat(take(one, "b.test")).isEmpty();
  }

  @Test
  void whatIsOverIsForgotten() {
    one.write(List.of(count(0, result("a.test", 1, 0)), count(1, result("b.test", 1, 0))));
    assertThat(take(one, "a.test")).hasSize(1);
    assertThat(one.isFinished(DAY)).isFalse();
    one.finish(DAY);
    assertThat(two.isFinished(DAY)).isTrue();
    assertThat(domains(two, DAY)).isEmpty();
    one.forgetBefore(DAY);
    assertThat(two.isFinished(DAY)).isTrue();
    one.forgetBefore(NEXT.plusDays(1));
    assertThat(
            store.ledger().read(TlsResultRow.PARTITION).scan(KeyRange.ALL, 10, Direction.ASCENDING))
        .isEmpty();
    long version = store.ledger().read(TlsResultRow.PARTITION).version();
    one.forgetBefore(NEXT.plusDays(1));
    assertThat(store.ledger().read(TlsResultRow.PARTITION).version()).isEqualTo(version);
  }

  /** More than one commit takes, of the largest there are. */
  @Test
  void howeverMuchThereIs() {
    List<Count> counts = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      counts.add(count(i, result("d" + i + ".test", 1, 0)));
    }
    for (int i = 0; i < 20; i++) {
      PolicyResult large =
          new PolicyResult(
              PolicyType.STS,
              DomainName.of("large" + i + ".test"),
              List.of("x".repeat(300_000)),
              List.of(),
              1,
              0,
              List.of());
      counts.add(count(10_000 + i, large));
    }
    one.write(counts);
    assertThat(domains(one, DAY)).hasSize(2_520);
    assertThat(take(one, "large3.test").getFirst().policy().getFirst()).hasSize(300_000);
  }
}
