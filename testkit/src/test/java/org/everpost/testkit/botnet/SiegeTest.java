package org.everpost.testkit.botnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.everpost.testkit.botnet.Journal.Entry;
import org.everpost.testkit.botnet.Journal.Outcome;
import org.everpost.testkit.botnet.Journal.Series;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the honest experience is written down, and comes to the right figures. */
class SiegeTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final StandInServer server = new StandInServer();

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private Target target() {
    Target both = server.target();
    return new Target(
        Map.of(Service.SMTP, both.address(Service.SMTP).getPort()),
        both.mailboxes(),
        both.password());
  }

  @Test
  void aServerThatTakesEverythingHasGoodFigures() {
    Flood flood = Flood.of(target(), 50, Map.of(Behaviour.PATIENT, 1));
    Siege.Result result =
        new Siege(
                "test",
                target(),
                Optional.of(flood),
                Optional.of(flood),
                SECOND.multipliedBy(2),
                SECOND,
                SECOND.multipliedBy(3),
                SECOND,
                SECOND,
                Optional.of("true"),
                ProcessHandle.current().pid(),
                () -> 0)
            .run(_ -> {});
    Map<String, Double> figures = result.figures();
    assertThat(result.introduced()).isTrue();
    assertThat(figures)
        .containsEntry("known.flood.first", 1.0)
        .containsEntry("newcomer.flood.first", 1.0)
        .containsEntry("shell.flood.first", 1.0)
        .containsEntry("connected.quiet", 0.0)
        .containsEntry("connected.flood", 50.0)
        .containsEntry("served.flood", 50.0);
    assertThat(figures.get("known.flood.count")).isBetween(12.0, 17.0);
    assertThat(figures.get("known.flood.p99")).isPositive();
    assertThat(figures.get("resident.flood")).isPositive();
    assertThat(Chronicle.parse(result.chronicle().lines())).isEqualTo(result.chronicle());
  }

  /** What senders experience until so much is written down. */
  private List<Entry> entries(int atLeast) {
    Journal journal = new Journal();
    try (HonestSenders senders = new HonestSenders(target(), journal, Duration.ofMillis(50))) {
      senders.begin();
      StandInServer.await(() -> journal.entries().size() >= atLeast, "entries");
    }
    return journal.entries();
  }

  @Test
  void whatIsDeferredIsTriedAgainFromTheSameAddressButNotForEver() {
    server.rcpt("450 4.7.1 later");
    List<Entry> entries = entries(12);
    assertThat(entries).allMatch(e -> e.outcome() == Outcome.DEFERRED && e.attempt() <= 3);
    assertThat(entries)
        .filteredOn(e -> e.series() == Series.NEWCOMER && e.number() == 0)
        .extracting(Entry::attempt)
        .containsExactly(1, 2, 3);
    String newcomer = Networks.NEWCOMERS.address(0).getHostAddress();
    assertThat(server.visits()).filteredOn(visit -> visit.from.equals(newcomer)).hasSize(3);
  }

  @Test
  void whatIsRefusedIsNotTriedAgain() {
    server.rcpt("550 5.7.1 never");
    assertThat(entries(4)).allMatch(e -> e.outcome() == Outcome.REFUSED && e.attempt() == 1);
  }

  @Test
  void whoIsNotTakenIsNotKnown() {
    server.rcpt("450 4.7.1 later");
    try (HonestSenders senders = new HonestSenders(target(), new Journal(), Duration.ofMillis(1))) {
      assertThat(senders.introduce()).isFalse();
      server.rcpt("250 2.1.5 Ok");
      assertThat(senders.introduce()).isTrue();
    }
  }

  @Test
  void quantilesAreExact() {
    List<Long> values = List.of(5L, 1L, 4L, 2L, 3L);
    assertThat(Quantile.of(values, 0.5)).isEqualTo(3);
    assertThat(Quantile.of(values, 0.99)).isEqualTo(5);
    assertThat(Quantile.of(List.of(), 0.5)).isZero();
  }
}
