package org.everpost.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** On two processors 500 are greeted a second. */
class GreetingLineTest {

  private static final Duration EACH = Duration.ofMillis(2);

  private final GreetingLine line = new GreetingLine(2);

  @Test
  void aWaveIsGreetedOneAfterTheOtherAndNobodyWaitsTooLong() {
    for (int i = 0; i < 7_500; i++) {
      assertThat(line.enter()).isEqualTo(EACH.multipliedBy(i));
    }
    for (int i = 0; i < 1_000; i++) {
      assertThat(line.enter()).isEqualTo(Duration.ofSeconds(15));
    }
  }

  @Test
  void whoWasGreetedOrLeftMakesTheLineShorter() {
    for (int i = 0; i < 20_000; i++) {
      line.enter();
    }
    for (int i = 0; i < 19_000; i++) {
      line.leave();
    }
    assertThat(line.enter()).isEqualTo(EACH.multipliedBy(1_000));
    for (int i = 0; i < 1_001; i++) {
      line.leave();
    }
    assertThat(line.enter()).isZero();
  }
}
