package org.everpost.server.outbound;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.everpost.core.cluster.NodeLease;
import org.everpost.core.cluster.Nodes;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.RelayEvent;
import org.everpost.core.spool.Job;
import org.everpost.core.spool.RetryRules;
import org.everpost.core.spool.Scheduler;
import org.everpost.core.spool.Spool;
import org.everpost.core.spool.SpoolPartition;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.outbound.Patience.Work;
import org.everpost.server.relay.Relay;
import org.everpost.store.Blobs;

/**
 * Everything that leaves: takes messages into the queue, and works through it while it runs. Safe
 * for any number of threads.
 */
public final class Outbound implements AutoCloseable {

  /** A message for more recipients is stored as several, so that an attempt rewrites little. */
  private static final int MAX_RECIPIENTS = 200;

  /** How long attempts may go on with what they are at, where nobody says so. */
  private static final Duration GRACE = Duration.ofSeconds(4);

  /** How long all of them have to write down how that ended. */
  private static final Duration LAST_WORDS = Duration.ofMillis(300);

  private static final Duration POLL = Duration.ofMillis(20);

  /** Before what failed is tried again that has to work for all. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** A clock is made to agree with others by less. */
  private static final Duration SET_BACK = Duration.ofMinutes(1);

  private final Spool spool;
  private final RetryRules rules;
  private final Plan plan;
  private final Orders orders;
  private final Book book;
  private final Holding holding;
  private final Patience patience;
  private final Clearance clearance;
  private final Carrier.Parts carrying;
  private final Clock clock;
  private final EventSink events;
  private final Set<Thread> carriers = ConcurrentHashMap.newKeySet();
  private final List<Thread> threads = new ArrayList<>();

  private volatile boolean stopping;

  /**
   * @param notices tells senders what became of their messages
   */
  public Outbound(
      Spool spool,
      Scheduler.Settings settings,
      RetryRules rules,
      Relay relay,
      Blobs blobs,
      Signer signer,
      Notices notices,
      Clock clock,
      RandomSource random,
      EventSink events) {
    this.spool = spool;
    this.rules = rules;
    this.clearance = new Clearance(spool);
    this.plan = new Plan(new Scheduler(settings, random), clock);
    this.patience = new Patience(clock, events);
    Teller teller = new Teller(plan, notices, this::accept, patience, clock);
    this.orders = new Orders(clock);
    this.book = new Book(plan, orders, new Settlement(rules, random), rules, teller, clock, events);
    this.holding = new Holding(orders, spool, plan, book, patience, this::start, clock, events);
    this.carrying =
        new Carrier.Parts(plan, clearance, relay, blobs, signer, book, this::thread, events);
    this.clock = clock;
    this.events = events;
  }

  /**
   * Takes messages into the queue, all or none; they are durable when this returns.
   *
   * @return the id by which the queue knows the first
   * @throws org.everpost.store.StoreUnavailableException if they cannot be stored now
   */
  public String accept(List<Departure> departures) {
    Instant now = clock.instant();
    List<SpooledMessage> messages = new ArrayList<>();
    for (Departure departure : departures) {
      List<SpooledRecipient> recipients = departure.recipients();
      for (int from = 0; from < recipients.size(); from += MAX_RECIPIENTS) {
        int to = Math.min(recipients.size(), from + MAX_RECIPIENTS);
        messages.add(message(departure, recipients.subList(from, to), now));
      }
    }
    SpoolPartition partition = spool.add(messages);
    for (SpooledMessage message : messages) {
      events.accept(
          new RelayEvent.Queued(
              message.id().toString(),
              message.sender(),
              message.envelope().from().toString(),
              message.recipients().size(),
              message.size()));
      boolean _ = holding.enter(partition, message);
    }
    return messages.getFirst().id().toString();
  }

  private SpooledMessage message(
      Departure departure, List<SpooledRecipient> recipients, Instant now) {
    return new SpooledMessage(
        spool.nextId(),
        now,
        departure.sender(),
        departure.envelope(),
        departure.prefix(),
        departure.blob(),
        departure.skip(),
        octets(departure.prefix()) + departure.blobSize() - departure.skip(),
        now.plus(rules.expire()),
        false,
        null,
        recipients);
  }

  /** The nodes whose queues these are, and this one. */
  public Nodes nodes() {
    return spool.nodes();
  }

  /**
   * Holds what this node's queue still has of a sender, and has the others do the same within
   * seconds; does not wait for it.
   *
   * @param sender see {@link SpooledMessage}
   */
  public void holdAllOf(String sender, String reason) {
    holding.holdAllOf(sender, reason);
  }

