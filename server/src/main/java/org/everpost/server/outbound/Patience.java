package org.everpost.server.outbound;

import java.time.Duration;
import java.util.function.Supplier;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.RelayEvent;
import org.everpost.core.event.SpoolEvent;
import org.everpost.core.time.Clock;
import org.everpost.store.StoreException;
import org.everpost.store.StoreUnavailableException;

/**
 * Lives with failures: waits for the store, as what a peer has taken must be written down, or it
 * would get it again. Safe for any number of threads.
 */
final class Patience {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Clock clock;
  private final EventSink events;

  Patience(Clock clock, EventSink events) {
    this.clock = clock;
    this.events = events;
  }

  /** Something that may be interrupted. */
  interface Work {
    void run() throws InterruptedException;
  }

  /** Does something that must not end for ever because of one failure; whether it was done. */
  boolean survives(Work work) throws InterruptedException {
    try {
      work.run();
      return true;
    } catch (StoreException e) {
      events.accept(new SpoolEvent.Stuck("", String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      events.accept(new RelayEvent.Broken("", e));
    }
    return false;
  }

  /**
   * Does something until the store lets it be done.
   *
   * @param id what it is done for, for the log
   * @throws StoreUnavailableException if {@code hopeless}
   */
  <T> T insist(String id, Supplier<T> work, Supplier<Boolean> hopeless)
      throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return work.get();
      } catch (StoreUnavailableException e) {
        if (hopeless.get()) {
          throw e;
        }
        if (pause.equals(FIRST_PAUSE)) {
          events.accept(new SpoolEvent.Stuck(id, String.valueOf(e.getMessage())));
        }
      }
      clock.sleep(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
  }
}
