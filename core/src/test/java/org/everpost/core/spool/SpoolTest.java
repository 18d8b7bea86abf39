package org.everpost.core.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.everpost.core.cluster.NodeId;
import org.everpost.core.cluster.NodeLease;
import org.everpost.core.commit.LossyStore.Fault;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.SpoolEvent;
import org.everpost.core.mailbox.BlobSweep;
import org.everpost.store.StoreUnavailableException;
import org.junit.jupiter.api.Test;

/** A node's partitions from their beginning to their end, and in the hands of another node. */
class SpoolTest {

  private static final Duration DEAD = Duration.ofMinutes(1);

  private final SpoolFixture fixture = new SpoolFixture(2);

  private static SpoolId add(SpoolFixture fixture, Spool spool) {
    SpooledMessage message = fixture.message(spool);
    spool.add(List.of(message));
    return message.id();
  }

  private SpoolId add(Spool spool) {
    return add(fixture, spool);
  }

  private static void delete(Spool spool, SpoolId id) {
    for (SpoolPartition partition : spool.partitions()) {
      assertThat(partition.update(id, SpoolFixture.DELETE)).isEmpty();
    }
  }

  @Test
  void noTwoIdsAreTheSameThoughTheClockStandsStillOrGoesBack() {
    Spool spool = fixture.open(SpoolFixture.A);
    Set<SpoolId> ids = new HashSet<>();
    SpoolId last = new SpoolId(0);
    for (int i = 0; i < 50_000; i++) {
      fixture.clock.advance(Duration.ofMillis(i % 1_000 == 0 ? 10 - i % 3_000 : 0));
      SpoolId next = spool.nextId();
      assertThat(next).isGreaterThan(last);
      ids.add(next);
      last = next;
    }
    assertThat(ids).hasSize(50_000);
  }

  @Test
  void whoComesBackFindsEverythingAndIsShownItOnce() {
    Spool first = fixture.open(SpoolFixture.A, 3);
    Set<SpoolId> added = new LinkedHashSet<>();
    for (int i = 0; i < 10; i++) {
      added.add(add(first));
      SpoolFixture.tend(first);
    }
    Spool second = fixture.open(SpoolFixture.A, 3);
    SpoolId later = add(second);
    assertThat(SpoolFixture.load(second)).isEqualTo(added);
    assertThat(SpoolFixture.load(second)).isEmpty();
    added.add(later);
    assertThat(SpoolFixture.all(second)).containsExactlyInAnyOrderElementsOf(added);
    added.forEach(id -> delete(second, id));
    SpoolFixture.tend(second);
    assertThat(second.partitions()).hasSize(1);
  }

  @Test
  void startsThatAreNeverUsedLeaveNothing() {
    for (int i = 0; i < 5; i++) {
      assertThat(fixture.open(SpoolFixture.A).partitions()).hasSize(1);
    }
  }

  @Test
  void aProcessThatWasReplacedByAnotherOfTheSameNodeCanChangeNothing() {
    Spool old = fixture.open(SpoolFixture.A);
    SpoolId id = add(old);
    SpoolPartition partition = old.partitions().getFirst();
    Spool now = fixture.open(SpoolFixture.A);
    assertThatThrownBy(() -> partition.update(id, SpoolFixture.DELETE))
        .isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(() -> add(old)).isInstanceOf(StoreUnavailableException.class);
    assertThat(partition.isLost()).isTrue();
    assertThat(SpoolFixture.load(now)).containsExactly(id);
  }

  @Test
  void loadingGoesOnWhereTheStoreFailed() {
    Spool first = fixture.open(SpoolFixture.A);
    Set<SpoolId> added = new LinkedHashSet<>();
    for (int i = 0; i < 250; i++) {
      added.add(add(first));
    }
    Spool second = fixture.open(SpoolFixture.A);
    List<SpoolId> shown = new ArrayList<>();
    assertThatThrownBy(() ->
            second.load((_, message) -> {
              if (shown.size() == 120) {
                throw new StoreUnavailableException("as a test wants it");
              }
              shown.add(message.id());
            }))
        .isInstanceOf(StoreUnavailableException.class);
    shown.forEach(id -> delete(second, id));
    SpoolFixture.tend(second);
    second.load((_, message) -> shown.add(message.id()));
    assertThat(shown).containsExactlyElementsOf(added);
  }

