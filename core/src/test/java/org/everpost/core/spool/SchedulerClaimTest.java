package org.everpost.core.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.everpost.core.time.RandomSource;
import org.junit.jupiter.api.Test;

/** What an operator works on is tried by nobody meanwhile. */
final class SchedulerClaimTest {

  private static final long HOUR = 3_600_000;

  private final SpoolFixture fixture = new SpoolFixture(7);
  private final Spool spool = fixture.open(SpoolFixture.A);
  private final Scheduler scheduler =
      new Scheduler(Scheduler.Settings.DEFAULT, RandomSource.seeded(1));

  private Job job() {
    return new Job(
        spool.partitions().getFirst(), spool.nextId(), "peer.test", "alice@example.test");
  }

  @Test
  void whatIsReadyAndClaimedComesBack() {
    Job job = job();
    scheduler.add(job, true, 0, 2 * HOUR, 1);
    assertThat(scheduler.claim(job)).isTrue();
    assertThat(scheduler.claim(job)).isFalse();
    assertThat(scheduler.next(1)).isNull();
    assertThat(scheduler.another("peer.test", 0, 1)).isNull();
    scheduler.add(job, true, 0, 2 * HOUR, 1);
    assertThat(scheduler.next(1)).isSameAs(job);
    assertThat(scheduler.claim(job)).isFalse();
  }

  @Test
  void whatWaitsAndIsClaimedIsNotTriedWhenItsTimeComes() {
    Job job = job();
    scheduler.add(job, false, HOUR, 2 * HOUR, 1);
    assertThat(scheduler.claim(job)).isTrue();
    assertThat(scheduler.next(HOUR)).isNull();
    scheduler.hold(job, 2 * HOUR);
    assertThat(scheduler.isHeld(job)).isTrue();
    assertThat(scheduler.destination("peer.test")).returns(0, Scheduler.Destination::ready);
    scheduler.remove(job);
    assertThat(scheduler.destination("peer.test")).isNull();
  }
}
