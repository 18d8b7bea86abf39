package org.everpost.server.guard;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.everpost.core.time.Clock;

/**
 * How hard it is just now, as one figure from 0 (all is quiet) to 1 (no more can be done): the
 * worst of the places that are taken, the memory in use, the delay of the store, and how late what
 * is due happens. It rises within a second and falls within ten, so that what depends on it does
 * not swing.
 */
final class Pressure implements Runnable {

  private static final Duration TICK = Duration.ofMillis(100);

  /** Where each measure begins to count, and where it is as bad as can be. */
  private static final double LATE_FROM = 0.030;

  private static final double LATE_TO = 1;
  private static final double STORE_FROM = 0.1;
  private static final double STORE_TO = 3;
  private static final double MEMORY_FROM = 0.80;
  private static final double MEMORY_TO = 0.97;
  private static final double PLACES_FROM = 0.5;
  private static final double PLACES_TO = 1;

  /** How much of the way to a new figure is gone in one tick. */
  private static final double RISE = 0.2;

  private static final double FALL = 0.03;

  /** So long the least memory that was in use counts: what a collector has not freed by then is. */
  private static final int MEMORY_TICKS = 100;

  private final Clock clock;
  private final DoubleSupplier places;
  private final DoubleSupplier memory;
  private final LongSupplier storeNanos;
  private volatile Parts parts = new Parts(0, 0, 0, 0, 0, 0);
  private double leastMemory = 1;
  private double leastBefore;
  private int ticks;

  /**
   * The figure and what it was made of, each from 0 to 1.
   *
   * @param elsewhere the figure without the places, which are taken on port 25 alone
   */
  record Parts(
      double figure,
      double elsewhere,
      double places,
      double memory,
      double store,
      double lateness) {}

  /**
   * @param places the part of the places for strangers that is taken
   * @param memory the part of the memory that is in use
   * @param storeNanos how long the store took last, or takes already
   */
  Pressure(Clock clock, DoubleSupplier places, DoubleSupplier memory, LongSupplier storeNanos) {
    this.clock = clock;
    this.places = places;
    this.memory = memory;
    this.storeNanos = storeNanos;
  }

  double figure() {
    return parts.figure;
  }

  /** Without the places that are taken. */
  double elsewhere() {
    return parts.elsewhere;
  }

  /** What counts at a gate: places that are taken on port 25 change nothing for the others. */
  double at(Gate gate) {
    Parts now = parts;
    return gate == Gate.MX ? now.figure : now.elsewhere;
  }

  Parts parts() {
    return parts;
  }

  /** Measures, until the thread is interrupted. */
  @Override
  public void run() {
    long due = clock.nanoTime();
    try {
      while (true) {
        due += TICK.toNanos();
        long left = due - clock.nanoTime();
        if (left > 0) {
          clock.sleep(Duration.ofNanos(left));
        }
        long late = clock.nanoTime() - due;
        measure(late);
        if (late > TICK.toNanos()) {
          due = clock.nanoTime();
        }
      }
    } catch (InterruptedException e) {
      // The server stops.
    }
  }

  void measure(long lateNanos) {
    leastMemory = Math.min(leastMemory, memory.getAsDouble());
    if (++ticks % MEMORY_TICKS == 0) {
      leastBefore = leastMemory;
      leastMemory = 1;
    }
    double p = between(places.getAsDouble(), PLACES_FROM, PLACES_TO);
    double m = between(leastBefore, MEMORY_FROM, MEMORY_TO);
    double s = between(storeNanos.getAsLong() / 1e9, STORE_FROM, STORE_TO);
    double l = between(lateNanos / 1e9, LATE_FROM, LATE_TO);
    double worst = Math.max(m, Math.max(s, l));
    Parts before = parts;
    parts =
        new Parts(
            next(before.figure, Math.max(p, worst)), next(before.elsewhere, worst), p, m, s, l);
  }

  private static double next(double before, double worst) {
    return before + (worst - before) * (worst > before ? RISE : FALL);
  }

  private static double between(double value, double from, double to) {
    return Math.clamp((value - from) / (to - from), 0.0, 1.0);
  }
}