  @Test
  void aPartitionThatCannotBeReadKeepsNoOther() {
    Spool before = fixture.open(SpoolFixture.A, 2);
    List<SpoolId> added = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      added.add(add(before));
      added.add(add(before));
      SpoolFixture.tend(before);
    }
    String bad = before.partitions().getFirst().id();
    fixture.store.broken(partition -> partition.id().equals(bad));
    Spool after = fixture.open(SpoolFixture.A, 2);
    assertThat(SpoolFixture.load(after)).containsExactlyElementsOf(added.subList(2, 6));
    assertThat(after.isLoaded()).isFalse();
    add(after);
    SpoolFixture.tend(after);
    Set<SpoolId> seen = new HashSet<>();
    assertThatThrownBy(() -> after.forEach((_, message) -> seen.add(message.id())))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessage("part of the queue cannot be read now");
    assertThat(seen).containsAll(added.subList(2, 6));
    assertThat(after.find(added.get(4))).isPresent();
    assertThatThrownBy(() -> after.find(added.getFirst()))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(fixture.events)
        .anyMatch(e -> e instanceof SpoolEvent.Stuck(String id, String _) && id.equals(bad));
    fixture.store.broken(_ -> false);
    SpoolFixture.tend(after);
    assertThat(after.isLoaded()).isFalse();

