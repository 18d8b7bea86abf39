package org.everpost.server.guard;

import java.time.Duration;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.GuardEvent;
import org.everpost.core.time.Clock;

/** One line for ten seconds in which somebody was kept out: a flood must not fill the disk. */
record GuardReport(Guard guard, Clock clock, EventSink events) implements Runnable {

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  @Override
  public void run() {
    GuardCounters counters = guard.counters();
    long refused = 0;
    long displaced = 0;
    long greylisted = 0;
    long misdeeds = 0;
    try {
      while (true) {
        clock.sleep(INTERVAL);
        long r = counters.refused();
        long d = counters.displacedSum();
        long g = counters.greylistedSum();
        long m = counters.misdeedsSum();
        if (r > refused || d > displaced || g > greylisted || m > misdeeds) {
          events.accept(
              new GuardEvent.Busy(
                  r - refused,
                  d - displaced,
                  g - greylisted,
                  m - misdeeds,
                  guard.places().count(Gate.MX, PeerClass.UNKNOWN),
                  Math.round(100 * guard.pressure().figure())));
        }
        refused = r;
        displaced = d;
        greylisted = g;
        misdeeds = m;
      }
    } catch (InterruptedException e) {
      // The server stops.
    }
  }
}
