package org.everpost.server.outbound;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.RelayEvent;
import org.everpost.core.event.SpoolEvent;
import org.everpost.core.spool.Job;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.RetryRules;
import org.everpost.core.spool.Scheduler;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpoolPartition;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.time.Clock;
import org.everpost.server.outbound.Orders.Order;
import org.everpost.server.outbound.Plan.Entry;
import org.everpost.server.outbound.Plan.Place;
import org.everpost.server.relay.RecipientResult;
import org.everpost.store.StoreException;
import org.everpost.wire.smtp.Path;

/**
 * Keeps the stored queue and the plan in step: every change of a message goes through here. Safe
 * for any number of threads.
 */
final class Book {

  /** How long a message is left alone that cannot be read, or that another thread is at. */
  private static final Duration A_WHILE = Duration.ofMinutes(1);

  /** How long a message may take to be tried, and its server to answer, before its sender hears. */
  private static final Duration TRY = Duration.ofMinutes(10);

  /** Of what is due, or an alarm that goes off, at once: the same whenever it is asked for. */
  private static final long AT_ONCE = 0;

  private final Plan plan;
  private final Orders orders;
  private final Settlement settlement;
  private final RetryRules rules;
  private final Teller teller;
  private final Clock clock;
  private final EventSink events;

  /** What was changed while the plan did not know it. */
  private final Set<SpoolId> changedUnplanned = ConcurrentHashMap.newKeySet();

  /**
   * @param orders whose mail is to be held
   */
  Book(
      Plan plan,
      Orders orders,
      Settlement settlement,
      RetryRules rules,
      Teller teller,
      Clock clock,
      EventSink events) {
    this.plan = plan;
    this.orders = orders;
    this.settlement = settlement;
    this.rules = rules;
    this.teller = teller;
    this.clock = clock;
    this.events = events;
  }

  // ---- what the plan is to be ----

  /**
   * Plans all that is to be done for a message that is in the queue, unless that was done. If its
   * sender should have been told that it takes longer while nobody was there to send it, it is
   * tried first.
   *
   * @return whether it was not planned before
   */
  boolean enter(SpoolPartition partition, SpooledMessage message) {
    boolean toBeTold = Teller.isDue(message); // of us, or the process before ended too soon
    List<Entry> entries = new ArrayList<>(1);
    for (Job job : jobs(partition, message)) {
      Place place = toBeTold ? new Place.Held(AT_ONCE) : afterATry(place(job, message), message);
      entries.add(new Entry(job, place));
    }
    return plan.enter(partition, message.id(), entries);
  }

  /** The jobs of a message that is not in the plan. */
  private static List<Job> jobs(SpoolPartition partition, SpooledMessage message) {
    List<Job> jobs = new ArrayList<>(1);
    for (String destination : destinations(message)) {
      jobs.add(new Job(partition, message.id(), destination, message.sender()));
    }
    return jobs;
  }

  /** Of recipients that wait; of any one if none does. */
  private static Collection<String> destinations(SpooledMessage message) {
    List<SpooledRecipient> recipients = message.recipients();
    if (recipients.size() == 1) { // by far the most, and there may be a hundred thousand
      return List.of(recipients.getFirst().destination());
    }
    Set<String> destinations = new LinkedHashSet<>();
    for (SpooledRecipient recipient : recipients) {
      if (recipient.isWaiting()) {
        destinations.add(recipient.destination());
      }
    }
    return destinations.isEmpty() ? List.of(recipients.getFirst().destination()) : destinations;
  }

  /** What becomes of a job that is not under way, by what its message says. */
  private Place place(Job job, SpooledMessage message) {
    long due = Scheduler.NEVER;
    boolean fresh = true;
    for (SpooledRecipient recipient : message.recipients()) {
      if (recipient.isWaiting() && recipient.destination().equals(job.destination())) {
        due = Math.min(due, due(recipient));
        fresh &= recipient.attempts() == 0;
      }
    }
    if (due == Scheduler.NEVER) {
      return new Place.Out();
    }
    long expires = message.expires().toEpochMilli();
    OptionalLong keptBack = orders.keptBackUntil(message);
    return message.held() != null
        ? new Place.Held(expires)
        : keptBack.isPresent()
            ? new Place.Held(keptBack.getAsLong())
            : new Place.Tried(fresh, due, alarm(message).toEpochMilli());
  }

