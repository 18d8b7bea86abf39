package org.everpost.server.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.StillClock;
import org.junit.jupiter.api.Test;

/** Counting who came lately in little memory. */
class ArrivalsTest {

  private static final Duration HALF_LIFE = Duration.ofSeconds(10);

  private final StillClock clock = new StillClock();
  private final Arrivals arrivals = new Arrivals(HALF_LIFE, clock, RandomSource.seeded(3));

  @Test
  void whatNeverCameIsNotCounted() {
    assertThat(arrivals.count(7)).isZero();
  }

  @Test
  void eachArrivalCountsOne() {
    for (int i = 1; i <= 5; i++) {
      arrivals.add(7);
      assertThat(arrivals.count(7)).isEqualTo(i);
    }
    assertThat(arrivals.count(8)).isZero();
  }

  @Test
  void countsHalveEveryHalfLife() {
    for (int i = 0; i < 8; i++) {
      arrivals.add(7);
    }
    clock.advance(HALF_LIFE);
    assertThat(arrivals.count(7)).isCloseTo(4, within(0.001f));
    arrivals.add(7);
    assertThat(arrivals.count(7)).isCloseTo(5, within(0.001f));
    clock.advance(HALF_LIFE.multipliedBy(2));
    assertThat(arrivals.count(7)).isCloseTo(1.25f, within(0.001f));
    clock.advance(Duration.ofDays(30));
    assertThat(arrivals.count(7)).isZero();
  }

  @Test
  void itNeverCountsTooLittleAndSeldomTooMuch() {
    Random random = new Random(4);
    Map<Long, Integer> exact = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      long what = (long) (Math.abs(random.nextGaussian()) * 20_000);
      arrivals.add(what);
      exact.merge(what, 1, Integer::sum);
    }
    int wrong = 0;
    for (Map.Entry<Long, Integer> entry : exact.entrySet()) {
      float counted = arrivals.count(entry.getKey());
      assertThat(counted).isGreaterThanOrEqualTo(entry.getValue());
      wrong += counted > entry.getValue() + 1 ? 1 : 0;
    }
    assertThat(wrong).isLessThan(exact.size() / 50);
  }

  @Test
  void whatDecaysIsNotCountedTooLittleEither() {
    Random random = new Random(5);
    Map<Long, Double> exact = new HashMap<>();
    double perTick = Math.pow(0.5, 0.1 / HALF_LIFE.toSeconds());
    for (int tick = 0; tick < 200; tick++) {
      exact.replaceAll((_, count) -> count * perTick);
      for (int i = 0; i < 200; i++) {
        long what = random.nextLong(3_000);
        arrivals.add(what);
        exact.merge(what, 1.0, Double::sum);
      }
      clock.advance(Duration.ofMillis(100));
    }
    exact.replaceAll((_, count) -> count * perTick);
    exact.forEach(
        (what, count) -> assertThat((double) arrivals.count(what)).isGreaterThan(count - 0.01));
  }
}
