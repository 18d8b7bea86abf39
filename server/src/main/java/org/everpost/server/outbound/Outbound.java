package org.everpost.server.outbound;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.everpost.core.cluster.NodeLease;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.RelayEvent;
import org.everpost.core.event.SpoolEvent;
import org.everpost.core.spool.RetryRules;
import org.everpost.core.spool.Scheduler;
import org.everpost.core.spool.Spool;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpoolPartition;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.Relay;
import org.everpost.store.Blobs;
import org.everpost.store.StoreException;

/**
 * Everything that leaves: takes messages into the queue, and works through it while it runs. Safe
 * for any number of threads.
 */
public final class Outbound implements AutoCloseable {

  /** A message for more recipients is stored as several, so that an attempt rewrites little. */
  private static final int MAX_RECIPIENTS = 200;

  /** How long attempts may go on with what they are at when the server stops. */
  private static final Duration GRACE = Duration.ofSeconds(4);

  private static final Duration POLL = Duration.ofMillis(20);

  private final Spool spool;
  private final RetryRules rules;
  private final Plan plan;
  private final Book book;
  private final Carrier.Parts carrying;
  private final Clock clock;
  private final EventSink events;
  private final Set<Thread> carriers = ConcurrentHashMap.newKeySet();
  private final List<Thread> threads = new ArrayList<>();

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
    this.plan = new Plan(new Scheduler(settings, random), clock);
    Settlement settlement = new Settlement(rules, random);
    this.book =
        new Book(
            plan,
            settlement,
            rules,
            notices,
            this::accept,
            new Patience(clock, events),
            clock,
            events);
    this.carrying = new Carrier.Parts(spool, plan, relay, blobs, signer, book, events);
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
      book.enter(partition, message);
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
        departure.prefix().length() + departure.blobSize() - departure.skip(),
        now.plus(rules.expire()),
        false,
        null,
        recipients);
  }

  /**
   * Holds what this node's queue still has of a sender; does not wait for it.
   *
   * @param sender see {@link SpooledMessage}
   */
  public void holdAllOf(String sender, String reason) {
    start(() -> {
      int held = 0;
      for (Map.Entry<SpoolId, SpoolPartition> each : plan.sentBy(sender).entrySet()) {
        held += book.hold(each.getValue(), each.getKey(), reason) ? 1 : 0;
      }
      events.accept(new SpoolEvent.SenderHeld(sender, held, reason));
    });
  }

  /** Begins to work through the queue: first through what was left of an earlier run. */
  public void start() {
    threads.add(Thread.ofVirtual().name("outbound").start(() -> untilStopped(this::dispatch)));
    threads.add(Thread.ofVirtual().name("spool-tending").start(() -> untilStopped(this::tend)));
    threads.add(Thread.ofVirtual().name("spool-loading").start(() -> untilStopped(this::load)));
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private static void untilStopped(Work work) {
    try {
      work.run();
    } catch (InterruptedException e) {
      // The server stops.
    }
  }

  private void dispatch() throws InterruptedException {
    while (true) {
      switch (plan.take()) {
        case Plan.Task.Connect(var job) ->
            start(() -> new Carrier(carrying, job.destination()).run(job));
        case Plan.Task.Alarm(var job) -> start(() -> book.alarmed(job));
      }
    }
  }

  private void start(Work work) {
    Thread thread =
        Thread.ofVirtual()
            .name("carrier")
            .unstarted(() -> {
              try {
                untilStopped(work);
              } finally {
                carriers.remove(Thread.currentThread());
              }
            });
    carriers.add(thread);
    thread.start();
  }

  private void tend() throws InterruptedException {
    while (true) {
      clock.sleep(NodeLease.RENEWAL);
      try {
        spool.tend();
      } catch (StoreException e) {
        events.accept(new SpoolEvent.Stuck("", String.valueOf(e.getMessage())));
      }
    }
  }

  private void load() throws InterruptedException {
    while (true) {
      try {
        List<Untold> untold = new ArrayList<>();
        spool.load((partition, message) -> {
          if (Book.isToBeTold(message)) {
            untold.add(new Untold(partition, message));
          } else {
            book.enter(partition, message);
          }
        });
        for (Untold each : untold) {
          book.resume(each.partition(), each.message());
        }
        return;
      } catch (StoreException e) {
        events.accept(new SpoolEvent.Stuck("", String.valueOf(e.getMessage())));
        clock.sleep(Duration.ofSeconds(1));
      }
    }
  }

  private record Untold(SpoolPartition partition, SpooledMessage message) {}

  /** How many recipients' domains times messages wait to be tried. */
  public int size() {
    return plan.size();
  }

  /** Lets attempts finish what they are at, for a few seconds. */
  @Override
  public void close() {
    plan.end();
    threads.forEach(Thread::interrupt);
    long until = clock.nanoTime() + GRACE.toNanos();
    try {
      while (!carriers.isEmpty() && clock.nanoTime() - until < 0) {
        clock.sleep(POLL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    carriers.forEach(Thread::interrupt);
  }
}