  /** At once if that is later than it can have been planned: the clock was ahead then. */
  private long due(SpooledRecipient recipient) {
    Instant now = clock.instant();
    Instant next = recipient.next();
    return next.isAfter(rules.latest(now)) ? AT_ONCE : next.toEpochMilli();
  }

  private Place afterATry(Place place, SpooledMessage message) {
    long now = clock.instant().toEpochMilli();
    return place instanceof Place.Tried(boolean fresh, long due, long alarm) && alarm <= now
        ? new Place.Tried(
            fresh, due, Math.min(now + TRY.toMillis(), message.expires().toEpochMilli()))
        : place;
  }

  private Place place(Job job, Optional<SpooledMessage> message) {
    return message.isPresent() ? place(job, message.get()) : new Place.Out();
  }

  private Instant alarm(SpooledMessage message) {
    return message.delayTold() || warning(message).isAfter(message.expires())
        ? message.expires()
        : warning(message);
  }

  private Instant warning(SpooledMessage message) {
    return message.accepted().plus(rules.delayWarning());
  }

  /** Puts a job back that was under way. */
  void put(Job job, Optional<SpooledMessage> message) {
    Place place = place(job, message);
    plan.put(job, place);
    keepInStep(job, place);
  }

  /** An operator may have changed the message while somebody else decided upon the job's place. */
  private void keepInStep(Job job, Place place) {
    Place last = place;
    try {
      while (!(last instanceof Place.Out)) {
        Place now = place(job, job.partition().get(job.id()));
        if (now.equals(last)) {
          return;
        }
        plan.putIfIdle(job, now);
        last = now;
      }
    } catch (StoreException e) {
      doubt(job.partition(), job.id());
    }
  }

  /** Nobody knows whether a message was changed: if it is not tried, it is looked at soon. */
  void doubt(SpoolPartition partition, SpoolId id) {
    changedUnlessPlanned(partition, id);
    plan.lookAt(partition, id, clock.instant().plus(A_WHILE).toEpochMilli());
  }

  /** A message that is not held is looked at if it is planned as held all the same. */
  void isNotHeld(SpoolPartition partition, SpoolId id) {
    changedUnlessPlanned(partition, id);
    plan.lookAt(partition, id, AT_ONCE);
  }

  /**
   * Brings the plan in step with a change that was made behind its back. Jobs under way are put
   * back by who has them.
   */
  void follow(SpoolPartition partition, SpoolId id, Optional<SpooledMessage> after) {
    boolean toBeTold = after.isPresent() && Teller.isDue(after.get());
    boolean waits = after.isPresent() && (toBeTold || after.get().held() == null);
    if (changedUnlessPlanned(partition, id) && waits && enter(partition, after.get())) {
      return;
    }
    for (Job job : plan.of(partition, id)) {
      if (toBeTold) {
        plan.putIfIdle(job, new Place.Held(AT_ONCE));
      } else {
        Place place = place(job, after);
        plan.putIfIdle(job, place);
        keepInStep(job, place);
      }
    }
  }

  /** Notes a change of what the plan does not know; returns whether that is so. */
  private boolean changedUnlessPlanned(SpoolPartition partition, SpoolId id) {
    boolean unplanned = plan.of(partition, id).isEmpty();
    if (unplanned) {
      changedUnplanned.add(id);
    }
    return unplanned;
  }

  /** Whether an operator changed a message before it was planned. */
  boolean wasChangedUnplanned(SpoolId id) {
    return changedUnplanned.contains(id);
  }

  /** All that was there is planned. */
  void forgetUnplanned() {
    changedUnplanned.clear();
  }

  /**
   * Makes the jobs of a message the caller's, but for those that are under way; also of what is not
   * loaded yet: else it might be loaded, and tried, while it is changed.
   */
  List<Job> claim(SpoolPartition partition, SpoolId id) {
    List<Job> unknown =
        changedUnlessPlanned(partition, id)
            ? partition.get(id).map(message -> jobs(partition, message)).orElse(List.of())
            : List.of();
    return plan.claim(partition, id, unknown);
  }

