package org.everpost.server.outbound;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.everpost.core.event.EventSink;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.Spool;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpoolPartition;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.time.Clock;
import org.everpost.server.outbound.QueueAction.Outcome;
import org.everpost.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * The queue as an operator sees it, whether somebody works through it just now or not. However much
 * is in it, little is in memory. Methods may throw {@link
 * org.everpost.store.StoreUnavailableException}. Safe for any number of threads.
 */
public final class Queue {

  /** So many messages are changed at the same time: they share commits. */
  static final int BATCH = 200;

  /** So much of a reason is kept for each group of a summary. */
  private static final int LONGEST_REASON = 200;

  private final Spool spool;
  private final @Nullable Plan plan;
  private final Operator operator;
  private final Clock clock;

  /** One that is worked through. */
  Queue(Spool spool, Plan plan, Book book, Clock clock, EventSink events) {
    this.spool = Objects.requireNonNull(spool, "spool");
    this.plan = Objects.requireNonNull(plan, "plan");
    this.operator = new Operator(plan, Objects.requireNonNull(book, "book"), clock, events);
    this.clock = clock;
  }

  /** One that nobody works through. */
  public Queue(Spool spool, Clock clock, EventSink events) {
    this.spool = Objects.requireNonNull(spool, "spool");
    this.plan = null;
    this.operator = new Operator(null, null, clock, events);
    this.clock = clock;
  }

  // ---- what is there ----

  /** How much there is, as far as the plan knows. */
  public record Size(int messages, int held, int destinations, int blocked) {}

  /** How much there is to do; nothing if nobody does it. */
  public Size size() {
    return plan == null ? new Size(0, 0, 0, 0) : plan.size();
  }

  /**
   * Shows messages, the oldest of each epoch first, until the visitor has seen enough. If some
   * cannot be read, that is said when all others were shown.
   *
   * @param visitor whether it wants more
   * @param progress hears how many were looked at
   */
  public void visit(QueueFilter filter, Predicate<Queued> visitor, IntConsumer progress) {
    walk(filter, (partition, message) -> visitor.test(queued(partition, message)), progress);
  }

  private interface Step {
    boolean goOn(SpoolPartition partition, SpooledMessage message);
  }

  private void walk(QueueFilter filter, Step step, IntConsumer progress) {
    Instant now = clock.instant();
    int[] seen = {0};
    boolean _ =
        spool.visit((partition, message) -> {
          progress.accept(++seen[0]);
          return !filter.matches(message, now) || step.goOn(partition, message);
        });
  }

  /** One message. */
  public Optional<Queued> find(SpoolId id) {
    return spool.find(id).map(found -> queued(found.partition(), found.message()));
  }

  private Queued queued(SpoolPartition partition, SpooledMessage message) {
    return Queued.of(partition, message, plan);
  }

  /** Counts messages by destination and reason, the largest group first. */
  public List<QueueGroup> summary(QueueFilter filter, IntConsumer progress) {
    Map<Key, QueueGroup> groups = new HashMap<>();
    walk(
        filter,
        (partition, message) -> {
          count(filter, queued(partition, message), groups);
          return true;
        },
        progress);
    return groups.values().stream()
        .sorted(
            Comparator.comparingInt(QueueGroup::messages)
                .reversed()
                .thenComparing(QueueGroup::destination)
                .thenComparing(QueueGroup::status))
        .toList();
  }

  private record Key(String destination, String status, @Nullable String held) {}

  private static void count(QueueFilter filter, Queued queued, Map<Key, QueueGroup> groups) {
    SpooledMessage message = queued.message();
    Map<Key, QueueGroup> its = new HashMap<>();
    for (SpooledRecipient recipient : message.recipients()) {
      if (filter.concerns(recipient)) {
        Reason reason = queued.reason(recipient);
        String status = reason == null || message.held() != null ? "" : reason.status().toString();
        Key key = new Key(recipient.destination(), status, message.held());
        its.putIfAbsent(
            key,
            new QueueGroup(
                key.destination,
                key.status,
                key.held,
                1,
                message.accepted(),
                queued.next(recipient),
                reason == null ? null : shortened(reason),
                queued.destinations().get(key.destination)));
      }
    }
    its.forEach((key, one) -> groups.merge(key, one, Queue::sum));
  }

  private static Reason shortened(Reason reason) {
    String text = reason.text();
    return text.length() <= LONGEST_REASON
        ? reason
        : new Reason(reason.status(), text.substring(0, LONGEST_REASON), reason.peer());
  }

  private static QueueGroup sum(QueueGroup a, QueueGroup b) {
    return new QueueGroup(
        a.destination(),
        a.status(),
        a.held(),
        a.messages() + b.messages(),
        a.oldest().isBefore(b.oldest()) ? a.oldest() : b.oldest(),
        a.next().isBefore(b.next()) ? a.next() : b.next(),
        b.last() == null ? a.last() : b.last(),
        b.state());
  }

  // ---- what is changed ----

  /** Does something with one message. */
  public Outcome change(SpoolId id, QueueAction action) {
    return spool
        .find(id)
        .map(found -> operator.apply(found.partition(), id, QueueFilter.ALL, action))
        .orElse(Outcome.ABSENT);
  }

  /**
   * Does something with all messages that are meant. Where that is by a recipient, only what still
   * waits for such recipients is retried, given up or deleted.
   *
   * @return how many had which outcome
   * @throws UnfinishedException if some could not be read or changed
   */
  public Map<Outcome, Integer> change(QueueFilter filter, QueueAction action, IntConsumer progress)
      throws InterruptedException, UnfinishedException {
    Batch batch = new Batch(filter, action);
    try {
      walk(filter, batch::add, progress);
    } catch (StoreException e) {
      batch.fail(e);
    }
    batch.run();
    batch.requireNoFailure();
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedException();
    }
    return batch.outcomes;
  }

  private record Chosen(SpoolPartition partition, SpoolId id) {}

  /** Messages that are changed at the same time. Used by one thread. */
  private final class Batch {
    private final QueueFilter filter;
    private final QueueAction action;
    private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    private final List<Chosen> waiting = new ArrayList<>();
    private @Nullable RuntimeException failure;

    Batch(QueueFilter filter, QueueAction action) {
      this.filter = filter;
      this.action = action;
    }

    boolean add(SpoolPartition partition, SpooledMessage message) {
      waiting.add(new Chosen(partition, message.id()));
      if (waiting.size() == BATCH) {
        run();
      }
      return failure == null && !Thread.currentThread().isInterrupted();
    }

    void run() {
      java.util.Queue<Outcome> done = new ConcurrentLinkedQueue<>();
      java.util.Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
      List<Thread> threads = new ArrayList<>();
      waiting.forEach(chosen ->
          threads.add(
              Thread.ofVirtual()
                  .name("queue-change")
                  .start(() -> {
                    try {
                      done.add(operator.apply(chosen.partition(), chosen.id(), filter, action));
                    } catch (RuntimeException e) {
                      failures.add(e);
                    }
                  })));
      waiting.clear();
      try {
        for (Thread thread : threads) {
          thread.join();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      done.forEach(outcome -> outcomes.merge(outcome, 1, Integer::sum));
      failures.forEach(this::fail);
    }

    void fail(RuntimeException e) {
      failure = failure == null ? e : failure;
    }

    void requireNoFailure() throws UnfinishedException {
      if (failure != null) {
        throw new UnfinishedException(outcomes, failure);
      }
    }
  }
}
