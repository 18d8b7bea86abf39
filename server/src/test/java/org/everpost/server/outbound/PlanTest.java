package org.everpost.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.everpost.core.spool.Job;
import org.everpost.core.spool.Scheduler;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpoolPartition;
import org.everpost.server.outbound.Plan.Entry;
import org.everpost.server.outbound.Plan.Place;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the plan knows of messages. */
final class PlanTest {

  private static final SpoolId ID = new SpoolId(7);

  private final OutboundHouse house = new OutboundHouse();
  private final Plan plan =
      new Plan(new Scheduler(Scheduler.Settings.DEFAULT, house.random), house.clock);

  @AfterEach
  void close() {
    house.close();
  }

  private SpoolPartition partition() {
    return house.spool().partitions().getLast();
  }

  private Job enter(SpoolPartition partition) {
    Job job = new Job(partition, ID, "peer.test", OutboundHouse.SENDER);
    Place place = new Place.Tried(true, 0, Scheduler.NEVER);
    plan.enter(partition, ID, List.of(new Entry(job, place)));
    return job;
  }

  /** Nodes choose ids for themselves, so that what is adopted may have one that is known here. */
  @Test
  void aMessageOfAnotherPartitionIsAnotherOne() {
    SpoolPartition one = partition();
    SpoolPartition other = partition();
    Job first = enter(one);
    Job second = enter(other);
    enter(other);
    assertThat(plan.jobs()).isEqualTo(2);
    assertThat(plan.of(one, ID)).containsExactly(first);
    assertThat(plan.sentBy(OutboundHouse.SENDER)).containsExactly(first, second);
    assertThat(plan.claim(other, ID, List.of())).containsExactly(second);
    assertThat(plan.isUnderWay(other, ID)).isTrue();
    assertThat(plan.isUnderWay(one, ID)).isFalse();
    plan.put(second, new Place.Out());
    assertThat(plan.of(other, ID)).isEmpty();
    assertThat(plan.poll()).isEqualTo(new Plan.Task.Connect(first));
  }

  /** A node that lost its place for a while takes nothing, and its connections end all the same. */
  @Test
  void aConnectionWithNothingToSendEndsThoughNobodyTakes() throws InterruptedException {
    AtomicBoolean gone = new AtomicBoolean();
    Thread carrier =
        Thread.ofVirtual()
            .start(() -> {
              try {
                gone.set(plan.another("peer.test", 0, Duration.ofMillis(1)) == null);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    while (!carrier.join(Duration.ofMillis(5))) {
      plan.endIdle();
    }
    assertThat(gone).isTrue();
  }

  /** A node that lost its place, and has it back, finds the same messages in new hands. */
  @Test
  void aMessageThatIsTakenOverAgainIsPlannedAgain() {
    SpoolPartition lost = partition();
    Job before = enter(lost);
    SpoolPartition again = partition();
    Job after = enter(again);
    assertThat(List.of(Objects.requireNonNull(plan.poll()), Objects.requireNonNull(plan.poll())))
        .containsExactlyInAnyOrder(new Plan.Task.Connect(before), new Plan.Task.Connect(after));
  }
}
