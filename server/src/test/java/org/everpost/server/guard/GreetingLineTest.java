package org.everpost.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.everpost.server.relay.StillClock;
import org.junit.jupiter.api.Test;

/** On two processors 500 are greeted a second. */
class GreetingLineTest {

  private static final Duration PAUSE = Duration.ofSeconds(6);
  private static final Duration EACH = Duration.ofMillis(2);

  private final StillClock clock = new StillClock();
  private final GreetingLine line = new GreetingLine(2, clock);

  @Test
  void whoComesAloneWaitsForThePauseOnly() {
    for (int i = 0; i < 100; i++) {
      assertThat(line.enter(PAUSE)).isEqualTo(PAUSE);
      clock.advance(EACH);
    }
    assertThat(line.enter(Duration.ZERO)).as("not before the others").isEqualTo(PAUSE);
  }

  @Test
  void aWaveIsGreetedOneAfterTheOtherAndNobodyWaitsTooLong() {
    for (int i = 0; i < 7_000; i++) {
      assertThat(line.enter(PAUSE)).isEqualTo(PAUSE.plus(EACH.multipliedBy(i)));
    }
    for (int i = 0; i < 1_000; i++) {
      assertThat(line.enter(PAUSE)).isEqualTo(Duration.ofSeconds(20));
    }
    clock.advance(Duration.ofSeconds(10));
    assertThat(line.enter(PAUSE)).isEqualTo(Duration.ofSeconds(10).plus(EACH));
    clock.advance(Duration.ofSeconds(10));
    assertThat(line.enter(PAUSE)).isEqualTo(PAUSE);
  }

  @Test
  void whoLeavesMakesTheLineShorter() {
    for (int i = 0; i < 3_000; i++) {
      line.enter(PAUSE);
    }
    for (int i = 0; i < 1_000; i++) {
      line.leave();
    }
    assertThat(line.enter(PAUSE)).isEqualTo(PAUSE.plus(EACH.multipliedBy(2_000)));
  }

  @Test
  void aLongPauseIsKept() {
    assertThat(line.enter(Duration.ofMinutes(1))).isEqualTo(Duration.ofMinutes(1));
  }
}
