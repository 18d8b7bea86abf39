package org.everpost.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.StillClock;
import org.everpost.store.memory.MemoryStore;
import org.junit.jupiter.api.Test;

/** Who works next. Time stands still, so no turn is too long for those who wait. */
class TurnsTest {

  private final StillClock clock = new StillClock();
  private final Guard guard =
      TestGuard.strict(
          Duration.ZERO,
          Duration.ZERO,
          Set.of(),
          new MemoryStore(clock, RandomSource.seeded(1)),
          clock);
  private final Turns turns = new Turns(1, clock);
  private final Guest first = guest(PeerClass.UNKNOWN);
  private final List<String> worked = Collections.synchronizedList(new ArrayList<>());
  private final List<Thread> threads = new ArrayList<>();

  private Guest guest(PeerClass peerClass) {
    InetAddress address = InetAddress.ofLiteral("192.0.2.1");
    return new Guest(guard, Gate.MX, address, Origin.of(address), 0, peerClass);
  }

  /** Somebody comes, stands in the line, works and is gone. */
  private Thread comes(String name, Guest guest, int before) throws InterruptedException {
    Thread thread =
        Thread.ofVirtual()
            .start(() -> {
              turns.take(guest, before);
              worked.add(name);
              turns.end(guest);
            });
    threads.add(thread);
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (thread.getState() != Thread.State.WAITING) {
      assertThat(System.nanoTime()).as("stands in the line").isLessThan(until);
      Thread.sleep(1);
    }
    return thread;
  }

  private void comes(String name, int before) throws InterruptedException {
    comes(name, guest(PeerClass.UNKNOWN), before);
  }

  private List<String> allWork() throws InterruptedException {
    turns.end(first);
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    }
    assertThat(turns.taken()).isZero();
    return worked;
  }

  @Test
  void whoHadFewTurnsGoesFirstAndEveryFourthIsOfTheOthers() throws InterruptedException {
    turns.take(first, 0);
    for (String name : List.of("m1", "m2", "m3")) {
      comes(name, Turns.FEW);
    }
    for (String name : List.of("f1", "f2", "f3", "f4", "f5")) {
      comes(name, Turns.FEW - 1);
    }
    assertThat(allWork()).containsExactly("f1", "f2", "f3", "m1", "f4", "f5", "m2", "m3");
  }

  @Test
  void badPeersAreNeverAmongTheFirst() throws InterruptedException {
    turns.take(first, 0);
    comes("bad", guest(PeerClass.BAD), 0);
    comes("new", 0);
    assertThat(allWork()).containsExactly("new", "bad");
  }

  @Test
  void whoIsEndedWhileItWaitsGetsNoTurn() throws InterruptedException {
    turns.take(first, 0);
    Thread ended = comes("ended", guest(PeerClass.UNKNOWN), 0);
    comes("next", 0);
    ended.interrupt();
    assertThat(ended.join(Duration.ofSeconds(10))).isTrue();
    assertThat(turns.taken()).as("still of the first").isOne();
    assertThat(allWork()).containsExactly("ended", "next");
  }
}
