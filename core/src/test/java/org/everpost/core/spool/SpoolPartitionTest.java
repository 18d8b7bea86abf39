package org.everpost.core.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.everpost.core.commit.LossyStore.Fault;
import org.everpost.core.time.RandomSource;
import org.everpost.store.CommitId;
import org.everpost.store.KeyRange;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.StoreUnavailableException;
import org.junit.jupiter.api.Test;

/** What is stored, and what is not, when commits fail and many want something at once. */
class SpoolPartitionTest {

  private final SpoolFixture fixture = new SpoolFixture(1);
  private final Spool spool = fixture.open(SpoolFixture.A);

  private SpoolPartition add(SpooledMessage... messages) {
    return spool.add(List.of(messages));
  }

  private void refused(SpooledMessage message) {
    assertThatThrownBy(() -> add(message)).isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void aMessageIsThereUntilItIsDeleted() {
    SpooledMessage one = fixture.message(spool);
    SpooledMessage two = fixture.message(spool);
    SpoolPartition partition = add(one, two);
    assertThat(SpoolFixture.all(spool)).containsExactly(one.id(), two.id());
    assertThat(partition.get(one.id())).contains(one);
    assertThat(partition.update(one.id(), SpoolFixture.TOUCH)).contains(one.delayIsTold());
    assertThat(partition.get(one.id())).contains(one.delayIsTold());
    assertThat(partition.update(one.id(), SpoolFixture.DELETE)).isEmpty();
    assertThat(partition.update(one.id(), SpoolFixture.TOUCH)).isEmpty();
    assertThat(partition.get(one.id())).isEmpty();
    assertThat(SpoolFixture.all(spool)).containsExactly(two.id());
  }

  @Test
  void whatWasRefusedGoesWithTheNextCommitThoughItWasStored() {
    SpooledMessage refused = fixture.message(spool);
    fixture.store.loseNext(() -> {});
    refused(refused);
    assertThat(isStored(refused.id())).isTrue();
    SpooledMessage kept = fixture.message(spool);
    add(kept);
    assertThat(isStored(refused.id())).isFalse();
    assertThat(SpoolFixture.all(spool)).containsExactly(kept.id());
  }

  /** Nobody may send it, hold it or bring it back by a change. */
  @Test
  void whatWasRefusedIsNotThereThoughItWasStored() {
    SpooledMessage refused = fixture.message(spool);
    fixture.store.loseNext(() -> {});
    SpoolPartition its = spool.partitions().getFirst();
    refused(refused);
    assertThat(isStored(refused.id())).isTrue();
    assertThat(SpoolFixture.all(spool)).isEmpty();
    assertThat(its.get(refused.id())).isEmpty();
    assertThat(its.update(refused.id(), SpoolFixture.TOUCH)).isEmpty();
    assertThat(isStored(refused.id())).isFalse();
    assertThat(SpoolFixture.all(spool)).isEmpty();
    add(refused);
    assertThat(its.update(refused.id(), SpoolFixture.TOUCH)).contains(refused.delayIsTold());
  }

  private boolean isStored(SpoolId id) {
    return fixture.memory.ledger().read(partition()).get(MessageRow.key(id)) != null;
  }

  @Test
  void whatWasRefusedGoesWhenTheSpoolIsTendedIfNothingElseIsCommitted() {
    SpooledMessage refused = fixture.message(spool);
    fixture.store.loseNext(() -> {});
    refused(refused);
    SpoolFixture.tend(spool);
    assertThat(SpoolFixture.all(spool)).isEmpty();
    long version = fixture.memory.ledger().read(partition()).version();
    SpoolFixture.tend(spool);
    assertThat(fixture.memory.ledger().read(partition()).version()).isEqualTo(version);
  }

  @Test
  void whatWasRefusedDoesNotKeepAPartitionAlive() {
    SpoolPartition partition = spool.partitions().getFirst();
    fixture.store.loseNext(() -> {});
    refused(fixture.message(spool));
    assertThat(partition.retire()).isTrue();
    assertThat(rows(partition)).isZero();
  }

  @Test
  void whatIsAddedAgainAfterARefusalStays() {
    SpooledMessage message = fixture.message(spool);
    for (Fault fault : List.of(Fault.LOST, Fault.DROPPED)) {
      fixture.store.faults(() -> fault);
      refused(message);
    }
    fixture.store.faults(() -> Fault.NONE);
    add(message);
    SpoolFixture.tend(spool);
    add(fixture.message(spool));
    assertThat(SpoolFixture.all(spool)).hasSize(2).contains(message.id());
  }

  @Test
  void aStoreThatWasDownForLongIsNoTroubleWhenItIsBack() {
    SpoolPartition partition = add(fixture.message(spool));
    fixture.store.faults(() -> Fault.LOST);
    for (int i = 0; i < 2 * Ledger.MAX_MUTATIONS; i++) {
      refused(fixture.message(spool));
    }
    fixture.store.down(true);
    for (int i = 0; i < 100; i++) {
      refused(fixture.message(spool));
    }
    fixture.store.down(false);
    fixture.store.faults(() -> Fault.NONE);
    SpooledMessage kept = fixture.message(spool);
    add(kept);
    while (rows(partition) > 3) {
      SpoolFixture.tend(spool);
    }
    assertThat(SpoolFixture.all(spool)).hasSize(2).contains(kept.id());
  }

  @Test
  void anUpdateWhoseOutcomeIsUnknownIsRepeated() {
    SpooledMessage message = fixture.message(spool);
    SpoolPartition partition = add(message);
    for (Fault fault : List.of(Fault.LOST, Fault.DROPPED)) {
      fixture.store.faults(() -> fault);
      assertThatThrownBy(() -> partition.update(message.id(), SpoolFixture.TOUCH))
          .isInstanceOf(StoreUnavailableException.class);
    }
    assertThat(partition.get(message.id())).contains(message.delayIsTold());
    fixture.store.faults(() -> Fault.NONE);
    assertThat(partition.update(message.id(), SpoolFixture.TOUCH)).contains(message.delayIsTold());
    fixture.store.loseNext(() -> {});
    assertThatThrownBy(() -> partition.update(message.id(), SpoolFixture.DELETE))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(partition.get(message.id())).isEmpty();
    assertThat(partition.update(message.id(), SpoolFixture.DELETE)).isEmpty();
  }

  @Test
  void whoWantsSomethingImpossibleHarmsNobodyElse() throws Exception {
    SpooledMessage good = fixture.message(spool);
    SpooledMessage bad = fixture.message(spool);
    SpooledMessage added = fixture.message(spool);
    SpoolPartition partition = add(good, bad);
    List<Future<Object>> results =
        together(
            List.of(
                () -> partition.update(good.id(), SpoolFixture.TOUCH),
                () ->
                    partition.update(
                        bad.id(),
                        _ -> {
                          throw new IllegalArgumentException("impossible");
                        }),
                () -> partition.update(bad.id(), m -> Optional.of(fixture.message(good.id(), 1))),
                () -> partition.update(bad.id(), m -> Optional.of(huge(m))),
                () -> partition.update(bad.id(), SpoolFixture.TOUCH),
                () -> add(added)));
    assertThat(results.get(0).get()).isEqualTo(Optional.of(good.delayIsTold()));
    for (Future<Object> failed : results.subList(1, 4)) {
      assertThatThrownBy(failed::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IllegalArgumentException.class);
    }
    assertThat(results.get(4).get()).isEqualTo(Optional.of(bad.delayIsTold()));
    assertThat(results.get(5).get()).isEqualTo(partition);
    assertThat(SpoolFixture.all(spool)).containsExactly(good.id(), bad.id(), added.id());
  }

  private SpooledMessage huge(SpooledMessage message) {
    return new SpooledMessage(
        message.id(),
        message.accepted(),
        message.sender(),
        message.envelope(),
        message.prefix(),
        message.blob(),
        0,
        1,
        message.expires(),
        false,
        "x".repeat(Ledger.MAX_VALUE_OCTETS),
        message.recipients());
  }

  @Test
  void aDamagedMessageHarmsNobodyElse() throws Exception {
    SpooledMessage good = fixture.message(spool);
    SpooledMessage bad = fixture.message(spool);
    SpoolPartition partition = add(good);
    put(MessageRow.key(bad.id()), new byte[] {9, 9});
    List<Future<Object>> results =
        together(
            List.of(
                () -> partition.update(good.id(), SpoolFixture.TOUCH),
                () -> partition.update(bad.id(), SpoolFixture.TOUCH)));
    assertThat(results.get(0).get()).isEqualTo(Optional.of(good.delayIsTold()));
    assertThatThrownBy(results.get(1)::get).hasCauseInstanceOf(IllegalStateException.class);
    assertThat(SpoolFixture.all(spool)).containsExactly(good.id());
    Spool later = fixture.open(SpoolFixture.A);
    assertThat(SpoolFixture.load(later)).containsExactly(good.id());
    assertThat(fixture.events)
        .hasToString("[Damaged[partition=%s, id=%s]]".formatted(partition.id(), bad.id()));
  }

  /** Runs all of these so that one commit serves as many as it can. */
  private List<Future<Object>> together(List<Callable<Object>> work) {
    List<Future<Object>> results = new ArrayList<>();
    Set<Thread> waiting = ConcurrentHashMap.newKeySet();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      fixture.store.beforeNext(() -> {
        for (Callable<Object> each : work) {
          results.add(
              threads.submit(() -> {
                waiting.add(Thread.currentThread());
                return each.call();
              }));
        }
        await(waiting, work.size());
      });
      add(fixture.message(new SpoolId(1), 1));
    }
    spool.partitions().getFirst().update(new SpoolId(1), SpoolFixture.DELETE);
    return results;
  }

