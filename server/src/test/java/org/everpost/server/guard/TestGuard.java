package org.everpost.server.guard;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.event.EventSink;
import org.everpost.core.peer.IpNetwork;
import org.everpost.core.peer.PeerLists;
import org.everpost.core.peer.PeerRule;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.FakeResolver;
import org.everpost.store.Store;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.EmailAddress;

/** Guards for tests. */
public final class TestGuard {

  private TestGuard() {}

  /** One for tests that are about something else: without pauses and greylist. */
  public static Guard bare(int connections, int perAddress) {
    Clock clock = Clock.system();
    RandomSource random = RandomSource.seeded(1);
    return of(
        GuardSettings.bare(connections, perAddress),
        new FakeResolver(),
        new MemoryStore(clock, random),
        clock,
        EventSink.NONE);
  }

  /** One that is strict with strangers, on a clock of its own. */
  public static Guard strict(
      Duration greetPause, Duration greylist, Set<EmailAddress> traps, Store store, Clock clock) {
    return of(
        new GuardSettings(1_000, 100, 500, List.of(), greetPause, greylist, traps),
        new FakeResolver(),
        store,
        clock,
        EventSink.NONE);
  }

  /** Begins to tell the store what is new, until the thread is interrupted. */
  public static Thread writer(Guard guard) {
    return Thread.ofVirtual().start(guard.peers());
  }

  /** Says of an address that it is never let in. */
  public static void deny(Guard guard, String network) {
    guard
        .lists()
        .put(new PeerRule(IpNetwork.of(network), false, "", guard.clock().instant(), null));
  }

  /** Has the store told that an address misbehaved, as another node or an earlier run would. */
  public static void misbehaved(Guard guard, String address) throws InterruptedException {
    Thread writer = writer(guard);
    if (guard.enter(Gate.MX, InetAddress.ofLiteral(address)) instanceof Visit visit) {
      boolean _ = visit.did(Misdeed.TRAP);
      visit.close();
    }
    writer.interrupt(); // which has it write what is left
    writer.join();
  }

  /** How many places are taken, of all kinds. */
  public static int taken(Guard guard) {
    int taken = guard.door().connections() + guard.door().addresses();
    for (Gate gate : Gate.values()) {
      for (PeerClass peerClass : PeerClass.values()) {
        taken += guard.places().count(gate, peerClass);
      }
    }
    return taken;
  }

  /** How many strangers work on port 25. */
  public static int turnsTaken(Guard guard) {
    return guard.turns(Gate.MX).taken();
  }

  static Guard of(
      GuardSettings settings, FakeResolver resolver, Store store, Clock clock, EventSink events) {
    RandomSource random = RandomSource.seeded(1);
    return new Guard(
        settings,
        new Standings(resolver, (_, _) -> false, List.of(), List.of(), 1, clock),
        store.hints(),
        new PeerLists(new OptimisticCommit(store.ledger(), clock, random), clock, events),
        clock,
        random,
        events);
  }
}
