package org.everpost.core.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.everpost.core.spool.Scheduler.Destination;
import org.everpost.core.spool.Scheduler.Settings;
import org.everpost.core.time.RandomSource;
import org.junit.jupiter.api.Test;

/** What the plan promises, sentence by sentence. */
class SchedulerTest {

  private static final Reason WHY = Reason.ours("4.4.1", "no answer");
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;

  private final SpoolFixture fixture = new SpoolFixture(5);
  private final SpoolPartition partition = fixture.open(SpoolFixture.A).partitions().getFirst();
  private long now = 1_000_000_000;
  private long ids;

  private Scheduler scheduler(int connections, int perDestination) {
    Settings settings =
        new Settings(connections, perDestination, Duration.ofMinutes(1), Duration.ofHours(1));
    return new Scheduler(settings, RandomSource.seeded(1));
  }

  private final Scheduler plan = scheduler(500, 20);

  private Job job(String destination, String sender) {
    return new Job(partition, new SpoolId(++ids), destination, sender);
  }

  private Job fresh(Scheduler in, String destination, String sender) {
    Job job = job(destination, sender);
    in.add(job, true, now, Scheduler.NEVER, now);
    return job;
  }

  private Job fresh(String destination) {
    return fresh(plan, destination, "alice");
  }

  private Job retry(Scheduler in, String destination, String sender) {
    Job job = job(destination, sender);
    in.add(job, false, now, Scheduler.NEVER, now);
    return job;
  }

  private static Job next(Scheduler in, long now) {
    return Objects.requireNonNull(in.next(now), "nothing to do");
  }

  /** All that are handed out now. */
  private List<Job> take(Scheduler from) {
    List<Job> taken = new ArrayList<>();
    for (Job job = from.next(now); job != null; job = from.next(now)) {
      taken.add(job);
    }
    return taken;
  }

  private static Destination of(Scheduler in, String name) {
    return in.destinations().stream().filter(d -> d.name().equals(name)).findFirst().orElseThrow();
  }

  private void connect(Scheduler in, String destination, int times) {
    for (int i = 0; i < times; i++) {
      in.connected(destination, now);
    }
  }

  // ---- one job ----

  @Test
  void aJobIsHandedOutWhenItIsDueAndOnce() {
    Job job = job("a.test", "alice");
    plan.add(job, true, now + 100, Scheduler.NEVER, now);
    assertThat(plan.next(now)).isNull();
    assertThat(plan.nextWake()).isEqualTo(now + 100);
    assertThat(plan.next(now + 99)).isNull();
    assertThat(plan.next(now + 100)).isSameAs(job);
    assertThat(plan.isUnderWay(job)).isTrue();
    assertThat(plan.next(now + 100)).isNull();
    assertThat(plan.nextWake()).isEqualTo(Scheduler.NEVER);
  }

  @Test
  void whatIsPutBackIsHandedOutAgainWhenItIsDue() {
    Job job = fresh("a.test");
    assertThat(next(plan, now)).isSameAs(job);
    plan.connected("a.test", now);
    plan.add(job, false, now + MINUTE, Scheduler.NEVER, now);
    plan.carried("a.test", now);
    plan.closed("a.test", true, now);
    assertThat(plan.next(now)).isNull();
    assertThat(plan.size()).isEqualTo(1);
    assertThat(plan.next(now + MINUTE)).isSameAs(job);
  }

  @Test
  void anOtherTimeReplacesTheOneBefore() {
    Job job = job("a.test", "alice");
    plan.add(job, true, now + HOUR, Scheduler.NEVER, now);
    plan.add(job, true, now + MINUTE, Scheduler.NEVER, now);
    assertThat(plan.nextWake()).isEqualTo(now + MINUTE);
    plan.add(job, true, now + 2 * HOUR, Scheduler.NEVER, now);
    assertThat(plan.nextWake()).isEqualTo(now + 2 * HOUR);
    assertThat(plan.next(now + HOUR)).isNull();
    plan.add(job, true, now, Scheduler.NEVER, now + HOUR);
    assertThat(plan.next(now + HOUR)).isSameAs(job);
    assertThat(plan.size()).isEqualTo(1);
  }

