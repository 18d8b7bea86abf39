package org.everpost.server.outbound;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.everpost.core.cluster.NodeLease;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.SpoolEvent;
import org.everpost.core.spool.HoldOrder;
import org.everpost.core.spool.Job;
import org.everpost.core.spool.Spool;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpoolPartition;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.time.Clock;
import org.everpost.server.outbound.Orders.Order;
import org.everpost.server.outbound.Patience.Work;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the queue has of a sender, by orders of this node and of others. An order concerns all
 * that was accepted before it, also what is loaded later; if it was read from the store, also what
 * was accepted in the ten seconds after it, as clocks differ. Nothing of that is tried from then
 * on, though it takes a while until all is written down. A partition that cannot be written to
 * keeps no other from it. Safe for any number of threads.
 */
final class Holding {

  /** How often it is looked for orders: of other nodes, and those left of an earlier run. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  /** Before an order is given again that could not be given. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Orders orders;
  private final Spool spool;
  private final Plan plan;
  private final Book book;
  private final Patience patience;
  private final Consumer<Work> threads;
  private final Clock clock;
  private final EventSink events;

  private final Map<SpoolPartition, Line> lines = new ConcurrentHashMap<>();

  /** By number: the orders that were begun, and those that the store has not yet. */
  private final Set<Long> begun = ConcurrentHashMap.newKeySet();

  private final Set<Long> notGiven = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  /**
   * @param threads starts them
   */
  Holding(
      Orders orders,
      Spool spool,
      Plan plan,
      Book book,
      Patience patience,
      Consumer<Work> threads,
      Clock clock,
      EventSink events) {
    this.orders = orders;
    this.spool = spool;
    this.plan = plan;
    this.book = book;
    this.patience = patience;
    this.threads = threads;
    this.clock = clock;
    this.events = events;
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
    begun.add(order.number());
    tell(sender, reason, hold(sender, reason, order.at()).takeFound());
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

  /** What was accepted before; waits for nothing that is to be written. */
  private Order hold(String sender, String reason, Instant before) {
    Order order = orders.given(sender, reason, before);
    for (Job job : plan.sentBy(sender)) {
      if (!job.partition().isLost()) {
        order.awaitsOne();
        hold(job.partition(), job.id(), order, false);
      }
    }
    order.lookedThrough();
    return order;
  }

  /**
   * @param kept whether it was planned so that it is not sent meanwhile
   */
  private void hold(SpoolPartition partition, SpoolId id, Order order, boolean kept) {
    if (kept || plan.keepBack(partition, id, order.until())) {
      order.found();
    }
    boolean[] more = new boolean[1];
    Line _ =
        lines.compute(
            partition,
            (_, before) -> {
              Line line = before == null ? new Line() : before;
              line.wishes.add(new Wish(id, order));
              more[0] = line.writers < Queue.BATCH;
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
      boolean _ = patience.survives(() -> hold(partition, its));
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

  private void hold(SpoolPartition partition, Wish wish) throws InterruptedException {
    try {
      if (!partition.isLost()) {
        book.hold(partition, wish.id, wish.order);
      }
    } finally {
      wish.order.hasWrittenOne();
    }
  }

  private void tell(String sender, String reason, int messages) {
    events.accept(new SpoolEvent.SenderHeld(sender, messages, reason));
  }

  private void tellIfAny(Order order) {
    int found = order.takeFound();
    if (found > 0) {
      tell(order.sender(), order.reason(), found);
    }
  }

  // ---- what is not in the plan yet ----

  /** Plans a message that was read from the store, perhaps before an operator changed it. */
  void load(SpoolPartition partition, SpooledMessage message) {
    boolean toBeHeld = enter(partition, message);
    if (book.wasChangedUnplanned(message.id())) {
      Optional<SpooledMessage> now = partition.get(message.id());
      book.follow(partition, message.id(), now);
      if (!toBeHeld && now.isPresent()) {
        boolean _ = enter(partition, now.get());
      }
    }
  }

  /**
   * Plans a message; an order that comes meanwhile finds it planned, or is found behind it.
   *
   * @return whether it is to be held
   */
  boolean enter(SpoolPartition partition, SpooledMessage message) {
    Order before = orders.concerning(message);
    if (before != null) {
      before.awaitsOne();
    }
    boolean _ = book.enter(partition, message);
    Order order = before == null ? orders.concerning(message) : before;
    if (order != null) {
      if (before == null) {
        order.awaitsOne();
      }
      hold(partition, message.id(), order, before != null);
    }
    return order != null;
  }

  /** Tells what was found while more was planned. */
  void planned(boolean all) {
    orders.all().forEach(this::tellIfAny);
    if (all) {
      orders.forgetOver();
      book.forgetUnplanned();
    }
  }

  // ---- orders in the store ----

  /**
   * Learns what is to be held, before anything is planned; a store that does not tell keeps that
   * for a minute.
   */
  void learn() throws InterruptedException {
    long until = clock.nanoTime() + Orders.ACCEPTING.toNanos();
    while (!patience.survives(this::obeyPending) && clock.nanoTime() - until < 0) {
      clock.sleep(PAUSE);
    }
    orders.learned();
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
      if (begun.add(order.number())) { // this node's clock may be ahead of the other's
        tellIfAny(hold(order.sender(), order.reason(), order.at().plus(NodeLease.CLOCK_SKEW)));
      } else if (spool.isLoaded() && orders.isIdle(order.sender()) && !stopping) {
        spool.holdOrders().obeyed(order);
      }
    }
  }

  /** Begins nothing more. */
  void stop() {
    stopping = true;
  }
}
