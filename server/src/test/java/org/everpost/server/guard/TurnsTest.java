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
  private final Guest first = guest();
  private final List<String> worked = Collections.synchronizedList(new ArrayList<>());
  private final List<Thread> threads = new ArrayList<>();

  private Guest guest() {
    InetAddress address = InetAddress.ofLiteral("192.0.2.1");
    return new Guest(guard, Gate.MX, address, Origin.of(address), 0, PeerClass.UNKNOWN);
  }

  /** Somebody comes, stands in the line, works and is gone. */
  private Thread comes(String name) throws InterruptedException {
    Guest guest = guest();
    Thread thread =
        Thread.ofVirtual()
            .start(() -> {
              turns.take(guest);
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

  private List<String> allWork() throws InterruptedException {
    turns.end(first);
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    }
    assertThat(turns.taken()).isZero();
    return worked;
  }

  @Test
  void whoeverGotReadyFirstIsFirst() throws InterruptedException {
    turns.take(first);
    for (String name : List.of("1", "2", "3", "4")) {
      comes(name);
    }
    assertThat(allWork()).containsExactly("1", "2", "3", "4");
  }

  @Test
  void whoIsEndedWhileItWaitsGetsNoTurn() throws InterruptedException {
    turns.take(first);
    Thread ended = comes("ended");
    comes("next");
    ended.interrupt();
    assertThat(ended.join(Duration.ofSeconds(10))).isTrue();
    assertThat(turns.taken()).as("still of the first").isOne();
    assertThat(allWork()).containsExactly("ended", "next");
  }
}