  @Test
  void whatIsRemovedIsNeverHandedOutAndNothingIsKeptOfIt() {
    for (int state = 0; state < 5; state++) {
      Job job = job("a.test", "alice");
      long due = state == 1 ? now + MINUTE : now;
      if (state > 0) {
        plan.add(job, true, due, now + HOUR, now);
      }
      if (state == 3) {
        assertThat(plan.next(now)).isSameAs(job);
        plan.closed("a.test", false, now);
      } else if (state == 4) {
        plan.hold(job, now + HOUR);
      }
      plan.remove(job);
      plan.remove(job);
      assertThat(plan.next(now + MINUTE)).isNull();
      assertThat(plan.alarmed(now + 2 * HOUR)).isNull();
      assertThat(plan.nextWake()).isEqualTo(Scheduler.NEVER);
      assertThat(plan.size()).isZero();
      assertThat(plan.destinations()).isEmpty();
      assertThatIllegalStateException()
          .isThrownBy(() -> plan.add(job, true, now, Scheduler.NEVER, now));
    }
  }

  @Test
  void whatIsHeldIsNotTriedUntilItIsPutBack() {
    Job job = fresh("a.test");
    Job other = fresh("a.test");
    plan.hold(job, Scheduler.NEVER);
    assertThat(of(plan, "a.test").ready()).isEqualTo(1);
    assertThat(take(plan)).containsExactly(other);
    assertThat(plan.size()).isEqualTo(2);
    plan.add(job, true, now, Scheduler.NEVER, now);
    assertThat(take(plan)).containsExactly(job);

    Job waiting = job("a.test", "alice");
    plan.add(waiting, true, now + MINUTE, Scheduler.NEVER, now);
    plan.hold(waiting, Scheduler.NEVER);
    Job held = job("b.test", "alice");
    plan.hold(held, now + HOUR);
    assertThat(plan.next(now + MINUTE)).isNull();
    assertThat(plan.nextWake()).isEqualTo(now + HOUR);
    assertThat(plan.alarmed(now + HOUR)).isSameAs(held);
  }

  @Test
  void anAlarmGoesOffOnceWhateverItsDestinationDoes() {
    Job waiting = job("dead.test", "alice");
    plan.add(waiting, true, now + HOUR, now + 3, now);
    Job ready = fresh(scheduler(1, 1), "dead.test", "alice");
    Scheduler full = scheduler(1, 1);
    fresh(full, "dead.test", "alice");
    assertThat(full.next(now)).isNotNull();
    full.add(ready, true, now, now + 1, now);
    Job held = job("dead.test", "alice");
    full.hold(held, now + 2);
    assertThat(full.nextWake()).isEqualTo(now + 1);
    assertThat(full.alarmed(now)).isNull();
    assertThat(full.alarmed(now + 2)).isSameAs(ready);
    assertThat(full.alarmed(now + 2)).isSameAs(held);
    assertThat(full.alarmed(now + HOUR)).isNull();
    assertThat(plan.alarmed(now + 3)).isSameAs(waiting);
    assertThat(plan.isUnderWay(waiting)).isTrue();
    assertThat(plan.next(now + HOUR)).isNull();
    plan.add(waiting, true, now, now + HOUR, now);
    assertThat(plan.next(now)).isSameAs(waiting);
    assertThat(plan.alarmed(now + HOUR)).isNull();
    plan.add(waiting, false, now + 2 * HOUR, now + HOUR, now + HOUR);
    assertThat(plan.alarmed(now + HOUR)).isSameAs(waiting);
  }

  // ---- who is next ----

  @Test
  void whatCameFirstIsTriedBeforeWhatIsTriedAgainWhichHasEveryFourthTurn() {
    for (int i = 0; i < 100; i++) {
      retry(plan, "r" + i + ".test", "alice");
      fresh("f" + i + ".test");
    }
    List<Job> taken = take(plan).subList(0, 100);
    assertThat(taken).filteredOn(job -> job.destination().startsWith("f")).hasSize(75);
    for (int i = 0; i < 100; i += 4) {
      assertThat(taken.subList(i, i + 4))
          .filteredOn(job -> job.destination().startsWith("r"))
          .hasSize(1);
    }
  }

