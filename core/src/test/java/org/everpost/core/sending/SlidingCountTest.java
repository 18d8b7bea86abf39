package org.everpost.core.sending;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SlidingCountTest {

  private static final Duration STEP = Duration.ofMinutes(5);
  private static final int STEPS = 12;
  private static final long WINDOW = STEP.toMillis() * STEPS;
  private static final SlidingCount NOTHING = SlidingCount.nothing(STEP, STEPS);

  private record Happened(long at, int times) {}

  /** Never less than what happened in the last hour, never more than in an hour and a step. */
  @Test
  void itCountsTheLastHour() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      SlidingCount count = NOTHING;
      List<Happened> all = new ArrayList<>();
      long now = 1_800_000_000_000L;
      for (int i = 0; i < 200; i++) {
        now += random.nextInt(random.nextInt(20) == 0 ? 7_200_000 : 400_000);
        Happened next = new Happened(now, random.nextInt(10));
        all.add(next);
        count = count.plus(next.times(), now);
        assertThat(count.sum(now))
            .as("seed %d, step %d", seed, i)
            .isBetween(since(all, now - WINDOW), since(all, now - WINDOW - STEP.toMillis()));
        long later = now + random.nextInt(4_000_000);
        assertThat(count.sum(later))
            .isBetween(since(all, later - WINDOW), since(all, later - WINDOW - STEP.toMillis()));
      }
    }
  }

  private static int since(List<Happened> all, long from) {
    return all.stream().filter(h -> h.at() > from).mapToInt(Happened::times).sum();
  }

  /** There is room exactly from the moment that is told. */
  @Test
  void itKnowsWhenThereIsRoom() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      SlidingCount count = NOTHING;
      long now = 1_800_000_000_000L;
      for (int i = 0; i < 50; i++) {
        now += random.nextInt(400_000);
        count = count.plus(random.nextInt(10), now);
        int limit = 1 + random.nextInt(50);
        int more = 1 + random.nextInt(limit);
        long at = count.roomAt(limit, more, now);
        assertThat(count.sum(at) + more).as("seed %d", seed).isLessThanOrEqualTo(limit);
        assertThat(at).isBetween(now, now + WINDOW + STEP.toMillis());
        if (at > now) {
          assertThat(count.sum(at - 1) + more).as("seed %d", seed).isGreaterThan(limit);
        }
      }
    }
  }

  @Test
  void moreThanTheLimitHasNeverRoomAndIsToldTheTimeWhenAllHasEnded() {
    assertThat(NOTHING.roomAt(5, 6, 0)).isEqualTo(WINDOW + STEP.toMillis());
  }

  @Test
  void whatIsTakenBackIsNotCountedAndNothingIsLessThanNothing() {
    assertThat(NOTHING.plus(5, 0).plus(-2, 1).sum(2)).isEqualTo(3);
    assertThat(NOTHING.plus(1, 0).plus(-2, 1).sum(2)).isZero();
    assertThat(NOTHING.plus(Integer.MAX_VALUE, 0).plus(9, 0).sum(0)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void whatTwoNodesHaveCountedIsAdded() {
    long now = 1_800_000_000_000L;
    SlidingCount one = NOTHING.plus(3, now).plus(4, now + STEP.toMillis());
    SlidingCount other = NOTHING.plus(1, now);
    assertThat(one.plus(other).sum(now + STEP.toMillis())).isEqualTo(8);
    assertThat(other.plus(one).sum(now + STEP.toMillis())).isEqualTo(8);
    SlidingCount old = NOTHING.plus(9, now - 2 * WINDOW);
    assertThat(old.plus(one).sum(now + STEP.toMillis())).isEqualTo(7);
  }

  @Test
  void aClockThatWasWrong() {
    long now = 1_800_000_000_000L;
    SlidingCount aLittle = NOTHING.plus(3, now + STEP.toMillis());
    assertThat(aLittle.sum(now)).isEqualTo(3);
    assertThat(aLittle.plus(1, now).sum(now)).isEqualTo(4);
    SlidingCount byAYear = NOTHING.plus(3, now + Duration.ofDays(365).toMillis());
    assertThat(byAYear.sum(now)).isZero();
    assertThat(byAYear.roomAt(3, 3, now)).isEqualTo(now);
    assertThat(byAYear.plus(1, now).sum(now)).isEqualTo(1);
  }

  @Test
  void whatIsWrittenIsRead() {
    SlidingCount count = NOTHING.plus(3, WINDOW).plus(7, WINDOW + STEP.toMillis());
    ByteBuffer octets = ByteBuffer.allocate(count.octets());
    count.write(octets);
    SlidingCount read = NOTHING.read(octets.flip());
    assertThat(read.sum(WINDOW + STEP.toMillis())).isEqualTo(10);
    assertThat(read.sum(2 * WINDOW + STEP.toMillis())).isEqualTo(7);
  }
}