    fixture.store.broken(partition -> partition.id().equals(bad));
    Spool third = fixture.open(SpoolFixture.A, 2);
    fixture.store.broken(_ -> false);
    SpoolFixture.tend(third);
    String worse = third.partitions().getFirst().id();
    fixture.store.broken(partition -> partition.id().equals(worse));
    List<SpoolId> shown = new ArrayList<>();
    assertThatThrownBy(() -> third.load((_, message) -> shown.add(message.id())))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(shown).contains(added.getFirst(), added.get(1), added.get(5)).hasSize(5);
    for (SpoolPartition partition : third.partitions()) {
      if (!partition.id().equals(worse)) {
        shown.forEach(id -> partition.update(id, SpoolFixture.DELETE));
      }
    }
    SpoolFixture.tend(third);
    assertThat(third.partitions()).as("it and the current one").hasSize(2);
    fixture.store.broken(_ -> false);
    third.load((_, message) -> shown.add(message.id()));
    assertThat(shown).containsAll(added).hasSize(7).doesNotHaveDuplicates();
    assertThat(third.isLoaded()).isTrue();
  }

  @Test
  void anEpochEndsAfterSoManyChangesAndIsForgottenWhenItIsEmpty() {
    Spool spool = fixture.open(SpoolFixture.A, 4);
    SpoolId one = add(spool);
    add(spool);
    SpoolFixture.tend(spool);
    assertThat(spool.partitions()).hasSize(1);
    delete(spool, one);
    SpoolId three = add(spool);
    SpoolFixture.tend(spool);
    assertThat(spool.partitions()).hasSize(2);
    SpoolPartition old = spool.partitions().getFirst();
    for (SpoolId id : SpoolFixture.all(spool)) {
      SpoolFixture.tend(spool);
      assertThat(spool.partitions()).hasSize(2).contains(old);
      delete(spool, id);
    }
    SpoolFixture.tend(spool);
    assertThat(spool.partitions()).hasSize(1).doesNotContain(old);
    assertThat(old.isLost()).isTrue();
    assertThat(old.update(three, SpoolFixture.TOUCH)).isEmpty();
    assertThat(old.get(three)).isEmpty();
  }

  @Test
  void anEpochThatWasUsedEndsAfterHalfADay() {
    Spool spool = fixture.open(SpoolFixture.A);
    SpoolPartition first = spool.partitions().getFirst();
    fixture.clock.advance(Duration.ofHours(13));
    SpoolFixture.tend(spool);
    assertThat(spool.partitions()).containsExactly(first);
    SpoolId id = add(spool);
    SpoolFixture.tend(spool);
    assertThat(spool.partitions()).hasSize(2);
    delete(spool, id);
    SpoolFixture.tend(spool);
    assertThat(spool.partitions()).hasSize(1).doesNotContain(first);
  }

  @Test
  void theEndOfAnEpochWhoseOutcomeIsUnknownIsFoundOut() {
    Spool spool = fixture.open(SpoolFixture.A, 1);
    SpoolId id = add(spool);
    SpoolFixture.tend(spool);
    delete(spool, id);
    SpoolPartition old = spool.partitions().getFirst();
    for (int lost = 0; lost < 6; lost++) {
      int which = lost;
      int[] count = {0};
      fixture.store.faults(() -> count[0]++ == which ? Fault.LOST : Fault.NONE);
      try {
        SpoolFixture.tend(spool);
      } catch (StoreUnavailableException e) {
        assertThat(e).hasMessageContaining("LOST");
      }
    }
    fixture.store.faults(() -> Fault.NONE);
    SpoolFixture.tend(spool);
    assertThat(old.isLost()).isTrue();
    assertThat(spool.partitions()).doesNotContain(old);
    add(spool);
  }

  @Test
  void nothingIsLostWhenMessagesComeAtTheEndOfAnEpoch() throws Exception {
    Spool spool = fixture.open(SpoolFixture.A, 5);
    Set<SpoolId> left = ConcurrentHashMap.newKeySet();
    AtomicBoolean stop = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> adding = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        boolean deletes = t % 2 == 0;
        adding.add(
            threads.submit(() -> {
              for (int i = 0; i < 150; i++) {
                SpooledMessage message = fixture.message(spool);
                SpoolPartition partition = spool.add(List.of(message));
                if (deletes) {
                  partition.update(message.id(), SpoolFixture.DELETE);
                } else {
                  left.add(message.id());
                }
              }
            }));
      }
      Future<?> tending =
          threads.submit(() -> {
            while (!stop.get()) {
              SpoolFixture.tend(spool);
            }
          });
      for (Future<?> each : adding) {
        each.get();
      }
      stop.set(true);
      tending.get();
    }
    assertThat(SpoolFixture.all(spool)).containsExactlyInAnyOrderElementsOf(left);
    assertThat(SpoolFixture.load(fixture.open(SpoolFixture.A)))
        .containsExactlyInAnyOrderElementsOf(left);
  }

  @Test
  void contentThatWaitedTooLongIsNotPutIntoTheQueue() {
    Spool spool = fixture.open(SpoolFixture.A);
    SpooledMessage message = fixture.message(spool);
    fixture.clock.advance(BlobSweep.MAX_IN_FLIGHT.plusSeconds(1));
    assertThatThrownBy(() -> spool.add(List.of(message)))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(SpoolFixture.all(spool)).isEmpty();
  }

  // ---- two nodes ----

  @Test
  void whatADeadNodeHadIsAdoptedOnceAndItsOwnerCanChangeNothingAnyMore() {
    Spool a = fixture.open(SpoolFixture.A, 3);
    Spool b = fixture.open(SpoolFixture.B);
    Set<SpoolId> added = new LinkedHashSet<>();
    for (int i = 0; i < 10; i++) {
      added.add(add(a));
      SpoolFixture.tend(a);
    }
    SpoolFixture.tend(b);
    assertThat(SpoolFixture.adopt(b)).isEmpty();
    List<SpoolPartition> partitions = a.partitions();
    fixture.clock.advance(DEAD);
    assertThat(a.isOurs()).isFalse();
    SpoolFixture.tend(b);
    assertThat(SpoolFixture.adopt(b)).isEqualTo(added);
    assertThat(SpoolFixture.adopt(b)).isEmpty();

    for (SpoolPartition partition : partitions) {
      for (SpoolId id : added) {
        assertThatThrownBy(() -> partition.update(id, SpoolFixture.DELETE))
            .isInstanceOf(StoreUnavailableException.class);
      }
    }
    assertThatThrownBy(() -> add(a)).isInstanceOf(StoreUnavailableException.class);
    assertThat(a.isOurs()).isFalse();
    SpoolFixture.tend(a);
    assertThat(a.isOurs()).isTrue();
    assertThat(partitions).allMatch(SpoolPartition::isLost);
    assertThat(SpoolFixture.all(a)).isEmpty();
    SpoolId own = add(a);
    assertThat(SpoolFixture.all(a)).containsExactly(own);
    assertThat(SpoolFixture.all(b)).isEqualTo(added);
    assertThat(fixture.events)
        .contains(
            new SpoolEvent.TakenOver(SpoolFixture.A.text()),
            new SpoolEvent.Adopted(SpoolFixture.A.text(), partitions.size()));
  }

  @Test
  void whatTheStoreInterruptedIsAdoptedTheNextTime() {
    Spool a = fixture.open(SpoolFixture.A, 1);
    Set<SpoolId> added = new LinkedHashSet<>();
    for (int i = 0; i < 5; i++) {
      added.add(add(a));
      SpoolFixture.tend(a);
    }
    Spool b = fixture.open(SpoolFixture.B);
    fixture.clock.advance(DEAD);
    SpoolFixture.tend(b);
    Set<SpoolId> adopted = new LinkedHashSet<>();
    for (int failing = 0; failing < 8; failing++) {
      int which = failing;
      int[] count = {0};
      fixture.store.faults(
          () -> count[0]++ == which / 2 ? which % 2 == 0 ? Fault.LOST : Fault.DROPPED : Fault.NONE);
      try {
        b.adopt();
        b.load((_, message) -> assertThat(adopted.add(message.id())).isTrue());
      } catch (StoreUnavailableException e) {
        assertThat(e).hasMessageContaining("as a test wants it");
      }
    }
    fixture.store.faults(() -> Fault.NONE);
    b.adopt();
    b.load((_, message) -> assertThat(adopted.add(message.id())).isTrue());
    assertThat(adopted).containsExactlyInAnyOrderElementsOf(added);
    for (SpoolPartition partition : a.partitions()) {
      assertThatThrownBy(() -> partition.update(added.iterator().next(), SpoolFixture.TOUCH))
          .isInstanceOf(StoreUnavailableException.class);
    }
  }

  @Test
  void aNodeThatLostEverythingAndCannotBeginAnewDoesSoLater() {
    Spool a = fixture.open(SpoolFixture.A);
    SpoolId id = add(a);
    Spool b = fixture.open(SpoolFixture.B);
    fixture.clock.advance(DEAD);
    SpoolFixture.tend(b);
    assertThat(SpoolFixture.adopt(b)).containsExactly(id);
    for (int commits = 0; commits < 3; commits++) {
      int before = commits;
      int[] count = {0};
      fixture.store.faults(() -> count[0]++ < before ? Fault.NONE : Fault.DROPPED);
      assertThatThrownBy(() -> SpoolFixture.tend(a)).isInstanceOf(StoreUnavailableException.class);
      assertThatThrownBy(() -> add(a)).isInstanceOf(StoreUnavailableException.class);
    }
    fixture.store.faults(() -> Fault.NONE);
    SpoolFixture.tend(a);
    SpoolId own = add(a);
    assertThat(SpoolFixture.all(a)).containsExactly(own);
    assertThat(SpoolFixture.all(b)).containsExactly(id);
  }

  @Test
  void aNodeThatTakesItsPlaceBackFromACopyOfItselfHasAllThatIsLeft() {
    Spool first = fixture.open(SpoolFixture.A, 2);
    Set<SpoolId> added = new LinkedHashSet<>();
    for (int i = 0; i < 5; i++) {
      added.add(add(first));
      SpoolFixture.tend(first);
    }
    Spool copy = fixture.open(SpoolFixture.A);
    assertThat(SpoolFixture.load(copy)).isEqualTo(added);
    added.add(add(copy));
    assertThatThrownBy(() -> add(first)).isInstanceOf(StoreUnavailableException.class);
    for (int i = 0; i < 10; i++) {
      fixture.clock.advance(NodeLease.RENEWAL);
      SpoolFixture.tend(first);
      SpoolFixture.tend(copy);
      assertThat(first.isOurs()).as("the copy lives").isFalse();
      assertThat(copy.isOurs()).isTrue();
      assertThat(first.partitions()).isEmpty();
    }
    assertThat(SpoolFixture.all(copy)).isEqualTo(added);
    SpoolFixture.tend(first); // it sees the copy for the last time
    fixture.clock.advance(DEAD);
    for (int commits = 0; commits < 4; commits++) {
      int before = commits;
      int[] count = {0};
      fixture.store.faults(() -> count[0]++ < before ? Fault.NONE : Fault.LOST);
      try {
        SpoolFixture.tend(first);
      } catch (StoreUnavailableException e) {
        assertThat(e).hasMessageContaining("LOST");
      }
      assertThat(first.isLoaded()).isFalse();
    }
    fixture.store.faults(() -> Fault.NONE);
    SpoolFixture.tend(first);
    assertThat(first.isLoaded()).isFalse();
    assertThat(SpoolFixture.load(first)).isEqualTo(added);
    assertThat(first.isLoaded()).isTrue();
    assertThat(SpoolFixture.all(first)).isEqualTo(added);
    assertThatThrownBy(() -> add(copy)).isInstanceOf(StoreUnavailableException.class);
    for (SpoolPartition partition : first.partitions()) {
      added.forEach(id -> partition.update(id, SpoolFixture.DELETE));
    }
    assertThat(SpoolFixture.all(first)).isEmpty();
    SpoolFixture.tend(first);
    assertThat(first.partitions()).hasSize(1);
  }

  /** A node falls asleep between two steps of its start, and wakes when it has been adopted. */
  @Test
  void aNodeThatSleptWhileItStartedTakesNothingBack() {
    Spool before = fixture.open(SpoolFixture.A);
    SpoolId id = add(before);
    Spool b = fixture.open(SpoolFixture.B);
    List<SpoolId> adopted = new ArrayList<>();
    // The first commit of a start takes the lease, the second the partition.
    fixture.store.beforeNext(() ->
        fixture.store.beforeNext(() -> {
          fixture.clock.advance(DEAD);
          SpoolFixture.tend(b);
          adopted.addAll(SpoolFixture.adopt(b));
        }));
    assertThatThrownBy(() -> fixture.open(SpoolFixture.A))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(adopted).containsExactly(id);
    assertThat(b.partitions().getFirst().isLost()).isFalse();
    for (SpoolPartition partition : b.partitions()) {
      partition.update(id, SpoolFixture.DELETE);
    }
    assertThat(SpoolFixture.all(b)).isEmpty();
  }

  /** The other way round: the adopter falls asleep, and the owner comes back. */
  @Test
  void anAdopterThatSleptTakesNothingFromOneThatIsBack() {
    Spool a = fixture.open(SpoolFixture.A);
    SpoolId id = add(a);
    Spool b = fixture.open(SpoolFixture.B);
    fixture.clock.advance(DEAD);
    SpoolFixture.tend(b);
    fixture.store.beforeNext(() -> SpoolFixture.tend(a));
    assertThat(SpoolFixture.adopt(b)).isEmpty();
    assertThat(SpoolFixture.all(a)).containsExactly(id);
    assertThat(a.partitions().getFirst().update(id, SpoolFixture.TOUCH)).isPresent();
  }

  /** Two adopt at once, one of them having slept for so long that it is dead itself. */
  @Test
  void ofTwoAdoptersOneHasIt() {
    NodesOfThree three = new NodesOfThree();
    SpoolId id = add(three.a);
    fixture.clock.advance(DEAD);
    SpoolFixture.tend(three.b);
    SpoolFixture.tend(three.c);
    Set<SpoolId> adopted = new LinkedHashSet<>();
    // B owns the partition by the lease, and sleeps before it takes it.
    fixture.store.beforeNext(() ->
        fixture.store.beforeNext(() -> {
          fixture.clock.advance(DEAD);
          SpoolFixture.tend(three.c);
          adopted.addAll(SpoolFixture.adopt(three.c));
        }));
    assertThat(SpoolFixture.adopt(three.b)).isEmpty();
    assertThat(three.b.isLoaded()).isFalse();
    assertThat(adopted).containsExactly(id);
    SpoolFixture.tend(three.b);
    assertThat(SpoolFixture.adopt(three.b)).isEmpty();
    assertThat(SpoolFixture.all(three.b)).isEmpty();
    three.c.partitions().forEach(partition -> partition.update(id, SpoolFixture.DELETE));
    assertThat(SpoolFixture.all(three.c)).isEmpty();
  }

  private final class NodesOfThree {
    final Spool a = fixture.open(SpoolFixture.A);
    final Spool b = fixture.open(SpoolFixture.B);
    final Spool c = fixture.open(new NodeId("cccccccccccccccc"));
  }

  @Test
  void onAStoreOfItsOwnANodeFindsWhatItHadUnderAnotherName() {
    EventSink none = _ -> {};
    Spool a =
        Spool.open(SpoolFixture.A, fixture.memory, fixture.clock, fixture.random, none, 1_000);
    SpoolId id = add(a);
    Spool renamed =
        Spool.open(SpoolFixture.B, fixture.memory, fixture.clock, fixture.random, none, 1_000);
    assertThat(SpoolFixture.adopt(renamed)).containsExactly(id);
    assertThat(renamed.isOurs()).isTrue();
    fixture.clock.advance(Duration.ofDays(100));
    assertThat(renamed.isOurs()).isTrue();
  }
}
