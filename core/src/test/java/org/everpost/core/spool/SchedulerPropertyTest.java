package org.everpost.core.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.everpost.core.spool.SchedulerWorld.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weeks of all that may happen, checked after each step. The seed repeats a run. */
class SchedulerPropertyTest {

  /** 5 at first, some while the pauses double, then one every hour; an operator asks for more. */
  private static final int ATTEMPTS_A_DAY = 60;

  private final SpoolFixture fixture = new SpoolFixture(6);
  private final SpoolPartition partition = fixture.open(SpoolFixture.A).partitions().getFirst();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyInvariantHoldsForWeeksAndThenEverythingIsDone(long seed) {
    SchedulerWorld world = new SchedulerWorld(seed, partition, 3);
    world.run(2 * 7 * SchedulerWorld.DAY, 20);
    assertThat(world.done).isPositive();
    assertThat(world.expired).isPositive();
    for (SchedulerWorld.Peer peer : world.peers(Kind.DEAD)) {
      assertThat(peer.mostAttempts).as(peer.name).isBetween(1, ATTEMPTS_A_DAY);
    }
    assertThat(world.longestWait).isLessThan(10 * SchedulerWorld.MINUTE);
    world.allIsWell = true;
    world.drain();
  }
}