  /** Puts back jobs that were claimed. */
  void release(List<Job> claimed, Optional<SpooledMessage> after) {
    boolean toBeTold = after.isPresent() && Teller.isDue(after.get());
    for (Job job : claimed) {
      if (toBeTold) {
        plan.put(job, new Place.Held(AT_ONCE));
      } else {
        put(job, after);
      }
    }
  }

  // ---- jobs under way ----

  /** Something done for a job. */
  interface Work<T> {
    T run() throws InterruptedException;
  }

  /**
   * Does something for a job that is under way, and sees to it that the job comes back whatever
   * happens.
   *
   * @param otherwise the result if it fails
   */
  <T> T safely(Job job, T otherwise, Work<T> work) throws InterruptedException {
    boolean settled = false;
    try {
      T result = work.run();
      settled = true;
      return result;
    } catch (StoreException e) {
      events.accept(new SpoolEvent.Stuck(job.id().toString(), String.valueOf(e.getMessage())));
      return otherwise;
    } catch (RuntimeException e) {
      // Perhaps the peer has taken it, and that could not be written down: better not too often.
      events.accept(new RelayEvent.Broken(job.id().toString(), e));
      putBack(job, rules.longest());
      settled = true;
      return otherwise;
    } finally {
      if (!settled) {
        putBack(job, A_WHILE);
      }
    }
  }

  /** Puts a job back that could not be looked at, or must not be now. */
  void putBack(Job job) {
    putBack(job, A_WHILE);
  }

  private void putBack(Job job, Duration pause) {
    if (job.partition().isLost()) {
      plan.put(job, new Place.Out());
    } else {
      long later = clock.instant().plus(pause).toEpochMilli();
      plan.put(job, new Place.Tried(false, later, later)); // as an alarm it may also be given up
    }
  }

  /** The message of a job; if there is none any more, the job is out of the plan. */
  Optional<SpooledMessage> load(Job job) {
    Optional<SpooledMessage> message =
        job.partition().isLost() ? Optional.empty() : job.partition().get(job.id());
    if (message.isEmpty()) {
      plan.put(job, new Place.Out());
    }
    return message;
  }

  /** The recipients of a job that are to be tried now. */
  List<SpooledRecipient> due(Job job, SpooledMessage message) {
    if (message.held() != null || orders.keptBackUntil(message).isPresent()) {
      return List.of();
    }
    return message.recipients().stream()
        .filter(r -> r.isWaiting() && r.destination().equals(job.destination()))
        .toList();
  }

  /**
   * Writes down what an attempt came to, tells the sender what is final, and plans what is left.
   *
   * @param reached whether there was a session; if not, the destination is left alone, not the
   *     message
   */
  void settle(Job job, SpooledMessage message, Map<Path, RecipientResult> results, boolean reached)
      throws InterruptedException {
    Instant now = clock.instant();
    report(settlement.after(message, results, now), results, now);
    Optional<SpooledMessage> after =
        teller.change(
            job.partition(),
            job.id(),
            m -> {
              SpooledMessage settled = settlement.after(m, results, now);
              return reached ? settled : settled.withRecipients(r -> readyAgain(r, results, now));
            });
    tellAndPut(job, after);
  }

  /** What waits for its destination alone goes as soon as that can be reached. */
  private static SpooledRecipient readyAgain(
      SpooledRecipient recipient, Map<Path, RecipientResult> results, Instant now) {
    return recipient.isWaiting() && results.containsKey(recipient.to())
        ? recipient.due(now)
        : recipient;
  }

  /** Tells the sender what is to be told, and puts the job back. */
  void tellAndPut(Job job, Optional<SpooledMessage> message) throws InterruptedException {
    Optional<SpooledMessage> rest =
        message.isPresent() ? teller.tell(job.partition(), message.get()) : message;
    put(job, rest);
  }

