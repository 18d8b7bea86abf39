package org.everpost.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.commit.OptimisticCommit.Decision;
import org.everpost.core.event.AdminEvent;
import org.everpost.core.event.Event;
import org.everpost.core.time.ManualClock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.KeyRange;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.PartitionView;
import org.everpost.store.memory.MemoryStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an operator allowed and denied, kept by the store. */
class PeerListsTest {

  private final ManualClock clock = new ManualClock();
  private final RandomSource random = RandomSource.seeded(2);
  private final MemoryStore store = new MemoryStore(clock, RandomSource.seeded(1));
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final PeerLists lists = node();

  private PeerLists node() {
    return new PeerLists(commits(), clock, events::add);
  }

  private OptimisticCommit commits() {
    return new OptimisticCommit(store.ledger(), clock, random);
  }

  private PeerRule rule(String network, boolean allowed, @Nullable Duration life) {
    return new PeerRule(
        IpNetwork.of(network),
        allowed,
        "because",
        clock.instant(),
        life == null ? null : clock.instant().plus(life));
  }

  private Optional<Boolean> allowed(PeerLists at, String address) {
    return at.find(InetAddress.ofLiteral(address)).map(PeerRule::allowed);
  }

  @Test
  void nobodyIsListedAtFirst() {
    assertThat(allowed(lists, "192.0.2.1")).isEmpty();
    assertThat(lists.all()).isEmpty();
  }

  @Test
  void theNarrowestRuleHolds() {
    lists.put(rule("192.0.0.0/16", false, null));
    lists.put(rule("192.0.2.0/24", true, null));
    lists.put(rule("192.0.2.66", false, null));
    lists.put(rule("0.0.0.0/0", true, null));
    lists.put(rule("2001:db8::/32", false, null));
    assertThat(allowed(lists, "192.0.2.66")).contains(false);
    assertThat(allowed(lists, "192.0.2.67")).contains(true);
    assertThat(allowed(lists, "192.0.3.1")).contains(false);
    assertThat(allowed(lists, "203.0.113.1")).contains(true);
    assertThat(allowed(lists, "2001:db8::9")).contains(false);
    assertThat(allowed(lists, "2001:db9::9")).isEmpty();
  }

  @Test
  void whatAnOperatorSaysIsAnEvent() {
    lists.put(rule("192.0.2.0/24", false, Duration.ofHours(1)));
    assertThat(lists.remove(IpNetwork.of("192.0.2.0/24"))).isTrue();
    assertThat(lists.remove(IpNetwork.of("192.0.2.0/24"))).isFalse();
    String until = clock.instant().plus(Duration.ofHours(1)).toString();
    assertThat(events)
        .containsExactly(
            new AdminEvent.PeersRuled("192.0.2.0/24", "deny", until, "because"),
            new AdminEvent.PeersRuled("192.0.2.0/24", "none", "", ""));
  }

  @Test
  void whoeverWantsToKnowIsToldWhenOtherRulesHold() {
    AtomicInteger changes = new AtomicInteger();
    PeerLists other = node();
    other.onChange(changes::incrementAndGet);
    assertThat(other.all()).isEmpty();
    assertThat(changes).hasValue(0);
    lists.put(rule("192.0.2.0/24", false, Duration.ofHours(1)));
    assertThat(other.all()).hasSize(1);
    assertThat(other.all()).hasSize(1);
    assertThat(changes).hasValue(1);
    clock.advance(Duration.ofHours(1));
    assertThat(other.all()).isEmpty();
    assertThat(changes).hasValue(2);
  }

