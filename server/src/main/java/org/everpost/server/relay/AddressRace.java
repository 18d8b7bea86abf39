package org.everpost.server.relay;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.everpost.core.time.Clock;
import org.everpost.server.net.Connection;
import org.everpost.server.net.Dialer;
import org.jspecify.annotations.Nullable;

/**
 * Connects to whichever of a host's addresses answers first, as RFC 8305 §5 does: the next is tried
 * when the one before fails, or has not answered for a moment.
 */
final class AddressRace {

  private final Dialer dialer;
  private final RelayLimits limits;
  private final List<InetAddress> sources;
  private final Clock clock;

  AddressRace(Dialer dialer, RelayLimits limits, List<InetAddress> sources, Clock clock) {
    this.dialer = dialer;
    this.limits = limits;
    this.sources = List.copyOf(sources);
    this.clock = clock;
  }

  /**
   * How it ended.
   *
   * @param connection null: nobody answered
   * @param refused the addresses that did not, and why
   */
  record Finish(@Nullable Connection connection, List<Refused> refused) {}

  record Refused(InetSocketAddress address, String reason) {}

  /** How one connecting ended. */
  private record Outcome(
      InetSocketAddress address, @Nullable Connection connection, String reason) {}

  /**
   * Tries them in their order.
   *
   * @param within all of it
   */
  Finish run(List<InetSocketAddress> addresses, Duration within) {
    return new Round(addresses, clock.nanoTime() + within.toNanos()).run();
  }

  /** Connects to one that answered a moment ago. */
  Connection connect(InetSocketAddress address, Duration within) throws IOException {
    Duration limit = limits.connect();
    return dialer.connect(address, source(address), within.compareTo(limit) < 0 ? within : limit);
  }

  private final class Round {
    private final List<InetSocketAddress> addresses;
    private final long until;
    private final LinkedBlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private final List<Thread> runners = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();
    private boolean over;

    Round(List<InetSocketAddress> addresses, long until) {
      this.addresses = addresses;
      this.until = until;
    }

    Finish run() {
      Connection first = null;
      while (first == null
          && refused.size() < addresses.size()
          && left() > 0
          && !Thread.currentThread().isInterrupted()) {
        if (runners.size() < addresses.size()) {
          start(addresses.get(runners.size()));
        }
        Outcome outcome = next();
        if (outcome != null && outcome.connection != null) {
          first = outcome.connection;
        } else if (outcome != null) {
          refused.add(new Refused(outcome.address, outcome.reason));
        }
      }
      end();
      if (first == null) {
        for (InetSocketAddress silent : addresses.subList(0, runners.size())) {
          if (refused.stream().noneMatch(r -> r.address.equals(silent))) {
            refused.add(new Refused(silent, "no answer"));
          }
        }
      }
      return new Finish(first, refused);
    }

    private long left() {
      return until - clock.nanoTime();
    }

    private void start(InetSocketAddress address) {
      Duration left = Duration.ofNanos(Math.max(left(), 1));
      runners.add(Thread.ofVirtual().name("relay-connect").start(() -> compete(address, left)));
    }

    private void compete(InetSocketAddress address, Duration left) {
      Outcome outcome;
      try {
        outcome = new Outcome(address, connect(address, left), "");
      } catch (IOException | RuntimeException e) {
        String message = e.getMessage();
        outcome =
            new Outcome(address, null, message == null ? e.getClass().getSimpleName() : message);
      }
      synchronized (this) {
        if (!over) {
          outcomes.add(outcome);
          return;
        }
      }
      if (outcome.connection != null) {
        dialer.cut(outcome.connection);
      }
    }

    private @Nullable Outcome next() {
      long wait = left();
      if (runners.size() < addresses.size()) {
        wait = Math.min(wait, limits.race().toNanos());
      }
      try {
        return outcomes.poll(Math.max(wait, 0), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
    }

    /** The others are not needed any longer. */
    private void end() {
      synchronized (this) {
        over = true;
      }
      runners.forEach(Thread::interrupt);
      for (Outcome outcome : outcomes) {
        if (outcome.connection != null) {
          dialer.cut(outcome.connection);
        }
      }
    }
  }

  /** The first of our addresses that is of the same kind; null: the system chooses. */
  private @Nullable InetAddress source(InetSocketAddress target) {
    for (InetAddress source : sources) {
      if (source instanceof Inet4Address == target.getAddress() instanceof Inet4Address) {
        return source;
      }
    }
    return null;
  }
}
