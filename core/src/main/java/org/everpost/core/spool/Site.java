package org.everpost.core.spool;

import org.jspecify.annotations.Nullable;

/** What the plan knows of one destination. */
final class Site {

  final String name;
  final FairQueue fresh = new FairQueue();
  final FairQueue retries = new FairQueue();

  /** Jobs in the plan, those that are ready, connections begun, and those that work. */
  int jobs;

  int ready;
  int connections;
  int open;

  /** How many connections it may have, and up to which number that grows by one each time. */
  double window;

  double threshold;

  /** How often in a row no connection came about, and until when none is tried. */
  int failures;

  long blockedUntil;
  @Nullable Reason lastFailure;

  boolean inFreshRing;
  boolean inRetryRing;
  private int turn;

  Site(String name, int window, int threshold) {
    this.name = name;
    this.window = window;
    this.threshold = threshold;
  }

  boolean takesConnection(long now) {
    return ready > 0 && connections < (int) window && blockedUntil <= now;
  }

  boolean isSuspect() {
    return failures > 0;
  }

  /** Whether nothing would be lost by forgetting it. */
  boolean isIdle(long now) {
    return jobs == 0 && connections == 0 && blockedUntil <= now;
  }

  /**
   * A job that is ready, of what came first or of what is tried again; every fourth time of that.
   */
  @Nullable Job poll() {
    boolean retryFirst = ++turn % 4 == 0;
    Job job = (retryFirst ? retries : fresh).poll();
    return job != null ? job : (retryFirst ? fresh : retries).poll();
  }

  /** The connection works: it may have more of them. */
  void grow(int most) {
    window = Math.min(most, window < threshold ? window + 1 : window + 1 / window);
  }

  /** It has too many connections. */
  void shrink() {
    threshold = Math.max(1, (int) window / 2);
    window = threshold;
  }
}
