package org.everpost.server.outbound;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpoolPartition;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Whose mail is to be held, and what of it is not written down yet: nothing of that is sent. Safe
 * for any number of threads.
 */
final class Orders {

  /** How long that keeps a message back which cannot be written. */
  private static final Duration KEPT_BACK = Duration.ofHours(1);

  /** What was accepted before an order is in the queue by then. */
  private static final Duration ACCEPTING = Duration.ofMinutes(1);

  private final Clock clock;
  private final Map<String, Order> bySender = new ConcurrentHashMap<>();

  Orders(Clock clock) {
    this.clock = clock;
  }

  private record Place(SpoolPartition partition, SpoolId id) {}

  /** What is to be held of one sender. */
  static final class Order {
    private final String sender;

    /** For how many writes a message waits. */
    private final Map<Place, Integer> waiting = new HashMap<>();

    private String reason;
    private Instant before;
    private long givenNanos;
    private long until;
    private int atWork;
    private int found;

    private Order(String sender, String reason, Instant before, Instant now, long nanos) {
      this.sender = sender;
      this.reason = reason;
      this.before = before;
      this.givenNanos = nanos;
      this.until = now.plus(KEPT_BACK).toEpochMilli();
      this.atWork = 1;
    }

    private synchronized Order renewed(Order next) {
      if (next.before.isAfter(before)) {
        before = next.before;
        reason = next.reason;
      }
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

    /** It is for what was accepted until then. */
    synchronized Instant before() {
      return before;
    }

    /** When a message that cannot be written is no longer kept back, in milliseconds. */
    synchronized long until() {
      return until;
    }

    private synchronized boolean concerns(SpooledMessage message) {
      return message.held() == null && !message.accepted().isAfter(before);
    }

    /** A message is to be written down as held. */
    synchronized void awaits(SpoolPartition partition, SpoolId id) {
      waiting.merge(new Place(partition, id), 1, Integer::sum);
    }

    /** It was, or need not or cannot be. */
    synchronized void written(SpoolPartition partition, SpoolId id) {
      waiting.computeIfPresent(
          new Place(partition, id), (_, writes) -> writes > 1 ? (Integer) (writes - 1) : null);
    }

    private synchronized boolean isAwaiting(SpoolPartition partition, SpoolId id) {
      return waiting.containsKey(new Place(partition, id));
    }

    /** All that is in the plan was looked through. */
    synchronized void lookedThrough() {
      atWork--;
    }

    private synchronized boolean isIdle() {
      return atWork == 0 && waiting.isEmpty();
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

  /** One that was given just now, or more of one; the plan is to be looked through for it. */
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
  OptionalLong keptBackUntil(SpoolPartition partition, SpooledMessage message) {
    Order order = bySender.get(message.sender());
    return order != null
            && order.isAwaiting(partition, message.id())
            && clock.instant().toEpochMilli() < order.until()
        ? OptionalLong.of(order.until())
        : OptionalLong.empty();
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
