package org.everpost.core.password;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.everpost.core.time.ManualClock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.memory.MemoryStore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many guesses there are at a name, however many nodes they are spread over. */
class LoginThrottleTest {

  private static final String NAME = "alice@example.test";

  private final ManualClock clock = new ManualClock();
  private final MemoryStore store = new MemoryStore(clock, RandomSource.seeded(1));

  /** An address nobody came from before, in a network of its own. */
  private static LoginSource source(int number) {
    return new LoginSource("%08x".formatted(number << 8), "%06x".formatted(number), false, false);
  }

  /** How many of ten guesses a second get through in an hour, each node in turn. */
  private int guesses(int nodes) {
    List<LoginThrottle> throttles = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      throttles.add(new LoginThrottle(store.hints(), clock));
    }
    int through = 0;
    for (int i = 0; i < Duration.ofHours(1).toMillis() / 100; i++) {
      LoginThrottle node = throttles.get(i % nodes);
      if (node.begin(source(i), NAME).isZero()) {
        through++;
        node.failed(source(i), NAME, 1);
        node.end(source(i));
      }
      clock.advance(Duration.ofMillis(100));
    }
    return through;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void moreNodesAreNotMoreGuesses(int nodes) {
    // Twenty are free, one is forgiven a minute.
    assertThat(guesses(nodes)).isBetween(80, 95);
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 3_600, 365 * 24 * 3_600})
  void aClockThatWasAheadKeepsNobodyOut(int seconds) {
    LoginThrottle ahead = new LoginThrottle(store.hints(), clock);
    for (int i = 0; i < 25; i++) {
      ahead.failed(source(i), NAME, 1);
    }
    FailureCounter stored =
        FailureCounter.decode(
            store.hints().get("auth-failures", ("name " + NAME).getBytes(StandardCharsets.UTF_8)));
    long right = clock.millis() - Duration.ofSeconds(seconds).toMillis();
    assertThat(stored.rest(LoginThrottle.FREE_OF_NAME, right))
        .isLessThanOrEqualTo(stored.rest(LoginThrottle.FREE_OF_NAME, clock.millis()));
  }
}