  private static void await(Set<Thread> waiting, int all) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (waiting.size() < all
        || waiting.stream().anyMatch(thread -> thread.getState() != Thread.State.WAITING)) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(100_000);
    }
  }

  @Test
  void aMessageWithVeryManyRecipientsWhosePeersTalkALotIsStored() {
    SpooledMessage message = fixture.message(spool.nextId(), 1_000);
    SpoolPartition partition = add(message);
    Reason long1 = Reason.ours("4.0.0", "\u20ac".repeat(2_000));
    Instant now = fixture.clock.instant();
    SpooledMessage after =
        partition
            .update(
                message.id(), m -> Optional.of(m.withRecipients(r -> r.deferred(now, long1, now))))
            .orElseThrow();
    assertThat(after.recipients()).hasSize(1_000);
    Spool later = fixture.open(SpoolFixture.A);
    List<SpooledMessage> stored = new ArrayList<>();
    later.load((_, m) -> stored.add(m));
    assertThat(stored.getFirst().recipients())
        .hasSize(1_000)
        .allSatisfy(r -> assertThat(r.attempts()).isEqualTo(1));
  }

  @Test
  void manyLargeMessagesAtOnceGoIntoSeveralCommits() throws Exception {
    List<SpooledMessage> messages =
        IntStream.range(0, 60).mapToObj(_ -> fixture.message(spool.nextId(), 4_000)).toList();
    List<Callable<Object>> work = new ArrayList<>();
    messages.forEach(message -> work.add(() -> add(message)));
    for (Future<Object> result : together(work)) {
      assertThat(result.get()).isNotNull();
    }
    assertThat(SpoolFixture.all(spool)).hasSize(60);
    work.clear();
    SpoolPartition partition = spool.partitions().getFirst();
    messages.forEach(m -> work.add(() -> partition.update(m.id(), SpoolFixture.TOUCH)));
    List<Future<Object>> results = together(work);
    for (int i = 0; i < results.size(); i++) {
      assertThat(results.get(i).get()).isEqualTo(Optional.of(messages.get(i).delayIsTold()));
    }
  }

  @Test
  void whatIsTooMuchForOneCommitIsRefusedBeforeAnythingHappens() {
    SpooledMessage large = fixture.message(spool.nextId(), 6_000);
    List<SpooledMessage> many =
        IntStream.range(0, 40).mapToObj(_ -> fixture.message(spool.nextId(), 4_000)).toList();
    assertThatIllegalArgumentException().isThrownBy(() -> spool.add(many));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> add(fixture.message(spool.nextId(), 60_000)));
    add(large);
    assertThat(SpoolFixture.all(spool)).containsExactly(large.id());
  }

  @Test
  void manyThreadsAddChangeAndDelete() throws Exception {
    Set<SpoolId> left = ConcurrentHashMap.newKeySet();
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int t = 0; t < 32; t++) {
        RandomSource random = RandomSource.seeded(t);
        running.add(threads.submit(() -> work(random, left)));
      }
    }
    for (Future<?> each : running) {
      each.get();
    }
    assertThat(SpoolFixture.all(spool)).containsExactlyInAnyOrderElementsOf(left);
  }

  /** Messages of all sizes, so that those kept in memory push each other out. */
  private void work(RandomSource random, Set<SpoolId> left) {
    for (int i = 0; i < 60; i++) {
      SpooledMessage message =
          fixture.message(spool.nextId(), random.nextInt(10) == 0 ? 900 : 1 + random.nextInt(20));
      SpoolPartition partition = add(message);
      for (int change = 1; change <= 3; change++) {
        String reason = "held " + change;
        assertThat(partition.update(message.id(), m -> Optional.of(m.withHeld(reason))))
            .contains(message.withHeld(reason));
      }
      if (random.nextBoolean()) {
        assertThat(partition.update(message.id(), SpoolFixture.DELETE)).isEmpty();
      } else {
        left.add(message.id());
      }
    }
  }

  private Partition partition() {
    return new Partition(PartitionKind.SPOOL, spool.partitions().getFirst().id());
  }

  private void put(byte[] key, byte[] value) {
    long version = fixture.memory.ledger().read(partition()).version();
    fixture
        .memory
        .ledger()
        .commit(partition(), version, new CommitId(1, 1), List.of(new Mutation.Put(key, value)));
  }

  private int rows(SpoolPartition of) {
    Partition partition = new Partition(PartitionKind.SPOOL, of.id());
    return fixture
        .memory
        .ledger()
        .read(partition)
        .scan(KeyRange.ALL, 100_000, Direction.ASCENDING)
        .size();
  }
}