  /**
   * A job's alarm went off: its time is over, or its sender is to be told something, or it has to
   * be looked at after trouble.
   */
  void alarmed(Job job) throws InterruptedException {
    Optional<SpooledMessage> loaded = load(job);
    if (loaded.isEmpty()) {
      return;
    }
    SpooledMessage message = loaded.get();
    Instant now = clock.instant();
    if (orders.keptBackUntil(message).isPresent()) {
      tellAndPut(job, loaded);
    } else if (!now.isBefore(message.expires())) {
      if (isOwedAnAttempt(job, message)) {
        Duration pause = rules.first().compareTo(A_WHILE) < 0 ? rules.first() : A_WHILE;
        long at = now.toEpochMilli();
        plan.put(job, new Place.Tried(false, at, at + pause.toMillis()));
      } else {
        expire(job, message, now);
      }
    } else if (!message.delayTold() && !now.isBefore(alarm(message)) && message.held() == null) {
      warn(job, message);
    } else {
      tellAndPut(job, loaded);
    }
  }

  /**
   * Whether a message whose time is over is to be tried once more: the server may have been down
   * since it was tried last. Not if its destination could not be reached a moment ago; where it
   * could, the attempt settles the message, so that this comes to an end.
   */
  private boolean isOwedAnAttempt(Job job, SpooledMessage message) {
    return !plan.isLeftAlone(job.destination())
        && due(job, message).stream()
            .anyMatch(r -> r.last() == null || r.last().at().isBefore(message.expires()));
  }

  private void expire(Job job, SpooledMessage message, Instant now) throws InterruptedException {
    Map<Path, Reason> reasons = new HashMap<>();
    for (SpooledRecipient recipient : message.recipients()) {
      if (recipient.isWaiting() && recipient.destination().equals(job.destination())) {
        Reason reason =
            Settlement.givenUp(
                Settlement.TOO_LATE,
                recipient.last() == null
                    ? plan.lastFailure(recipient.destination())
                    : recipient.last().reason());
        reasons.put(recipient.to(), reason);
        events.accept(
            new RelayEvent.Failed(
                message.id().toString(), recipient.to().toString(), reason.toString()));
      }
    }
    tellAndPut(
        job, teller.change(job.partition(), job.id(), m -> Settlement.expired(m, reasons, now)));
  }

  private void warn(Job job, SpooledMessage message) throws InterruptedException {
    if (teller.warn(job.partition(), job.id())) {
      tellAndPut(job, load(job));
    } else if (place(job, message) instanceof Place.Tried(boolean fresh, long due, long _)) {
      long later = clock.instant().plus(A_WHILE).toEpochMilli();
      plan.put(job, new Place.Tried(fresh, due, later));
    } else {
      put(job, Optional.of(message));
    }
  }

  /**
   * Writes down that a message is held, until somebody releases it, if an order concerns it. An
   * attempt that is under way ends as it ends.
   */
  void hold(SpoolPartition partition, SpoolId id, Order order) throws InterruptedException {
    Optional<SpooledMessage> after =
        teller.change(partition, id, m -> order.concerns(m) ? m.withHeld(order.reason()) : m);
    follow(partition, id, after);
  }

  /** An operator has released a message. */
  void except(SpooledMessage message) {
    orders.except(message);
  }

  /** By what became of the recipients: the last of many attempts is the end, whatever it was. */
  private void report(SpooledMessage settled, Map<Path, RecipientResult> results, Instant now) {
    for (SpooledRecipient recipient : settled.recipients()) {
      RecipientResult result = results.get(recipient.to());
      SpooledRecipient.LastAttempt last = recipient.last();
      if (result != null && !(result instanceof RecipientResult.Unasked) && last != null) {
        report(settled, recipient, last.reason(), now);
      }
    }
  }

  private void report(
      SpooledMessage message, SpooledRecipient recipient, Reason reason, Instant now) {
    String id = message.id().toString();
    String to = recipient.to().toString();
    switch (recipient.state()) {
      case RELAYED ->
          events.accept(
              new RelayEvent.Relayed(
                  id,
                  to,
                  Objects.requireNonNullElse(reason.peer(), ""),
                  reason.text(),
                  Duration.between(message.accepted(), now).toMillis()));
      case WAITING -> events.accept(new RelayEvent.Deferred(id, to, reason.toString()));
      case FAILED -> events.accept(new RelayEvent.Failed(id, to, reason.toString()));
      case DELETED, DELIVERED, EXPANDED -> {
        // Not by an attempt.
      }
    }
  }
}
