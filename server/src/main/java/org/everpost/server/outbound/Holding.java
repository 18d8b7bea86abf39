package org.everpost.server.outbound;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.everpost.core.cluster.NodeLease;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.SpoolEvent;
import org.everpost.core.spool.HoldOrder;
import org.everpost.core.spool.Spool;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpoolPartition;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.time.Clock;
import org.everpost.server.outbound.Patience.Work;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the queue has of a sender, by orders of this node and of others. An order concerns all
 * that was accepted before it, also what is loaded later. A partition that cannot be written to
 * keeps no other from it. Safe for any number of threads.
 */
final class Holding {

  /** How often it is looked for orders: of other nodes, and those left of an earlier run. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  /** Before an order is given again that could not be given. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** What was accepted before an order is in the queue by then. */
  private static final Duration ACCEPTING = Duration.ofMinutes(1);

  /** So many messages of one partition are written at the same time: they share commits. */
  private static final int WRITERS = 16;

  private final Spool spool;
  private final Plan plan;
  private final Book book;
  private final Patience patience;
  private final Consumer<Work> threads;
  private final Clock clock;
  private final EventSink events;

  /** By sender. */
  private final Map<String, Order> orders = new ConcurrentHashMap<>();

  private final Map<SpoolPartition, Line> lines = new ConcurrentHashMap<>();

  /** By number: the orders that were begun, and those that the store has not yet. */
  private final Set<Long> begun = ConcurrentHashMap.newKeySet();

  private final Set<Long> notGiven = ConcurrentHashMap.newKeySet();
  private volatile boolean learned;
  private volatile boolean stopping;

  /**
   * @param threads starts them
   */
  Holding(
      Spool spool,
      Plan plan,
      Book book,
      Patience patience,
      Consumer<Work> threads,
      Clock clock,
      EventSink events) {
    this.spool = spool;
    this.plan = plan;
    this.book = book;
    this.patience = patience;
    this.threads = threads;
    this.clock = clock;
    this.events = events;
  }

  /** What is to be held of one sender. Safe for any number of threads. */
  private static final class Order {
    private final String sender;
    private String reason;
    private Instant before;
    private long given;

    /** What is not written down yet. */
    private int waiting;

    private int held;
    private boolean told;

    Order(String sender, String reason, Instant before, long given) {
      this.sender = sender;
      this.reason = reason;
      this.before = before;
      this.given = given;
    }

    synchronized Order renewed(Order next) {
      if (next.before.isAfter(before)) {
        before = next.before;
        reason = next.reason;
      }
      given = next.given;
      told = false;
      return this;
    }

    synchronized boolean concerns(SpooledMessage message) {
      return message.held() == null && !message.accepted().isAfter(before);
    }

    synchronized String reason() {
      return reason;
    }

    synchronized Instant before() {
      return before;
    }

    synchronized void begin() {
      waiting++;
    }

    synchronized void end(boolean isHeld) {
      held += isHeld ? 1 : 0;
      waiting--;
    }

    synchronized boolean isIdle() {
      return waiting == 0;
    }

    synchronized boolean isOver(long now) {
      return waiting == 0 && now - given > ACCEPTING.toNanos();
    }

    /** How many are held that were not told of; empty if there is nothing to tell now. */
    synchronized OptionalInt tell(boolean loaded) {
      if (waiting > 0 || (told && (held == 0 || !loaded))) {
        return OptionalInt.empty();
      }
      int all = held;
      held = 0;
      told = true;
      return OptionalInt.of(all);
    }
  }

  /** What is to be held in one partition, and by how many threads it is. */
  private static final class Line {
    private final ArrayDeque<Wish> wishes = new ArrayDeque<>();
    private int writers;
  }

  private record Wish(SpoolId id, Order order) {}

  /** See {@link Outbound#holdAllOf}. */
  void holdAllOf(String sender, String reason) {
    HoldOrder order = spool.holdOrders().newOrder(sender, reason);
    notGiven.add(order.number());
    begin(order, order.at());
    threads.accept(() -> {
      while (!patience.survives(() -> give(order)) && !stopping) {
        clock.sleep(PAUSE);
      }
    });
  }

  private void give(HoldOrder order) {
    spool.holdOrders().give(order);
    notGiven.remove(order.number());
  }

  private void begin(HoldOrder order, Instant before) {
    if (begun.add(order.number())) {
      hold(order.sender(), order.reason(), before);
    }
  }

  /** What was accepted before; waits for nothing that is to be written. */
  private void hold(String sender, String reason, Instant before) {
    Order order =
        orders.merge(sender, new Order(sender, reason, before, clock.nanoTime()), Order::renewed);
    order.begin();
    plan.sentBy(sender).forEach(job -> hold(job.partition(), job.id(), order));
    order.end(false);
    tell(order, spool.isLoaded());
  }

