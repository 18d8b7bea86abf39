package org.everpost.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Store;
import org.everpost.store.memory.MemoryStore;
import org.junit.jupiter.api.Test;

class GuardStopTest {

  private final Clock clock = Clock.system();
  private final Store store = new MemoryStore(clock, RandomSource.seeded(1));

  private Guard guard() {
    return TestGuard.strict(Duration.ZERO, Duration.ofMinutes(1), Set.of(), store, clock);
  }

  @Test
  void whatWasEarnedInTheLastMomentIsKnownAfterwards() {
    for (int i = 0; i < 20; i++) {
      InetAddress peer = InetAddress.ofLiteral("192.0.2." + i);
      Guard guard = guard();
      guard.start();
      try (Visit visit = (Visit) guard.enter(Gate.MX, peer)) {
        visit.delivered();
      }
      guard.close();
      Guard next = guard();
      try (Visit visit = (Visit) next.enter(Gate.MX, peer)) {
        visit.awaitRecall();
        assertThat(visit.peerClass()).isEqualTo(PeerClass.GOOD);
      }
    }
  }
}