  private static int octets(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Begins to work through the queue: first through what was left of an earlier run. */
  public void start() {
    Duration ahead = ahead();
    threads.add(Thread.ofVirtual().name("outbound").start(() -> untilStopped(this::dispatch)));
    threads.add(Thread.ofVirtual().name("spool-lease").start(() -> untilStopped(this::renew)));
    threads.add(Thread.ofVirtual().name("spool-orders").start(() -> untilStopped(holding::obey)));
    threads.add(
        Thread.ofVirtual().name("spool-tending").start(() -> untilStopped(() -> tend(ahead))));
    threads.add(Thread.ofVirtual().name("spool-loading").start(() -> untilStopped(this::load)));
  }

  private static void untilStopped(Work work) {
    try {
      work.run();
    } catch (InterruptedException e) {
      // The server stops.
    }
  }

  private void dispatch() throws InterruptedException {
    while (!stopping) {
      if (!spool.isOurs() || !patience.survives(this::dispatchOne)) {
        plan.endIdle();
        clock.sleep(PAUSE);
      }
    }
  }

  private void dispatchOne() throws InterruptedException {
    switch (plan.take()) {
      case null -> {}
      case Plan.Task.Connect(var job) ->
          start(() -> new Carrier(carrying, job.destination()).run(job));
      case Plan.Task.Alarm(var job) -> start(() -> look(job));
    }
  }

  private void look(Job job) throws InterruptedException {
    try {
      boolean _ =
          book.safely(
              job,
              false,
              () -> {
                if (spool.isOurs()) {
                  book.alarmed(job);
                } else {
                  book.putBack(job); // perhaps another node tells of it
                }
                return true;
              });
    } finally {
      plan.alarmOver();
    }
  }

  private void start(Work work) {
    thread(work).start();
  }

  /** A thread, not started yet, whose end is waited for when the server stops. */
  private Thread thread(Work work) {
    Thread thread =
        Thread.ofVirtual()
            .name("carrier")
            .unstarted(() -> {
              try {
                untilStopped(() -> {
                  boolean _ = patience.survives(work);
                });
              } finally {
                carriers.remove(Thread.currentThread());
              }
            });
    carriers.add(thread);
    return thread;
  }

  /** By a thread of its own: nothing that takes long may cost the lease. */
  private void renew() throws InterruptedException {
    while (!stopping) {
      clock.sleep(patience.survives(spool::renew) ? NodeLease.RENEWAL : PAUSE);
    }
  }

  /**
   * @param before how far the time of day was ahead at the start
   */
  private void tend(Duration before) throws InterruptedException {
    Duration ahead = before;
    Set<SpoolPartition> toPlan = new HashSet<>();
    while (!stopping) {
      clock.sleep(NodeLease.RENEWAL);
      boolean _ = patience.survives(spool::tend);
      Duration now = ahead();
      if (ahead.minus(now).compareTo(SET_BACK) > 0) {
        plan.unblockAll(); // what was to be tried soon would wait until it is so late again
        toPlan.addAll(spool.partitions());
      }
      ahead = now;
      for (SpoolPartition partition :
          orders.hasLearned() ? List.copyOf(toPlan) : List.<SpoolPartition>of()) {
        if (partition.isLost() || patience.survives(() -> planAnew(partition))) {
          toPlan.remove(partition);
        }
      }
    }
  }

  /** How far the time of day is ahead of the clock that nobody sets. */
  private Duration ahead() {
    return Duration.between(Instant.EPOCH, clock.instant()).minusNanos(clock.nanoTime());
  }

  private void planAnew(SpoolPartition partition) {
    partition.forEach(message -> {
      if (!plan.of(partition, message.id()).isEmpty()) { // else it is loaded later
        book.follow(partition, message.id(), Optional.of(message));
      }
    });
  }

  /** First what was left of an earlier run, and later what this node gets back or takes over. */
  private void load() throws InterruptedException {
    holding.learn();
    while (!stopping) {
      boolean all = patience.survives(() -> spool.load(holding::load));
      holding.planned(spool.isLoaded());
      clock.sleep(all ? NodeLease.RENEWAL : PAUSE);
    }
  }

  /** What an operator does with it. */
  public Queue queue() {
    return new Queue(spool, plan, book, clock, events);
  }

  /** How many recipients' domains times messages wait to be tried. */
  public int size() {
    return plan.jobs();
  }

  /**
   * Begins no more attempts, connections and transactions; those under way go on, and messages are
   * still taken in.
   */
  public void stop() {
    stopping = true;
    holding.stop();
    clearance.stop();
    plan.end();
    threads.forEach(Thread::interrupt);
  }

  /** Lets attempts finish what they are at, for a few seconds. */
  @Override
  public void close() {
    long until = clock.nanoTime() + GRACE.toNanos();
    close(until, until);
  }

  /**
   * Lets attempts finish what they are at, then cuts them off, those last that have sent the end of
   * a message and wait for the reply (RFC 5321 §4.5.3.2.6); all have a moment to write down what
   * came of it.
   *
   * @param until by the clock's nanoseconds
   * @param repliesUntil how long replies to the end of a message are waited for
   */
  public void close(long until, long repliesUntil) {
    stop();
    try {
      await(until);
      clearance.interrupt(carriers);
      await(repliesUntil);
      carriers.forEach(Thread::interrupt);
      await(clock.nanoTime() + LAST_WORDS.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      carriers.forEach(Thread::interrupt);
    }
  }

  private void await(long until) throws InterruptedException {
    while (!carriers.isEmpty() && clock.nanoTime() - until < 0) {
      clock.sleep(POLL);
    }
  }
}
