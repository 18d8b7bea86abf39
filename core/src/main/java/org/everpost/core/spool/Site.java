package org.everpost.core.spool;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the plan knows of one destination. */
final class Site {

  /** So many messages go through, for each connection, before one more is tried. */
  private static final int CAUTION = 8;

  final String name;
  final Lanes fresh = new Lanes();
  final Lanes retries = new Lanes();

  /** Jobs in the plan, those that are ready, connections begun, and those that work. */
  int jobs;

  int ready;
  int connections;
  int open;

  /** How many of its lanes wait for their turn. */
  int listed;

  /** How many connections it may have, and up to which number that grows by one each time. */
  double window;

  double threshold;

  /** How often in a row no connection came about, and how often it was too busy. */
  int failures;

  int strains;

  /** Until when none is tried; 0: one may be. */
  long blockedUntil;

  @Nullable Reason lastFailure;
  private int turn;

  /** What is ready, by sender. */
  static final class Lanes {
    final LinkedHashMap<String, Lane> bySender = new LinkedHashMap<>(2);

    /** Those that do not wait for their turn. */
    final LinkedHashSet<Lane> parked = new LinkedHashSet<>(2);
  }

  Site(String name, int window, int threshold) {
    this.name = name;
    this.window = window;
    this.threshold = threshold;
  }

  Lanes lanes(boolean isFresh) {
    return isFresh ? fresh : retries;
  }

  boolean takesConnection(long now) {
    return ready > 0 && connections < (int) window && blockedUntil <= now;
  }

  boolean isSuspect() {
    return failures > 0;
  }

  /** Whether nothing would be lost by forgetting it. */
  boolean isIdle() {
    return jobs == 0 && connections == 0 && blockedUntil == 0;
  }

  /**
   * A job that is ready, of what came first or of what is tried again; every fourth time of that.
   * The senders take turns.
   */
  @Nullable Job next() {
    boolean retryFirst = ++turn % 4 == 0;
    Lanes first = lanes(!retryFirst);
    Map.Entry<String, Lane> next =
        (first.bySender.isEmpty() ? lanes(retryFirst) : first).bySender.firstEntry();
    return next == null ? null : next.getValue().first();
  }

  /** A sender had what it waited for: the others first. */
  void passOn(Job job) {
    Lane lane = job.lane;
    if (lane != null) {
      lanes(lane.fresh).bySender.putLast(lane.sender, lane);
    }
  }

  /** The connection works: it may have more of them. */
  void grow(int most) {
    window = Math.min(most, window < threshold ? window + 1 : window + 1 / (CAUTION * window));
  }

  /** It has too many connections. */
  void shrinkTo(int connectionsThen) {
    threshold = Math.max(1, Math.min((int) window, connectionsThen));
    window = threshold;
  }
}