  private void hold(SpoolPartition partition, SpoolId id, Order order) {
    order.begin();
    boolean[] more = new boolean[1];
    Line _ =
        lines.compute(
            partition,
            (_, before) -> {
              Line line = before == null ? new Line() : before;
              line.wishes.add(new Wish(id, order));
              more[0] = line.writers < WRITERS;
              line.writers += more[0] ? 1 : 0;
              return line;
            });
    if (more[0]) {
      threads.accept(() -> write(partition));
    }
  }

  private void write(SpoolPartition partition) throws InterruptedException {
    for (Wish wish = next(partition); wish != null; wish = next(partition)) {
      Wish its = wish;
      boolean[] held = new boolean[1];
      try {
        boolean _ = patience.survives(() -> held[0] = hold(partition, its));
      } finally {
        its.order.end(held[0]);
        tell(its.order, spool.isLoaded());
      }
    }
  }

  /** Null if there is nothing more for the calling thread. */
  private @Nullable Wish next(SpoolPartition partition) {
    @Nullable Wish[] next = new @Nullable Wish[1];
    Line _ =
        lines.computeIfPresent(
            partition,
            (_, line) -> {
              next[0] = stopping ? null : line.wishes.poll();
              line.writers -= next[0] == null ? 1 : 0;
              return line.writers == 0 ? null : line;
            });
    return next[0];
  }

  /** Whether it is held now. */
  private boolean hold(SpoolPartition partition, Wish wish) throws InterruptedException {
    boolean held = false;
    try {
      Order order = wish.order;
      held = !partition.isLost() && book.hold(partition, wish.id, order.reason(), order.before());
    } finally {
      if (!held && !partition.isLost()) {
        book.follow(partition, wish.id, partition.get(wish.id)); // it was planned as held
      }
    }
    return held;
  }

  /** What is found while the queue is loaded is told of when it is. */
  private void tell(Order order, boolean loaded) {
    order
        .tell(loaded)
        .ifPresent(
            held -> events.accept(new SpoolEvent.SenderHeld(order.sender, held, order.reason())));
  }

  // ---- what is not in the plan yet ----

  /** Plans a message; an order that comes meanwhile finds it planned, or is found behind it. */
  void enter(SpoolPartition partition, SpooledMessage message) {
    Order before = concerning(message);
    book.enter(partition, before == null ? message : message.withHeld(before.reason()));
    Order order = before == null ? concerning(message) : before;
    if (order != null) {
      hold(partition, message.id(), order);
    }
  }

  /** Whether that is about to be written down. */
  boolean isToBeHeld(SpooledMessage message) {
    Order order = concerning(message);
    return order != null && !order.isIdle();
  }

  private @Nullable Order concerning(SpooledMessage message) {
    Order order = orders.get(message.sender());
    return order != null && order.concerns(message) ? order : null;
  }

  /** All that was there is planned: forgets orders that nothing can be left for. */
  void allPlanned() {
    long now = clock.nanoTime();
    for (Order order : orders.values()) {
      tell(order, true);
      orders.computeIfPresent(order.sender, (_, its) -> its.isOver(now) ? null : its);
    }
  }

  // ---- orders in the store ----

  /**
   * Learns what is to be held, before anything is planned; a store that does not tell keeps that
   * for a minute.
   */
  void learn() throws InterruptedException {
    long until = clock.nanoTime() + ACCEPTING.toNanos();
    while (!patience.survives(this::obeyPending) && clock.nanoTime() - until < 0) {
      clock.sleep(PAUSE);
    }
    learned = true;
  }

  boolean hasLearned() {
    return learned;
  }

  /** Does what is to be held, by orders of other nodes among others, until it is interrupted. */
  void obey() throws InterruptedException {
    while (!stopping) {
      clock.sleep(LOOK);
      boolean _ = patience.survives(this::obeyPending);
    }
  }

  /** Each is begun once; it is noted as carried out when nothing of it is left to do. */
  private void obeyPending() {
    Set<Long> over = new HashSet<>(begun);
    over.removeAll(notGiven);
    List<HoldOrder> pending = spool.holdOrders().pending();
    pending.forEach(order -> over.remove(order.number()));
    begun.removeAll(over);
    for (HoldOrder order : pending) {
      if (!begun.contains(order.number())) {
        begin(order, order.at().plus(NodeLease.CLOCK_SKEW)); // by which this node's may be ahead
      } else if (spool.isLoaded() && isCarriedOut(order) && !stopping) {
        spool.holdOrders().obeyed(order);
      }
    }
  }

  private boolean isCarriedOut(HoldOrder order) {
    Order its = orders.get(order.sender());
    return its == null || its.isIdle();
  }

  /** Begins nothing more. */
  void stop() {
    stopping = true;
  }
}
