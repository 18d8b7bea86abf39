package org.everpost.core.spool;

import org.jspecify.annotations.Nullable;

/**
 * The jobs of one sender that are ready for one destination, either those that were never tried or
 * those that were, the oldest first. A chain, so that each can leave it at any time.
 */
final class Lane {

  final Site site;
  final String sender;
  final boolean fresh;

  /** Where it waits for its turn; null: its destination takes no connection now. */
  @Nullable Turns turns;

  private @Nullable Job first;
  private @Nullable Job last;

  Lane(Site site, String sender, boolean fresh) {
    this.site = site;
    this.sender = sender;
    this.fresh = fresh;
  }

  boolean isEmpty() {
    return first == null;
  }

  @Nullable Job first() {
    return first;
  }

  void add(Job job) {
    job.lane = this;
    job.before = last;
    if (last == null) {
      first = job;
    } else {
      last.after = job;
    }
    last = job;
  }

  void remove(Job job) {
    if (job.before == null) {
      first = job.after;
    } else {
      job.before.after = job.after;
    }
    if (job.after == null) {
      last = job.before;
    } else {
      job.after.before = job.before;
    }
    job.lane = null;
    job.before = null;
    job.after = null;
  }
}
