package org.everpost.server.guard;

import java.time.Duration;

/** What peers are allowed just now: by their class, and less the harder it is. */
record Allowance(GuardSettings settings, Pressure pressure) {

  /** What is left of the usual patience when nothing more can be done. */
  private static final Duration LEAST_PATIENCE = Duration.ofSeconds(8);

  private static final Duration LEAST_PATIENCE_WITH_GOOD = Duration.ofSeconds(60);

  /** From this pressure on there are fewer places for strangers, and for good peers. */
  private static final double FEWER_STRANGERS_FROM = 0.5;

  private static final double FEWER_GOOD_FROM = 0.8;

  /** What is left of the places, at the highest pressure. */
  private static final double STRANGERS_LEFT = 0.2;

  private static final double GOOD_LEFT = 0.5;

  /** What is left of the pause before the greeting, at the highest pressure. */
  private static final double PAUSE_LEFT = 0.3;

  /**
   * How many places there are. That many are taken is no reason for fewer: whoever has to go comes
   * again, and costs more than if it had stayed.
   */
  int places(Gate gate, PeerClass peerClass) {
    int most = settings.places(gate, peerClass);
    double left =
        switch (peerClass) {
          case OWN, BAD -> 1;
          case GOOD -> left(pressure.elsewhere(), FEWER_GOOD_FROM, GOOD_LEFT);
          case UNKNOWN -> left(pressure.elsewhere(), FEWER_STRANGERS_FROM, STRANGERS_LEFT);
        };
    return Math.max(1, (int) (most * left));
  }

  private static double left(double p, double from, double least) {
    return 1 - (1 - least) * Math.clamp((p - from) / (1 - from), 0.0, 1.0);
  }

  /**
   * How long a peer is waited for where it usually is so long. A bad one that waits is no trouble.
   */
  Duration patience(Gate gate, PeerClass peerClass, Duration usual) {
    double p = pressure.at(gate);
    return switch (peerClass) {
      case OWN, BAD -> usual;
      case GOOD ->
          shorter(usual, LEAST_PATIENCE_WITH_GOOD, (p - FEWER_GOOD_FROM) / (1 - FEWER_GOOD_FROM));
      case UNKNOWN -> shorter(usual, LEAST_PATIENCE, p);
    };
  }

  /** By the same factor for each step of the pressure. */
  private static Duration shorter(Duration usual, Duration least, double part) {
    if (part <= 0 || usual.compareTo(least) <= 0) {
      return usual;
    }
    double factor = Math.pow((double) least.toMillis() / usual.toMillis(), Math.min(1, part));
    return Duration.ofMillis((long) (usual.toMillis() * factor));
  }

  /** How long strangers wait for the greeting. */
  Duration greetPause(Gate gate) {
    return settings
        .greetPause()
        .multipliedBy((long) (1000 * left(pressure.at(gate), 0, PAUSE_LEFT)))
        .dividedBy(1000);
  }
}
