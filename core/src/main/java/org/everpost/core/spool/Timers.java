package org.everpost.core.spool;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Things that are to happen at a time, the next first. One that was called off stays until its time
 * comes, or until most are of that kind.
 */
final class Timers<T> {

  /** As many may have been called off before anybody looks. */
  private static final int SLACK = 64;

  private final PriorityQueue<Timer<T>> queue =
      new PriorityQueue<>(Comparator.comparingLong(Timer<T>::at));
  private final Predicate<Timer<T>> holds;

  record Timer<T>(long at, T what) {}

  /**
   * @param holds whether one was not called off
   */
  Timers(Predicate<Timer<T>> holds) {
    this.holds = holds;
  }

  /**
   * @param most how many can hold at the same time
   */
  void add(long at, T what, int most) {
    queue.add(new Timer<>(at, what));
    if (queue.size() > 2 * most + SLACK) {
      queue.removeIf(holds.negate());
    }
  }

  /** The next whose time has come; null: there is none. */
  @Nullable T poll(long now) {
    return next() <= now ? queue.remove().what() : null;
  }

  /** When the next is; {@link Scheduler#NEVER} if there is none. */
  long next() {
    Timer<T> first = queue.peek();
    while (first != null && !holds.test(first)) {
      queue.remove();
      first = queue.peek();
    }
    return first == null ? Scheduler.NEVER : first.at();
  }

  int size() {
    return queue.size();
  }
}
