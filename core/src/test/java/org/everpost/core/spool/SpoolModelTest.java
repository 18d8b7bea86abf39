package org.everpost.core.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.everpost.core.cluster.NodeId;
import org.everpost.core.cluster.NodeLease;
import org.everpost.core.commit.LossyStore.Fault;
import org.everpost.core.event.SpoolEvent;
import org.everpost.core.time.RandomSource;
import org.everpost.store.StoreUnavailableException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two nodes that add, change, delete, die, come back and adopt each other at random, on a store
 * that loses commits and the answers to commits, against what must be true of it. The seed repeats
 * a run.
 */
class SpoolModelTest {

  private static final List<NodeId> NODES = List.of(SpoolFixture.A, SpoolFixture.B);

  /** A message, as far as anybody can know. */
  private static final class Known {
    SpooledMessage last;

    /** What it may be as well, as nobody said whether that was stored. */
    boolean perhapsGone;

    boolean perhapsTouched;

    Known(SpooledMessage last) {
      this.last = last;
    }
  }

  private SpoolFixture fixture = new SpoolFixture(0);
  private RandomSource random = RandomSource.seeded(0);
  private final Map<NodeId, Spool> spools = new HashMap<>();

  /** Where each message is that a node works with. */
  private final Map<NodeId, Map<SpoolId, SpoolPartition>> plans = new HashMap<>();

  private final Map<SpoolId, Known> accepted = new HashMap<>();

  /** What was refused, and by whom; it may be stored until that node has tidied up. */
  private final Map<SpoolId, NodeId> refused = new HashMap<>();

  /** What was refused by one who died, or lost its place, before it could delete it. */
  private final Set<SpoolId> forgiven = new HashSet<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void nothingAcknowledgedIsLostAndNothingRefusedIsSent(long seed) {
    fixture = new SpoolFixture(seed);
    random = RandomSource.seeded(seed);
    for (NodeId node : NODES) {
      open(node);
    }
    for (int step = 0; step < 600; step++) {
      boolean faulty = step % 100 < 70;
      fixture.store.faults(() ->
          !faulty || random.nextInt(6) > 0
              ? Fault.NONE
              : random.nextBoolean() ? Fault.LOST : Fault.DROPPED);
      attempt(NODES.get(random.nextInt(2)));
      if (step % 100 == 99) {
        settle();
      }
    }
  }

  private void attempt(NodeId node) {
    fixture.clock.advance(Duration.ofMillis(5)); // so that two nodes hardly choose the same id
    try {
      switch (random.nextInt(12)) {
        case 0 -> open(node);
        case 1 -> {
          fixture.clock.advance(Duration.ofMinutes(1));
          adopt(node);
        }
        case 2, 3 -> tend(node);
        case 4, 5, 6, 7 -> add(node);
        default -> change(node);
      }
    } catch (StoreUnavailableException e) {
      assertThat(e).hasMessageNotContaining("did not finish");
    }
  }

  private Spool spool(NodeId node) {
    Spool spool = spools.get(node);
    assertThat(spool).isNotNull();
    return spool;
  }

  private Map<SpoolId, SpoolPartition> plan(NodeId node) {
    return plans.computeIfAbsent(node, _ -> new HashMap<>());
  }

  /** The process dies, and another begins. */
  private void open(NodeId node) {
    forgive(node); // also if the next one dies while it starts
    Spool spool = fixture.open(node, 10);
    spools.put(node, spool);
    plan(node).clear();
    spool.load((partition, message) -> enter(node, partition, message));
  }

  /** Nobody tidies up any more after the process that this node had. */
  private void forgive(NodeId node) {
    refused.forEach((id, by) -> {
      if (by.equals(node)) {
        forgiven.add(id);
      }
    });
    refused.keySet().removeAll(forgiven);
  }

  private void enter(NodeId node, SpoolPartition partition, SpooledMessage message) {
    NodeId by = refused.get(message.id());
    if (by != null && !by.equals(node)) {
      forgive(by); // it has lost its place, and may not know it yet
    }
    assertThat(refused).as("refused, and to be sent").doesNotContainKey(message.id());
    SpoolPartition before = plan(node).put(message.id(), partition);
    assertThat(before == null || before.isLost()).as("shown once").isTrue();
    if (forgiven.remove(message.id())) {
      accepted.put(message.id(), new Known(message));
    }
    assertThat(accepted).as("sent again").containsKey(message.id());
  }

