package org.everpost.core.spool;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.everpost.core.time.RandomSource;
import org.junit.jupiter.api.Test;

/** 100,000 messages to a dead destination cost less than 200 MB. */
class SchedulerMemoryTest {

  private static final int JOBS = 100_000;

  private final SpoolFixture fixture = new SpoolFixture(7);
  private final SpoolPartition partition = fixture.open(SpoolFixture.A).partitions().getFirst();

  /** What a thread allocates is at least what it keeps, and does not depend on the collector. */
  private static long allocated(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private void fill(Scheduler plan, int destinations) {
    for (int i = 0; i < JOBS; i++) {
      String destination = "d" + i % destinations + ".dead.test";
      String sender = "sender" + i % 100 + "@example.test";
      Job job = new Job(partition, new SpoolId(i), destination, sender);
      plan.add(job, true, i, 4 * SchedulerWorld.HOUR, i);
    }
  }

  @Test
  void manyMessagesToADeadDestinationNeedLittleMemory() {
    Scheduler plan = new Scheduler(Scheduler.Settings.DEFAULT, RandomSource.seeded(1));
    long octets = allocated(() -> fill(plan, 1));
    assertThat(plan.size()).isEqualTo(JOBS);
    assertThat(octets / JOBS).as("octets a job").isLessThan(400);
  }

  @Test
  void asManyDestinationsNeedNotMuchMore() {
    Scheduler plan = new Scheduler(Scheduler.Settings.DEFAULT, RandomSource.seeded(1));
    long octets = allocated(() -> fill(plan, JOBS));
    assertThat(plan.destinations()).hasSize(JOBS);
    assertThat(octets).isLessThan(200_000_000);
  }

  /** Their alarms are days away: what is done must not wait for them. */
  @Test
  void whatIsDoneIsNotRemembered() {
    Timers<Job> timers =
        new Timers<>(t -> t.what().state != Job.State.GONE && t.what().alarm == t.at());
    for (int i = 0; i < JOBS; i++) {
      Job job = new Job(partition, new SpoolId(i), "a.test", "alice");
      job.alarm = 1_000_000L + i;
      timers.add(job.alarm, job, 10);
      job.state = Job.State.GONE;
    }
    assertThat(timers.size()).isLessThan(100);
  }
}
