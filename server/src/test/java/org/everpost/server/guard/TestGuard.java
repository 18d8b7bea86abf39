package org.everpost.server.guard;

import java.util.List;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.event.EventSink;
import org.everpost.core.peer.PeerLists;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.FakeResolver;
import org.everpost.store.Store;
import org.everpost.store.memory.MemoryStore;

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

  static Guard of(
      GuardSettings settings, FakeResolver resolver, Store store, Clock clock, EventSink events) {
    RandomSource random = RandomSource.seeded(1);
    return new Guard(
        settings,
        new Standings(resolver, (_, _) -> false, List.of(), List.of(), 1, clock),
        store.hints(),
        new PeerLists(new OptimisticCommit(store.ledger(), clock, random), clock),
        clock,
        random,
        events);
  }
}