  @Test
  void soItIsOnAnOpenConnectionToo() {
    Scheduler one = scheduler(1, 1);
    for (int i = 0; i < 100; i++) {
      retry(one, "a.test", "again");
      fresh(one, "a.test", "new");
    }
    assertThat(one.next(now)).isNotNull();
    List<Job> taken = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      taken.add(Objects.requireNonNull(one.another("a.test", i + 1, now)));
    }
    assertThat(taken).filteredOn(job -> job.sender().equals("again")).hasSize(10);
  }

  @Test
  void theOldestOfASenderIsFirst() {
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      jobs.add(fresh("a.test"));
    }
    assertThat(take(plan)).isEqualTo(jobs);
  }

  @Test
  void theSendersOfADestinationTakeTurns() {
    Scheduler one = scheduler(1, 1);
    for (int i = 0; i < 1_000; i++) {
      fresh(one, "a.test", "bulk");
    }
    List<Job> few = List.of(fresh(one, "a.test", "bob"), fresh(one, "a.test", "carol"));
    assertThat(next(one, now).sender()).isEqualTo("bulk");
    List<Job> taken = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      taken.add(Objects.requireNonNull(one.another("a.test", i, now)));
    }
    assertThat(taken).containsAll(few);
  }

  @Test
  void theSendersTakeTurnsHoweverManyDestinationsOneOfThemWritesTo() {
    Scheduler one = scheduler(1, 1);
    for (int i = 0; i < 10_000; i++) {
      fresh(one, "d" + i + ".test", "bulk");
    }
    List<Job> few =
        List.of(
            fresh(one, "b.test", "bob"),
            fresh(one, "d0.test", "carol"),
            fresh(one, "d5000.test", "dave"));
    List<Job> taken = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Job job = next(one, now);
      taken.add(job);
      one.closed(job.destination(), false, now);
    }
    assertThat(taken).containsAll(few);
  }

  @Test
  void destinationsTakeTurns() {
    Scheduler one = scheduler(1, 1);
    for (int i = 0; i < 1_000; i++) {
      fresh(one, "large.test", "alice");
    }
    Job small = fresh(one, "small.test", "alice");
    Job first = next(one, now);
    one.closed(first.destination(), false, now);
    assertThat(next(one, now)).isSameAs(small);
  }

  @Test
  void anOpenConnectionEndsAfterItsShareIfOthersWaitForOne() {
    Scheduler one = scheduler(1, 1);
    for (int i = 0; i < 100; i++) {
      fresh(one, "a.test", "alice");
    }
    assertThat(one.next(now)).isNotNull();
    one.connected("a.test", now);
    for (int sent = 1; sent < 50; sent++) {
      one.carried("a.test", now);
      assertThat(one.another("a.test", sent, now)).isNotNull();
    }
    Job other = fresh(one, "b.test", "alice");
    assertThat(one.another("a.test", 19, now)).isNotNull();
    assertThat(one.another("a.test", 20, now)).isNull();
    one.closed("a.test", true, now);
    assertThat(one.next(now)).isSameAs(other);
  }

  @Test
  void anOpenConnectionOfWhichThereAreNotTooManyGoesOn() {
    for (int i = 0; i < 100; i++) {
      fresh("a.test");
    }
    fresh("b.test");
    assertThat(take(plan)).hasSize(6);
    assertThat(plan.another("a.test", 999, now)).isNotNull();
    assertThat(plan.another("b.test", 1, now)).isNull();
    assertThat(plan.another("c.test", 1, now)).isNull();
  }

  /** However many senders there are, only some of them are looked at; others take their places. */
  @Test
  void whoWasNotLookedAtIsWhenOthersGo() {
    Scheduler one = scheduler(1, 1);
    Job first = fresh(one, "a.test", "alice");
    assertThat(next(one, now)).isSameAs(first);
    one.connected("a.test", now);
    List<Job> others = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      others.add(fresh(one, "b.test", "sender" + i));
    }
    Job last = others.removeLast();
    others.forEach(one::remove);
    one.remove(first);
    one.closed("a.test", true, now);
    assertThat(next(one, now)).isSameAs(last);
  }

  // ---- windows ----

  @Test
  void aDestinationGetsAFewConnectionsAndMoreWhenMessagesGoThrough() {
    for (int i = 0; i < 1_000; i++) {
      fresh("a.test");
    }
    assertThat(take(plan)).hasSize(5);
    connect(plan, "a.test", 5);
    assertThat(take(plan)).isEmpty();
    plan.carried("a.test", now);
    assertThat(take(plan)).hasSize(1);
    for (int i = 0; i < 100; i++) {
      plan.carried("a.test", now);
    }
    assertThat(take(plan)).hasSize(14);
    assertThat(of(plan, "a.test").connections()).isEqualTo(20);
    assertThat(of(plan, "a.test").window()).isEqualTo(20);
  }

  @Test
  void theLimitOfAllConnectionsHolds() {
    Scheduler small = scheduler(7, 20);
    for (int i = 0; i < 10; i++) {
      fresh(small, "a.test", "alice");
      fresh(small, "b.test", "alice");
    }
    assertThat(take(small)).hasSize(7);
    small.closed("a.test", false, now);
    assertThat(take(small)).hasSize(1);
  }

  private void grown(String destination) {
    for (int i = 0; i < 1_000; i++) {
      fresh(destination);
    }
    for (int i = 0; i < 20; i++) {
      take(plan);
      plan.carried(destination, now);
    }
    take(plan);
    connect(plan, destination, 20);
    assertThat(of(plan, destination).connections()).isEqualTo(20);
  }

  @Test
  void theWindowClosesByHalfWhenThePeerSaysItIsTooMuch() {
    grown("a.test");
    for (int i = 0; i < 20; i++) {
      plan.strained("a.test", WHY, now); // all at once: one and the same trouble
    }
    assertThat(of(plan, "a.test").window()).isEqualTo(10);
    assertThat(plan.another("a.test", 1, now)).isNull();
    for (int i = 0; i < 10; i++) {
      plan.closed("a.test", true, now);
    }
    assertThat(take(plan)).isEmpty();
    long until = plan.nextWake();
    assertThat(until).isBetween(now + 9_000, now + 11_001);
    now = until;
    assertThat(take(plan)).isEmpty();
    assertThat(plan.another("a.test", 1, now)).isNotNull();
    plan.closed("a.test", true, now);
    assertThat(take(plan)).hasSize(1);
    int messages = 0;
    while (of(plan, "a.test").window() == 10) {
      plan.carried("a.test", now);
      messages++;
    }
    assertThat(of(plan, "a.test").window()).isEqualTo(11);
    assertThat(messages).isBetween(80, 90);
  }

  @Test
  void aPeerThatIsAlwaysTooBusyIsAskedLessAndLess() {
    fresh("a.test");
    Job job = next(plan, now);
    long begin = now;
    int attempts = 0;
    while (now - begin < 24 * HOUR) {
      plan.connected("a.test", now);
      plan.strained("a.test", WHY, now);
      plan.add(job, false, now, Scheduler.NEVER, now);
      plan.closed("a.test", true, now);
      assertThat(plan.next(now)).isNull();
      now = plan.nextWake();
      assertThat(plan.next(now)).isSameAs(job);
      attempts++;
    }
    assertThat(attempts).isLessThan(45);
    plan.connected("a.test", now);
    plan.carried("a.test", now);
    plan.strained("a.test", WHY, now);
    assertThat(plan.nextWake()).isLessThan(now + 12_000);
  }

  @Test
  void aConnectionThatIsRefusedBesideOthersThatWorkIsOneTooMany() {
    grown("a.test");
    for (int i = 0; i < 8; i++) {
      plan.closed("a.test", true, now);
    }
    assertThat(take(plan)).hasSize(8);
    for (int i = 0; i < 8; i++) {
      plan.failed("a.test", WHY, now);
      plan.closed("a.test", false, now);
    }
    assertThat(of(plan, "a.test").window()).isEqualTo(12);
    assertThat(of(plan, "a.test").failures()).isZero();
    assertThat(take(plan)).isEmpty();
    assertThat(plan.another("a.test", 1, now)).isNotNull();
  }

  @Test
  void anOpenConnectionBeyondTheWindowEnds() {
    grown("a.test");
    plan.strained("a.test", WHY, now);
    now = plan.nextWake();
    assertThat(plan.another("a.test", 1, now)).isNull();
    for (int i = 0; i < 10; i++) {
      plan.closed("a.test", true, now);
    }
    assertThat(plan.another("a.test", 1, now)).isNotNull();
  }

  // ---- the dead ----

  @Test
  void aDestinationThatCannotBeReachedIsLeftAloneForATimeThatDoubles() {
    for (int i = 0; i < 100; i++) {
      fresh("dead.test");
    }
    List<Job> taken = take(plan);
    assertThat(taken).hasSize(5);
    long expected = MINUTE;
    for (int round = 0; round < 20; round++) {
      for (Job job : taken) {
        plan.failed("dead.test", WHY, now);
        plan.add(job, false, now, Scheduler.NEVER, now);
        plan.closed("dead.test", false, now);
      }
      Destination dead = of(plan, "dead.test");
      assertThat(dead.failures()).isEqualTo(round + 1);
      assertThat(dead.lastFailure()).isEqualTo(WHY);
      assertThat(plan.lastFailure("dead.test")).isEqualTo(WHY);
      assertThat(dead.blockedUntil() - now).isBetween(expected * 9 / 10, expected * 11 / 10 + 1);
      assertThat(plan.nextWake()).isEqualTo(dead.blockedUntil());
      assertThat(plan.next(dead.blockedUntil() - 1)).isNull();
      assertThat(plan.another("dead.test", 0, now)).isNull();
      now = dead.blockedUntil();
      taken = take(plan);
      assertThat(taken).hasSize(1);
      expected = Math.min(HOUR, 2 * expected);
    }
    plan.connected("dead.test", now);
    assertThat(of(plan, "dead.test").failures()).isZero();
    assertThat(plan.lastFailure("dead.test")).isNull();
    plan.carried("dead.test", now);
    assertThat(take(plan)).hasSize(1);
    assertThat(of(plan, "dead.test").window()).isEqualTo(2);
  }

  @Test
  void anOperatorMayHaveItTriedAtOnce() {
    fresh("dead.test");
    Job job = next(plan, now);
    plan.failed("dead.test", WHY, now);
    plan.add(job, false, now, Scheduler.NEVER, now);
    plan.closed("dead.test", false, now);
    assertThat(plan.next(now)).isNull();
    plan.unblock("dead.test", now);
    assertThat(plan.next(now)).isSameAs(job);
    plan.unblock("nobody.test", now);
    plan.failed("dead.test", WHY, now);
    assertThat(of(plan, "dead.test").failures()).isEqualTo(2);
  }

  @Test
  void allThatCannotBeReachedHaveHalfOfTheConnections() {
    Scheduler ten = scheduler(10, 20);
    for (int i = 0; i < 30; i++) {
      fresh(ten, "dead" + i + ".test", "alice");
    }
    List<Job> taken = take(ten);
    while (!taken.isEmpty()) {
      for (Job job : taken) {
        ten.failed(job.destination(), WHY, now);
        ten.add(job, false, now, Scheduler.NEVER, now);
        ten.closed(job.destination(), false, now);
      }
      taken = take(ten);
    }
    now += 2 * MINUTE;
    assertThat(take(ten)).hasSize(5);
    Job live = fresh(ten, "live.test", "alice");
    assertThat(ten.next(now)).isSameAs(live);
    for (int i = 0; i < 20; i++) {
      fresh(ten, "more" + i + ".test", "alice");
    }
    List<Job> others = take(ten);
    assertThat(others).hasSize(4).allMatch(job -> job.destination().startsWith("more"));
    Destination tried =
        ten.destinations().stream()
            .filter(d -> d.failures() > 0 && d.connections() > 0)
            .findFirst()
            .orElseThrow();
    ten.connected(tried.name(), now); // no longer one of them
    ten.closed(others.getFirst().destination(), false, now);
    ten.closed(others.getLast().destination(), false, now);
    assertThat(take(ten))
        .hasSize(2)
        .filteredOn(job -> job.destination().startsWith("dead"))
        .hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void manyForADeadDestinationDoNotHoldUpOneForALivingOne() {
    for (int i = 0; i < 100_000; i++) {
      fresh("dead.test");
    }
    for (Job job : take(plan)) {
      plan.failed("dead.test", WHY, now);
      plan.add(job, false, now, Scheduler.NEVER, now);
      plan.closed("dead.test", false, now);
    }
    Job live = fresh("live.test");
    assertThat(plan.next(now)).isSameAs(live);
    assertThat(plan.next(now)).isNull();
  }

  @Test
  void whatHasNothingToDoIsForgotten() {
    Predicate<Scheduler> isEmpty = p -> p.destinations().isEmpty();
    Job one = fresh("a.test");
    assertThat(plan.next(now)).isSameAs(one);
    plan.connected("a.test", now);
    plan.remove(one);
    assertThat(plan).matches(isEmpty.negate());
    plan.closed("a.test", true, now);
    assertThat(plan).matches(isEmpty);
    Job two = fresh("a.test");
    assertThat(plan.next(now)).isSameAs(two);
    plan.failed("a.test", WHY, now);
    plan.remove(two);
    plan.closed("a.test", false, now);
    assertThat(plan).matches(isEmpty.negate());
    assertThat(plan.next(now + 2 * MINUTE)).isNull();
    assertThat(plan).matches(isEmpty);
    Job three = fresh("a.test");
    assertThat(plan.next(now)).isSameAs(three);
    plan.failed("a.test", WHY, now);
    plan.remove(three);
    plan.closed("a.test", false, now);
    plan.unblock("a.test", now);
    assertThat(plan).matches(isEmpty);
    assertThat(plan.lastFailure("a.test")).isNull();
  }

  @Test
  void limitsAreChecked() {
    Duration minute = Duration.ofMinutes(1);
    assertThatIllegalArgumentException().isThrownBy(() -> new Settings(0, 1, minute, minute));
    assertThatIllegalArgumentException().isThrownBy(() -> new Settings(1, 0, minute, minute));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Settings(1, 1, minute.negated(), minute));
  }
}
