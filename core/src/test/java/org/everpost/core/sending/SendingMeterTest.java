package org.everpost.core.sending;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.everpost.core.cluster.NodeId;
import org.everpost.core.cluster.Nodes;
import org.everpost.core.config.Config;
import org.everpost.core.directory.AccountDetails;
import org.everpost.core.directory.AccountSettings;
import org.everpost.core.time.ManualClock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.memory.MemoryStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SendingMeterTest {

  private static final NodeId NODE = new NodeId("aaaaaaaaaaaaaaaa");
  private static final NodeId OTHER = new NodeId("bbbbbbbbbbbbbbbb");
  private static final Config.Sending LIMITS = new Config.Sending(5, 20, 12, 40, 0, false);

  private final ManualClock clock = new ManualClock();
  private final MemoryStore store = new MemoryStore(clock, RandomSource.seeded(1));
  private final AccountDetails alice = SendingRulesTest.account(AccountSettings.NEW);

  @AfterEach
  void close() {
    store.close();
  }

  private SendingMeter meter() {
    return meter(LIMITS);
  }

  private SendingMeter meter(Config.Sending limits) {
    return meter(limits, NODE);
  }

  private SendingMeter meter(Config.Sending limits, NodeId node) {
    Nodes nodes = new Nodes(node, () -> List.of(NODE, OTHER), clock);
    return new SendingMeter(store.hints(), SendingRules.of(limits), nodes, clock);
  }

  private void send(SendingMeter meter, int messages, int recipients) {
    for (int i = 0; i < messages; i++) {
      assertThat(meter.excess(alice, recipients)).isNull();
      assertThat(meter.count(alice, recipients)).isNull();
    }
  }

  private void expect(@Nullable Excess excess, Measure measure, Duration within) {
    Excess its = Objects.requireNonNull(excess);
    assertThat(its.measure()).isEqualTo(measure);
    assertThat(Duration.between(clock.instant(), its.until()))
        .isGreaterThan(Duration.ZERO)
        .isLessThanOrEqualTo(within);
  }

  @Test
  void soManyMessagesAnHour() {
    SendingMeter meter = meter();
    send(meter, 5, 1);
    expect(meter.excess(alice, 1), Measure.MESSAGES_PER_HOUR, Duration.ofMinutes(65));
    expect(meter.count(alice, 1), Measure.MESSAGES_PER_HOUR, Duration.ofMinutes(65));
    clock.advance(Duration.ofMinutes(66));
    send(meter, 5, 1);
  }

  @Test
  void itGoesOnWhenItSaid() {
    SendingMeter meter = meter();
    send(meter, 2, 1);
    clock.advance(Duration.ofMinutes(30));
    send(meter, 3, 1);
    Excess excess = Objects.requireNonNull(meter.excess(alice, 1));
    clock.advance(Duration.between(clock.instant(), excess.until()).minusMillis(1));
    assertThat(meter.excess(alice, 1)).isNotNull();
    clock.advance(Duration.ofMillis(1));
    send(meter, 2, 1);
    assertThat(meter.excess(alice, 1)).isNotNull();
  }

  @Test
  void soManyRecipientsAnHour() {
    SendingMeter meter = meter();
    send(meter, 1, 15);
    assertThat(meter.excess(alice, 5)).isNull();
    expect(meter.excess(alice, 6), Measure.RECIPIENTS_PER_HOUR, Duration.ofMinutes(65));
    send(meter, 1, 5);
    expect(meter.count(alice, 1), Measure.RECIPIENTS_PER_HOUR, Duration.ofMinutes(65));
  }

  @Test
  void soManyADay() {
    SendingMeter meter = meter();
    send(meter, 5, 1);
    clock.advance(Duration.ofHours(2));
    send(meter, 5, 1);
    clock.advance(Duration.ofHours(2));
    send(meter, 2, 1);
    Duration rest = Duration.ofHours(21);
    expect(meter.excess(alice, 1), Measure.MESSAGES_PER_DAY, rest);
    clock.advance(rest);
    send(meter, 5, 1);
    clock.advance(Duration.ofDays(2));
    send(meter, 2, 20 / 2);
    clock.advance(Duration.ofHours(2));
    send(meter, 2, 20 / 2);
    clock.advance(Duration.ofHours(2));
    expect(meter.excess(alice, 1), Measure.RECIPIENTS_PER_DAY, Duration.ofHours(22));
  }

  @Test
  void whatIsNotAcceptedDoesNotCount() {
    SendingMeter meter = meter();
    send(meter, 5, 4);
    meter.takeBack(alice, 4);
    send(meter, 1, 4);
    assertThat(meter.excess(alice, 1)).isNotNull();
  }

  @Test
  void itIsKnownAfterARestart() {
    send(meter(), 5, 1);
    assertThat(meter().excess(alice, 1)).isNotNull();
    clock.advance(Duration.ofDays(2));
    send(meter(), 5, 1);
  }

  @Test
  void whatAnotherNodeAcceptedIsKnownTwoSecondsLater() {
    SendingMeter one = meter();
    SendingMeter other = meter(LIMITS, OTHER);
    assertThat(other.excess(alice, 1)).isNull();
    send(one, 4, 1);
    clock.advance(Duration.ofSeconds(3));
    send(other, 1, 1);
    assertThat(other.excess(alice, 1)).isNotNull();
    clock.advance(Duration.ofSeconds(3));
    assertThat(one.excess(alice, 1)).isNotNull();
  }

  /** Each counts its own, and they are added: the larger of both would be half of it. */
  @Test
  void whatGoesThroughTwoNodesByTurnsCountsAsOne() {
    SendingMeter one = meter();
    SendingMeter other = meter(LIMITS, OTHER);
    for (int i = 0; i < 2; i++) {
      send(one, 1, 1);
      send(other, 1, 1);
      clock.advance(Duration.ofSeconds(3));
    }
    send(one, 1, 1);
    assertThat(one.count(alice, 1)).isNotNull();
    clock.advance(Duration.ofSeconds(3));
    assertThat(other.count(alice, 1)).isNotNull();
    SendingMeter again = meter();
    assertThat(again.count(alice, 1)).isNotNull();
  }

  /** As docs/operations.md has it: what the other nodes take in two seconds, and not more. */
  @Test
  void nobodyGetsMoreThanTwoSecondsOfTheOtherNodesBeyondALimit() {
    Config.Sending limits = new Config.Sending(100, 0, 0, 0, 0, false);
    List<SendingMeter> meters = List.of(meter(limits), meter(limits, OTHER));
    int sent = 0;
    for (int tenths = 0; tenths < 300; tenths++) {
      for (SendingMeter meter : meters) {
        sent += meter.count(alice, 1) == null ? 1 : 0;
      }
      clock.advance(Duration.ofMillis(100));
    }
    assertThat(sent).isBetween(100, 100 + 2 * 21);
  }

  @Test
  void aNodeThatDiedStillCounts() {
    List<NodeId> there = new ArrayList<>(List.of(NODE, OTHER));
    SendingMeter meter =
        new SendingMeter(
            store.hints(),
            SendingRules.of(LIMITS),
            new Nodes(NODE, () -> List.copyOf(there), clock),
            clock);
    assertThat(meter.excess(alice, 1)).isNull();
    send(meter(LIMITS, OTHER), 5, 1);
    there.remove(OTHER);
    clock.advance(Duration.ofSeconds(3));
    assertThat(meter.excess(alice, 1)).isNotNull();
  }

  /** All that this node has counted was long ago, by the clock of the other. */
  @Test
  void aNodeWhoseClockIsAheadDoesNotEndTheLimit() {
    SendingMeter meter = meter();
    send(meter, 5, 1);
    clock.wallClock(Duration.ofHours(3));
    send(meter(LIMITS, OTHER), 1, 1);
    clock.wallClock(Duration.ofHours(-3));
    clock.advance(Duration.ofSeconds(3));
    assertThat(meter.excess(alice, 1)).isNotNull();
    assertThat(meter().excess(alice, 1)).isNotNull();
  }

  @Test
  void aHintThatCannotBeReadIsNothing() {
    byte[] key = (alice.account().id().value() + "/" + NODE).getBytes(StandardCharsets.US_ASCII);
    for (int octets : new int[] {0, 1, 400, 4_000}) {
      store.hints().put("sending", key, new byte[octets], Duration.ofDays(1));
      assertThat(meter().excess(alice, 1)).isNull();
    }
  }

  @Test
  void manySessionsAtOnceDoNotGetMore() throws Exception {
    SendingMeter meter = meter(new Config.Sending(100, 0, 0, 0, 0, false));
    List<Future<Integer>> senders;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      senders =
          threads.invokeAll(
              Collections.nCopies(
                  20,
                  () -> {
                    int sent = 0;
                    for (int i = 0; i < 50; i++) {
                      sent += meter.count(alice, 1) == null ? 1 : 0;
                    }
                    return sent;
                  }));
    }
    int sum = 0;
    for (Future<Integer> sender : senders) {
      sum += sender.get();
    }
    assertThat(sum).isEqualTo(100);
  }

  @Test
  void whoGoesOnAllTheSameIsReportedOnceAnHour() {
    SendingMeter meter = meter();
    for (int hour = 0; hour < 3; hour++) {
      int reported = 0;
      for (int i = 1; i <= 3 * SendingMeter.LEAST_MARGIN; i++) {
        boolean flood = meter.refused(alice);
        assertThat(flood).isEqualTo(i == SendingMeter.LEAST_MARGIN);
        reported += flood ? 1 : 0;
      }
      assertThat(reported).isEqualTo(1);
      clock.advance(Duration.ofMinutes(70));
    }
    SendingMeter generous = meter(new Config.Sending(100, 0, 0, 0, 0, false));
    for (int i = 1; i < 100; i++) {
      assertThat(generous.refused(alice)).isFalse();
    }
    assertThat(generous.refused(alice)).isTrue();
  }

  @Test
  void whoTriesNowAndThenIsNotReported() {
    SendingMeter meter = meter();
    for (int i = 0; i < 200; i++) {
      assertThat(meter.refused(alice)).isFalse();
      clock.advance(Duration.ofMinutes(5));
    }
  }
}
