package org.everpost.server.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.everpost.server.relay.StillClock;
import org.junit.jupiter.api.Test;

/** One figure for how hard it is. */
class PressureTest {

  private double places;
  private double memory;
  private long storeNanos;
  private final Pressure pressure =
      new Pressure(new StillClock(), () -> places, () -> memory, () -> storeNanos);

  private void ticks(int count) {
    lateTicks(count, 0);
  }

  private void lateTicks(int count, long lateNanos) {
    for (int i = 0; i < count; i++) {
      pressure.measure(lateNanos);
    }
  }

  @Test
  void allIsQuiet() {
    places = 0.5;
    memory = 0.8;
    storeNanos = Duration.ofMillis(100).toNanos();
    lateTicks(300, Duration.ofMillis(30).toNanos());
    assertThat(pressure.figure()).isZero();
  }

  @Test
  void itRisesWithinASecondAndFallsWithinTen() {
    places = 1;
    ticks(1);
    assertThat(pressure.figure()).isBetween(0.1, 0.3);
    ticks(9);
    assertThat(pressure.figure()).isGreaterThan(0.85);
    ticks(20);
    assertThat(pressure.figure()).isGreaterThan(0.99);
    places = 0;
    ticks(10);
    assertThat(pressure.figure()).as("after a second").isGreaterThan(0.7);
    ticks(90);
    assertThat(pressure.figure()).as("after ten").isLessThan(0.1);
  }

  @Test
  void itDoesNotSwingWhereWhatIsMeasuredDoes() {
    for (int i = 0; i < 600; i++) {
      places = i % 20 < 10 ? 1 : 0;
      double before = pressure.figure();
      ticks(1);
      if (i > 100) {
        assertThat(pressure.figure() - before).isGreaterThan(-0.04);
        assertThat(pressure.figure()).isGreaterThan(0.5);
      }
    }
  }

  @Test
  void takenPlacesCountFromTheHalf() {
    places = 0.75;
    ticks(1);
    assertThat(pressure.parts().places()).isCloseTo(0.5, within(0.001));
    ticks(60);
    assertThat(pressure.figure()).isCloseTo(0.5, within(0.01));
    places = 7;
    ticks(60);
    assertThat(pressure.figure()).isBetween(0.99, 1.0);
  }

  @Test
  void takenPlacesOnPort25CountThereAlone() {
    places = 1;
    ticks(100);
    assertThat(pressure.at(Gate.MX)).isGreaterThan(0.99);
    assertThat(pressure.at(Gate.IMAP)).isZero();
    storeNanos = Duration.ofSeconds(3).toNanos();
    ticks(100);
    assertThat(pressure.at(Gate.IMAP)).isGreaterThan(0.99);
  }

  @Test
  void aSlowStoreCounts() {
    storeNanos = Duration.ofMillis(1_550).toNanos();
    ticks(1);
    assertThat(pressure.parts().store()).isCloseTo(0.5, within(0.001));
    storeNanos = Long.MAX_VALUE;
    ticks(1);
    assertThat(pressure.parts().store()).isEqualTo(1);
  }

  @Test
  void whatHappensLateCounts() {
    lateTicks(1, Duration.ofMillis(515).toNanos());
    assertThat(pressure.parts().lateness()).isCloseTo(0.5, within(0.001));
    lateTicks(1, -5);
    assertThat(pressure.parts().lateness()).isZero();
  }

  @Test
  void onlyMemoryThatIsNotFreedForTenSecondsCounts() {
    for (int i = 0; i < 500; i++) {
      memory = i % 50 == 0 ? 0.4 : 0.99;
      ticks(1);
      assertThat(pressure.parts().memory()).isZero();
    }
    memory = 0.97;
    ticks(200);
    assertThat(pressure.parts().memory()).isCloseTo(1, within(0.001));
    memory = 0.4;
    ticks(100);
    assertThat(pressure.parts().memory()).isZero();
  }

  @Test
  void theWorstIsWhatCounts() {
    places = 0.6;
    storeNanos = Duration.ofSeconds(2).toNanos();
    ticks(100);
    assertThat(pressure.figure()).isCloseTo(pressure.parts().store(), within(0.001));
  }

  @Test
  void itMeasuresUntilItIsInterrupted() throws InterruptedException {
    places = 1;
    Thread thread = Thread.ofVirtual().start(pressure);
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (pressure.figure() < 0.99) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
    thread.interrupt();
    assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    assertThat(pressure.parts().lateness()).isZero();
  }
}