  @Test
  void findingOneCostsNoMoreForManyRules() {
    fill(10_000, null);
    assertThat(lists.all()).hasSize(10_000);
    InetAddress address = InetAddress.ofLiteral("203.0.113.1");
    long began = System.nanoTime();
    for (int i = 0; i < 10_000; i++) {
      assertThat(lists.find(address)).isEmpty();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void anotherRuleForTheSameNetworkTakesItsPlace() {
    lists.put(rule("192.0.2.0/24", false, null));
    lists.put(rule("192.0.2.0/24", true, Duration.ofHours(1)));
    assertThat(lists.all()).hasSize(1).allMatch(PeerRule::allowed);
    assertThat(lists.all()).allMatch(rule -> rule.note().equals("because"));
  }

  @Test
  void onlyTheRuleForExactlyThatNetworkIsRemoved() {
    lists.put(rule("192.0.2.0/24", false, null));
    assertThat(lists.remove(IpNetwork.of("192.0.2.0/25"))).isFalse();
    assertThat(allowed(lists, "192.0.2.1")).contains(false);
    assertThat(lists.remove(IpNetwork.of("192.0.2.0/24"))).isTrue();
    assertThat(allowed(lists, "192.0.2.1")).isEmpty();
    assertThat(lists.remove(IpNetwork.of("192.0.2.0/24"))).isFalse();
  }

  @Test
  void aRuleEndsToTheMoment() {
    lists.put(rule("192.0.2.0/24", false, Duration.ofHours(1)));
    clock.advance(Duration.ofHours(1).minusMillis(1));
    assertThat(allowed(lists, "192.0.2.1")).contains(false);
    clock.advance(Duration.ofMillis(1));
    assertThat(allowed(lists, "192.0.2.1")).isEmpty();
    assertThat(lists.all()).isEmpty();
  }

  @Test
  void aNarrowRuleThatHasEndedDoesNotHideAWideOne() {
    lists.put(rule("192.0.0.0/16", false, null));
    lists.put(rule("192.0.2.0/24", true, Duration.ofHours(1)));
    clock.advance(Duration.ofHours(2));
    assertThat(allowed(lists, "192.0.2.1")).contains(false);
  }

  @Test
  void aRuleCanBeSaidAgainAfterItHasEnded() {
    lists.put(rule("192.0.2.0/24", false, Duration.ofHours(1)));
    clock.advance(Duration.ofHours(2));
    lists.put(rule("192.0.2.0/24", false, Duration.ofHours(1)));
    assertThat(allowed(lists, "192.0.2.1")).contains(false);
    PeerLists other = node();
    assertThat(other.all()).hasSize(1);
  }

  @Test
  void anotherNodeSeesItWithinTenSeconds() throws InterruptedException {
    PeerLists other = node();
    lists.put(rule("192.0.2.0/24", false, null));
    assertThat(allowed(other, "192.0.2.1")).isEmpty();
    long before = clock.nanoTime();
    // On this clock sleeping ends at once, so it reads again and again.
    Thread reader = Thread.ofVirtual().start(other);
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (allowed(other, "192.0.2.1").isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
    reader.interrupt();
    assertThat(reader.join(Duration.ofSeconds(10))).isTrue();
    assertThat((clock.nanoTime() - before) % Duration.ofSeconds(10).toNanos()).isZero();
  }

  @Test
  void whoReadsSlowlyDoesNotTakeBackWhatWasSaidMeanwhile() throws InterruptedException {
    SlowLedger ledger = new SlowLedger(store.ledger());
    PeerLists slow = new PeerLists(new OptimisticCommit(ledger, clock, random), clock, events::add);
    ledger.hold = new CountDownLatch(1);
    Thread reader = Thread.ofVirtual().start(slow::all);
    assertThat(ledger.reading.await(10, TimeUnit.SECONDS)).isTrue();
    CountDownLatch held = ledger.hold;
    ledger.hold = null;
    slow.put(rule("192.0.2.0/24", false, null));
    held.countDown();
    assertThat(reader.join(Duration.ofSeconds(10))).isTrue();
    assertThat(allowed(slow, "192.0.2.1")).contains(false);
  }

  /** Some of whose answers are long on their way. */
  private static final class SlowLedger implements Ledger {
    private final Ledger ledger;
    private final CountDownLatch reading = new CountDownLatch(1);
    private volatile @Nullable CountDownLatch hold;

    SlowLedger(Ledger ledger) {
      this.ledger = ledger;
    }

    @Override
    public PartitionView read(Partition partition) {
      CountDownLatch latch = hold;
      PartitionView view = ledger.read(partition);
      return latch == null ? view : new LateView(view, reading, latch);
    }

    @Override
    public CommitResult commit(
        Partition partition, long expectedVersion, CommitId id, List<Mutation> mutations) {
      return ledger.commit(partition, expectedVersion, id, mutations);
    }

    @Override
    public void partitions(PartitionKind kind, Consumer<Partition> visitor) {
      ledger.partitions(kind, visitor);
    }
  }

  private record LateView(PartitionView view, CountDownLatch reading, CountDownLatch hold)
      implements PartitionView {

    @Override
    public long version() {
      return view.version();
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
      return view.get(key);
    }

    @Override
    public List<byte @Nullable []> getAll(List<byte[]> keys) {
      return view.getAll(keys);
    }

    @Override
    public List<Row> scan(KeyRange range, int limit, Direction direction) {
      List<Row> rows = view.scan(range, limit, direction);
      reading.countDown();
      try {
        hold.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return rows;
    }
  }

  @Test
  void whatIsKnownHoldsWhileTheStoreIsAway() throws InterruptedException {
    lists.put(rule("192.0.2.0/24", false, null));
    store.close();
    Thread reader = Thread.ofVirtual().start(lists);
    long before = clock.nanoTime();
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (clock.nanoTime() - before < Duration.ofMinutes(1).toNanos()) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
    reader.interrupt();
    assertThat(reader.join(Duration.ofSeconds(10))).isTrue();
    assertThat(allowed(lists, "192.0.2.1")).contains(false);
  }

  /** Rules as if they had been put one by one, which takes long. */
  private void fill(int count, @Nullable Duration life) {
    Partition partition = new Partition(PartitionKind.CLUSTER, "peers");
    for (int from = 0; from < count; from += 50) {
      List<Mutation> puts = new ArrayList<>();
      for (int i = from; i < Math.min(count, from + 50); i++) {
        PeerRule rule = rule("10.0." + (i >> 8) + "." + (i & 255), false, life);
        puts.add(new Mutation.Put(rule.key(), rule.encode()));
      }
      commits().change(partition, _ -> new Decision<>(puts, true));
    }
  }

  @Test
  void thereAreTenThousandAtMost() {
    fill(9_999, null);
    lists.put(rule("192.0.2.1", false, null));
    assertThat(lists.all()).hasSize(10_000);
    assertThatThrownBy(() -> lists.put(rule("192.0.2.2", false, null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("10000 already");
    assertThat(allowed(lists, "192.0.2.2")).isEmpty();
    // One that takes the place of another needs no room.
    lists.put(rule("192.0.2.1", true, null));
    assertThat(allowed(lists, "192.0.2.1")).contains(true);
    assertThat(lists.all()).hasSize(10_000);
  }

  @Test
  void thoseThatHaveEndedMakeRoom() {
    fill(10_000, Duration.ofHours(1));
    clock.advance(Duration.ofHours(2));
    lists.put(rule("192.0.2.1", false, null));
    assertThat(allowed(lists, "192.0.2.1")).contains(false);
    assertThat(lists.all()).hasSize(1);
  }
}
