package org.everpost.core.zone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.directory.Change;
import org.everpost.core.directory.SigningKey;
import org.everpost.core.directory.SigningKey.State;
import org.everpost.core.event.AdminEvent;
import org.everpost.core.event.Event;
import org.everpost.core.event.RelayEvent;
import org.everpost.core.event.StoreEvent;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.testkit.dns.Fault;
import org.everpost.wire.address.DomainName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeyWatchTest {

  private final ZoneFixture zone = new ZoneFixture();

  @BeforeEach
  void forget() {
    zone.events.clear();
  }

  @AfterEach
  void close() {
    zone.close();
  }

  private KeyWatch watch() {
    return new KeyWatch(
        zone.directory, zone.keys, zone.resolver(), zone.clock, zone.random, zone.events::add);
  }

  private void publish(String selector) {
    SigningKey key = zone.key(selector);
    zone.dns.txt(key.recordName().ascii(), key.recordText());
  }

  private List<Event> told() {
    return zone.events.stream().filter(RelayEvent.Unverifiable.class::isInstance).toList();
  }

  @Test
  void aKeySignsOnceItsRecordIsSeen() throws InterruptedException {
    KeyWatch watch = watch();
    watch.lookForAll();
    assertThat(zone.keys.all(ZoneFixture.HERE)).allMatch(key -> key.state() == State.PENDING);
    publish("ep202701e");
    zone.clock.advance(Duration.ofHours(1));
    watch.lookForAll();
    assertThat(zone.key("ep202701e").state()).isEqualTo(State.ACTIVE);
    assertThat(zone.key("ep202701r").state()).isEqualTo(State.PENDING);
    assertThat(zone.events)
        .containsExactly(
            new AdminEvent.DirectoryChanged("domain dkim activate ep202701e", "example.test"));
  }

  @Test
  void anotherKeyAtItsNameDoesNot() throws InterruptedException {
    zone.dns.txt(zone.key("ep202701r").recordName().ascii(), zone.key("ep202701e").recordText());
    zone.dns.fault(zone.key("ep202701e").recordName().ascii(), Fault.SERVFAIL);
    watch().lookForAll();
    assertThat(zone.keys.all(ZoneFixture.HERE)).allMatch(key -> key.state() == State.PENDING);
    assertThat(zone.events).isEmpty();
  }

  @Test
  void twoNodesThatSeeItAtTheSameTimeActivateItOnce() throws InterruptedException {
    publish("ep202701e");
    publish("ep202701r");
    List<Thread> nodes =
        List.of(
            Thread.ofVirtual().unstarted(() -> look(watch())),
            Thread.ofVirtual().unstarted(() -> look(watch())),
            Thread.ofVirtual().unstarted(() -> look(watch())));
    nodes.forEach(Thread::start);
    for (Thread node : nodes) {
      assertThat(node.join(Duration.ofSeconds(60))).isTrue();
    }
    assertThat(zone.keys.active(ZoneFixture.HERE)).hasSize(2);
    assertThat(zone.events).hasSize(2).allMatch(AdminEvent.DirectoryChanged.class::isInstance);
  }

  private static void look(KeyWatch watch) {
    try {
      watch.lookForAll();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aSuccessorTakesOverWhenItIsSeen() throws InterruptedException {
    publish("ep202701e");
    KeyWatch watch = watch();
    watch.lookForAll();
    zone.makeKeys(true);
    watch.lookForAll();
    assertThat(zone.key("ep202701e").state()).isEqualTo(State.ACTIVE);
    publish("ep202701e2");
    zone.clock.advance(Duration.ofHours(1));
    watch.lookForAll();
    assertThat(zone.key("ep202701e").state()).isEqualTo(State.RETIRED);
    assertThat(zone.key("ep202701e2").state()).isEqualTo(State.ACTIVE);
  }

  @Test
  void thatAnActiveKeyIsGoneFromDnsIsToldOnce() throws InterruptedException {
    publish("ep202701e");
    KeyWatch watch = watch();
    watch.lookForAll();
    String name = zone.key("ep202701e").recordName().ascii();
    zone.dns.remove(name);
    for (int hour = 0; hour < 3; hour++) {
      zone.clock.advance(Duration.ofHours(1));
      watch.lookForAll();
    }
    assertThat(told()).containsExactly(new RelayEvent.Unverifiable(name, "it is missing"));
    publish("ep202701e");
    zone.clock.advance(Duration.ofHours(1));
    watch.lookForAll();
    zone.dns.remove(name).txt(name, "v=DKIM1; p=");
    zone.clock.advance(Duration.ofHours(1));
    watch.lookForAll();
    assertThat(told())
        .hasSize(2)
        .last()
        .isEqualTo(new RelayEvent.Unverifiable(name, "it says that the key was revoked"));
    assertThat(zone.key("ep202701e").state()).isEqualTo(State.ACTIVE);
  }

  @Test
  void aNameServerThatIsDownIsNoReasonToSayAnything() throws InterruptedException {
    publish("ep202701e");
    KeyWatch watch = watch();
    watch.lookForAll();
    zone.dns.fault(".", Fault.SERVFAIL);
    zone.clock.advance(Duration.ofHours(1));
    watch.lookForAll();
    assertThat(told()).isEmpty();
    assertThat(zone.key("ep202701e").state()).isEqualTo(State.ACTIVE);
  }

  @Test
  void aDamagedKeyKeepsNoOtherDomainFromBeingLookedFor() throws InterruptedException {
    DomainName before = DomainName.of("before.test");
    zone.directory.addDomain(before);
    Partition partition = new Partition(PartitionKind.DOMAIN, before.ascii());
    Change change =
        new OptimisticCommit(zone.store.ledger(), zone.clock, zone.random)
            .change(
                partition,
                _ ->
                    new OptimisticCommit.Decision<>(
                        List.of(new Mutation.Put(new byte[] {5, 'x'}, new byte[] {1, 2, 3})),
                        Change.DONE));
    assertThat(change).isEqualTo(Change.DONE);
    publish("ep202701e");
    zone.events.clear();
    watch().lookForAll();
    assertThat(zone.key("ep202701e").state()).isEqualTo(State.ACTIVE);
    assertThat(zone.events).hasSize(2).first().isInstanceOf(StoreEvent.Unavailable.class);
  }

  /** The clock of this test does not let anybody wait. */
  @Test
  void itLooksAgainAndAgainUntilItIsInterrupted() throws InterruptedException {
    Thread watching = Thread.ofVirtual().start(watch());
    zone.dns.awaitQueries(4); // both keys twice: a denial is remembered for an hour at most
    publish("ep202701e");
    long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (zone.key("ep202701e").state() != State.ACTIVE) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
    watching.interrupt();
    assertThat(watching.join(Duration.ofSeconds(20))).isTrue();
  }
}