  private void adopt(NodeId node) {
    tend(node);
    for (NodeId other : NODES) {
      if (!other.equals(node)) {
        forgive(other); // it is dead, whether it knows or not
      }
    }
    adoptAndLoad(node);
  }

  private void adoptAndLoad(NodeId node) {
    spool(node).adopt();
    spool(node).load((partition, message) -> enter(node, partition, message));
  }

  private void tend(NodeId node) {
    int before = fixture.events.size();
    try {
      SpoolFixture.tend(spool(node));
    } finally {
      if (fixture.events.subList(before, fixture.events.size()).stream()
          .anyMatch(event -> event instanceof SpoolEvent.TakenOver)) {
        forgive(node); // what it would have deleted is another's now
      }
    }
    refused.values().removeIf(node::equals);
    plan(node).values().removeIf(SpoolPartition::isLost);
  }

  private void add(NodeId node) {
    List<SpooledMessage> messages = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      messages.add(fixture.message(spool(node)));
    }
    messages.forEach(message -> refused.put(message.id(), node));
    SpoolPartition partition = spool(node).add(messages);
    for (SpooledMessage message : messages) {
      refused.remove(message.id());
      accepted.put(message.id(), new Known(message));
      plan(node).put(message.id(), partition);
    }
  }

  private void change(NodeId node) {
    List<SpoolId> ids = List.copyOf(plan(node).keySet());
    if (ids.isEmpty()) {
      return;
    }
    SpoolId id = ids.get(random.nextInt(ids.size()));
    SpoolPartition partition = plan(node).get(id);
    Known known = accepted.get(id);
    if (partition == null || partition.isLost() || known == null) {
      return;
    }
    if (random.nextBoolean()) {
      known.perhapsGone = true;
      assertThat(partition.update(id, SpoolFixture.DELETE)).isEmpty();
      accepted.remove(id);
      plan(node).remove(id);
    } else {
      known.perhapsTouched = true;
      Optional<SpooledMessage> after = partition.update(id, SpoolFixture.TOUCH);
      if (after.isEmpty()) {
        assertThat(known.perhapsGone).isTrue();
        accepted.remove(id);
        plan(node).remove(id);
      } else {
        known.last = known.last.delayIsTold();
        assertThat(after).contains(known.last);
      }
    }
  }

  /** The store works: each node finds what it must. */
  private void settle() {
    fixture.store.faults(() -> Fault.NONE);
    for (int i = 0; i < 6; i++) { // whoever died in the middle of a start is no node any more then
      fixture.clock.advance(NodeLease.RENEWAL);
      NODES.forEach(this::tend);
    }
    NODES.forEach(this::adoptAndLoad);
    Map<SpoolId, SpooledMessage> stored = new HashMap<>();
    for (NodeId node : NODES) {
      spool(node).forEach((_, m) -> assertThat(stored.put(m.id(), m)).as("in two places").isNull());
    }
    assertThat(Collections.disjoint(stored.keySet(), refused.keySet())).isTrue();
    accepted.forEach((id, known) -> {
      SpooledMessage message = stored.get(id);
      if (message == null) {
        assertThat(known.perhapsGone).as("%s is lost", id).isTrue();
      } else if (!known.perhapsTouched) {
        assertThat(message).isEqualTo(known.last);
      }
    });
    accepted.keySet().removeIf(id -> !stored.containsKey(id));
    accepted.values().forEach(known -> known.perhapsGone = false);
    Set<SpoolId> unexplained = new HashSet<>(stored.keySet());
    unexplained.removeAll(accepted.keySet());
    assertThat(forgiven).as("neither accepted nor refused").containsAll(unexplained);
    for (NodeId node : NODES) {
      plan(node).keySet().retainAll(stored.keySet());
    }
    assertPlanned(stored.keySet());
  }

  /** Nothing is stored that nobody works with, but for what was refused by those who died. */
  private void assertPlanned(Set<SpoolId> stored) {
    Set<SpoolId> planned = new HashSet<>(forgiven);
    plans.values().forEach(plan -> planned.addAll(plan.keySet()));
    assertThat(planned).as("nobody works with some").containsAll(stored);
  }
}
