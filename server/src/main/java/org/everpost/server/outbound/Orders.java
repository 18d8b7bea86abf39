package org.everpost.server.outbound;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Whose mail is to be held: nothing of it is sent, written down as held or not, loaded or not. Safe
 * for any number of threads.
 */
final class Orders {

  /** How long that keeps a message back which cannot be written. */
  private static final Duration KEPT_BACK = Duration.ofHours(1);

  /** What was accepted before an order is in the queue by then. */
  static final Duration ACCEPTING = Duration.ofMinutes(1);

  /** How long what an earlier run left is kept back while it is not known what is to be held. */
  private static final Duration LEARNING = ACCEPTING.multipliedBy(2);

  private final Clock clock;
  private final Instant began;
  private final Map<String, Order> bySender = new ConcurrentHashMap<>();
  private volatile boolean learned;

  Orders(Clock clock) {
    this.clock = clock;
    this.began = asStored(clock.instant());
  }

  /** What earlier runs and other nodes left to be held is known, as far as it can be. */
  void learned() {
    learned = true;
  }

  boolean hasLearned() {
    return learned;
  }

  /** What is to be held of one sender. */
  static final class Order {
    private final String sender;

    /** Released since; when. */
    private final Map<SpoolId, Instant> excepted = new HashMap<>();

    private String reason;
    private Instant before;
    private long givenNanos;
    private long until;
    private int atWork;
    private int unwritten;
    private int found;

    private Order(String sender, String reason, Instant before, Instant now, long nanos) {
      this.sender = sender;
      this.reason = reason;
      this.before = asStored(before);
      this.givenNanos = nanos;
      this.until = now.plus(KEPT_BACK).toEpochMilli();
      this.atWork = 1;
    }

    private synchronized Order renewed(Order next) {
      if (next.before.isAfter(before)) {
        before = next.before;
        reason = next.reason;
      }
      excepted.values().removeIf(released -> released.isBefore(next.before));
      givenNanos = next.givenNanos;
      until = next.until;
      atWork++;
      return this;
    }

    String sender() {
      return sender;
    }

    synchronized String reason() {
      return reason;
    }

    /** When a message that cannot be written is no longer kept back, in milliseconds. */
    synchronized long until() {
      return until;
    }

    /** Whether a message of the sender is to be held and is not. */
    synchronized boolean concerns(SpooledMessage message) {
      return message.held() == null
          && !asStored(message.accepted()).isAfter(before)
          && !excepted.containsKey(message.id());
    }

    private synchronized void except(SpoolId id, Instant now) {
      excepted.put(id, now);
    }

    /** A message is to be written down as held. */
    synchronized void awaitsOne() {
      unwritten++;
    }

    /** It was, or need not or cannot be. */
    synchronized void hasWrittenOne() {
      unwritten--;
    }

    /** All that is in the plan was looked through. */
    synchronized void lookedThrough() {
      atWork--;
    }

    private synchronized boolean isIdle() {
      return atWork == 0 && unwritten == 0;
    }

    private synchronized boolean isOver(long nanos) {
      return isIdle() && nanos - givenNanos > ACCEPTING.toNanos();
    }

    /** A message was that is to be held and was not before. */
    synchronized void found() {
      found++;
    }

    /** How many of those were not told of. */
    synchronized int takeFound() {
      int all = found;
      found = 0;
      return all;
    }
  }

  /** Times of messages are stored in milliseconds. */
  private static Instant asStored(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * One that was given just now, or more of one; the plan is to be looked through for it.
   *
   * @param before what was accepted until then, and not released since then, is to be held
   */
  Order given(String sender, String reason, Instant before) {
    Order next = new Order(sender, reason, before, clock.instant(), clock.nanoTime());
    return bySender.merge(sender, next, Order::renewed);
  }

  Collection<Order> all() {
    return bySender.values();
  }

  @Nullable Order concerning(SpooledMessage message) {
    Order order = bySender.get(message.sender());
    return order != null && order.concerns(message) ? order : null;
  }

  /** Until when nothing is sent of a message because it is about to be held; in milliseconds. */
  OptionalLong keptBackUntil(SpooledMessage message) {
    Order order = concerning(message);
    long until =
        order != null
            ? order.until()
            : !learned && message.held() == null && message.accepted().isBefore(began)
                ? began.plus(LEARNING).toEpochMilli()
                : 0;
    return until > 0 && clock.instant().toEpochMilli() < until
        ? OptionalLong.of(until)
        : OptionalLong.empty();
  }

  /** A message was released: no order that was given before concerns it any more. */
  void except(SpooledMessage message) {
    Order order = bySender.get(message.sender());
    if (order != null) {
      order.except(message.id(), clock.instant());
    }
  }

  /** Whether nothing is left to be done for a sender. */
  boolean isIdle(String sender) {
    Order order = bySender.get(sender);
    return order == null || order.isIdle();
  }

  /** All that was there is planned: forgets orders that nothing can be left for. */
  void forgetOver() {
    long now = clock.nanoTime();
    for (String sender : bySender.keySet()) {
      bySender.computeIfPresent(sender, (_, order) -> order.isOver(now) ? null : order);
    }
  }
}
