package org.everpost.server.outbound;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
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
import org.everpost.server.relay.RecipientResult;
import org.everpost.store.StoreException;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Notify;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the stored queue and the plan in step: every change of a message goes through here. Safe
 * for any number of threads.
 */
final class Book {

  /** How long a message is left alone that cannot be read. */
  private static final Duration UNREADABLE = Duration.ofMinutes(1);

  private final Plan plan;
  private final Settlement settlement;
  private final RetryRules rules;
  private final Notices notices;
  private final Consumer<List<Departure>> queue;
  private final Patience patience;
  private final Clock clock;
  private final EventSink events;

  Book(
      Plan plan,
      Settlement settlement,
      RetryRules rules,
      Notices notices,
      Consumer<List<Departure>> queue,
      Patience patience,
      Clock clock,
      EventSink events) {
    this.plan = plan;
    this.settlement = settlement;
    this.rules = rules;
    this.notices = notices;
    this.queue = queue;
    this.patience = patience;
    this.clock = clock;
    this.events = events;
  }

  /** Plans all that is to be done for a message that is in the queue. */
  void enter(SpoolPartition partition, SpooledMessage message) {
    if (!plan.of(message.id()).isEmpty()) {
      return; // the queue was read a second time, as the store was away during the first
    }
    Set<String> destinations = new LinkedHashSet<>();
    for (SpooledRecipient recipient : message.recipients()) {
      if (recipient.isWaiting()) {
        destinations.add(recipient.destination());
      }
    }
    for (String destination : destinations) {
      put(new Job(partition, message.id(), destination, message.sender()), message);
    }
  }

  /** Plans a job by what its message says. */
  void put(Job job, SpooledMessage message) {
    long due = Scheduler.NEVER;
    boolean fresh = true;
    for (SpooledRecipient recipient : message.recipients()) {
      if (recipient.isWaiting() && recipient.destination().equals(job.destination())) {
        due = Math.min(due, recipient.next().toEpochMilli());
        fresh &= recipient.attempts() == 0;
      }
    }
    if (due == Scheduler.NEVER) {
      plan.remove(job);
    } else if (message.held() != null) {
      plan.hold(job, message.expires().toEpochMilli());
    } else {
      plan.add(job, fresh, due, alarm(message));
    }
  }

  private long alarm(SpooledMessage message) {
    Instant warning = message.accepted().plus(rules.delayWarning());
    return message.delayTold() || warning.isAfter(message.expires())
        ? message.expires().toEpochMilli()
        : warning.toEpochMilli();
  }

  /** Plans a job again that was taken out and not tried. */
  void putBack(Job job) {
    if (job.partition().isLost()) {
      plan.remove(job);
    } else {
      Instant now = clock.instant();
      plan.add(job, false, now.plus(UNREADABLE).toEpochMilli(), Scheduler.NEVER);
    }
  }

  /** The store, or this message, cannot be read now. */
  void postpone(Job job, StoreException e) {
    events.accept(new SpoolEvent.Stuck(job.id().toString(), String.valueOf(e.getMessage())));
    putBack(job);
  }

  /** The message of a job; if there is none any more, the job is out of the plan. */
  Optional<SpooledMessage> load(Job job) {
    Optional<SpooledMessage> message =
        job.partition().isLost() ? Optional.empty() : job.partition().get(job.id());
    if (message.isEmpty()) {
      plan.remove(job);
    }
    return message;
  }

  /** The recipients that are to be tried with this destination now. */
  static List<SpooledRecipient> due(SpooledMessage message, String destination) {
    if (message.held() != null) {
      return List.of();
    }
    return message.recipients().stream()
        .filter(r -> r.isWaiting() && r.destination().equals(destination))
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
    report(message, results, now);
    Optional<SpooledMessage> after =
        change(
            job,
            m -> {
              SpooledMessage settled = settlement.after(m, results, now);
              return reached ? settled : settled.withRecipients(r -> readyAgain(r, results, now));
            });
    follow(job, after);
  }

  /** What waits for its destination alone goes as soon as that can be reached. */
  private static SpooledRecipient readyAgain(
      SpooledRecipient recipient, Map<Path, RecipientResult> results, Instant now) {
    return recipient.isWaiting() && results.containsKey(recipient.to())
        ? recipient.due(now)
        : recipient;
  }

  private Optional<SpooledMessage> change(Job job, UnaryOperator<SpooledMessage> change)
      throws InterruptedException {
    SpoolPartition partition = job.partition();
    return patience.insist(
        job.id().toString(),
        () ->
            partition.update(
                job.id(),
                m -> {
                  SpooledMessage changed = change.apply(m);
                  return changed.isDone() ? Optional.empty() : Optional.of(changed);
                }),
        partition::isLost);
  }

  private void follow(Job job, Optional<SpooledMessage> after) throws InterruptedException {
    Optional<SpooledMessage> rest = after;
    if (after.isPresent() && isToBeTold(after.get())) {
      rest = tell(job, after.get());
    }
    if (rest.isPresent()) {
      put(job, rest.get());
    } else {
      plan.remove(job);
    }
  }

  /** One notification tells of as many recipients as possible: all have been tried first. */
  static boolean isToBeTold(SpooledMessage message) {
    boolean untold = false;
    for (SpooledRecipient recipient : message.recipients()) {
      if (recipient.isWaiting() && recipient.attempts() == 0) {
        return false;
      }
      untold |= !recipient.isWaiting() && !recipient.told();
    }
    return untold;
  }

  /** Tells the sender of all that is final; what is left of the message then. */
  private Optional<SpooledMessage> tell(Job job, SpooledMessage message)
      throws InterruptedException {
    List<SpooledRecipient> about =
        message.recipients().stream().filter(r -> !r.isWaiting() && !r.told()).toList();
    boolean _ =
        patience.insist(
            job.id().toString(),
            () -> {
              notify(message, about, false);
              return true;
            },
            job.partition()::isLost);
    Set<Path> told = new LinkedHashSet<>();
    about.forEach(r -> told.add(r.to()));
    return change(
        job,
        m -> m.withRecipients(r -> !r.isWaiting() && told.contains(r.to()) ? r.tellingDone() : r));
  }

  /** Tells what was left to be told when the process before this one ended. */
  void resume(SpoolPartition partition, SpooledMessage message) throws InterruptedException {
    Job job = new Job(partition, message.id(), "", message.sender());
    tell(job, message).ifPresent(rest -> enter(partition, rest));
  }

  /** A job's alarm went off: its time is over, or the sender is to be told of the delay. */
  void alarmed(Job job) throws InterruptedException {
    Optional<SpooledMessage> loaded = load(job);
    if (loaded.isEmpty()) {
      return;
    }
    SpooledMessage message = loaded.get();
    Instant now = clock.instant();
    if (!now.isBefore(message.expires())) {
      expire(job, message, now);
    } else if (!message.delayTold()) {
      warn(job, message);
    } else {
      put(job, message);
    }
  }

  private void expire(Job job, SpooledMessage message, Instant now) throws InterruptedException {
    Map<Path, Reason> reasons = new HashMap<>();
    for (SpooledRecipient recipient : message.recipients()) {
      if (recipient.isWaiting() && recipient.destination().equals(job.destination())) {
        Reason reason = tooLate(recipient);
        reasons.put(recipient.to(), reason);
        events.accept(
            new RelayEvent.Failed(
                message.id().toString(), recipient.to().toString(), reason.toString()));
      }
    }
    Optional<SpooledMessage> after = change(job, m -> settlement.expired(m, reasons, now));
    follow(job, after);
  }

  /** RFC 3463 X.4.7, with what was in the way last. */
  private Reason tooLate(SpooledRecipient recipient) {
    Reason last = lastReason(recipient);
    return last == null
        ? Reason.ours("4.4.7", "Could not be delivered in time")
        : new Reason(
            EnhancedStatusCode.of("4.4.7"),
            "Could not be delivered in time; the last attempt said: " + last.text(),
            last.peer());
  }

  private @Nullable Reason lastReason(SpooledRecipient recipient) {
    SpooledRecipient.LastAttempt last = recipient.last();
    return last == null ? plan.lastFailure(recipient.destination()) : last.reason();
  }

  private void warn(Job job, SpooledMessage message) throws InterruptedException {
    Instant now = clock.instant();
    List<SpooledRecipient> about = new ArrayList<>();
    for (SpooledRecipient recipient : message.recipients()) {
      if (recipient.isWaiting() && Settlement.wants(message, recipient, Notify.DELAY)) {
        Reason last = lastReason(recipient);
        about.add(
            recipient.last() != null || last == null
                ? recipient
                : recipient.deferred(now, last, recipient.next()));
      }
    }
    if (!about.isEmpty() && message.held() == null) {
      boolean _ =
          patience.insist(
              job.id().toString(),
              () -> {
                notify(message, about, true);
                return true;
              },
              job.partition()::isLost);
    }
    Optional<SpooledMessage> after = change(job, SpooledMessage::delayIsTold);
    after.ifPresentOrElse(m -> put(job, m), () -> plan.remove(job));
  }

  private void notify(SpooledMessage message, List<SpooledRecipient> about, boolean delay) {
    List<Departure> leaving = notices.send(message, about, delay);
    if (!leaving.isEmpty()) {
      queue.accept(leaving);
    }
  }

  /**
   * Holds a message until somebody releases it. An attempt that is under way ends as it ends.
   *
   * @return whether there was anything to hold
   */
  boolean hold(SpoolPartition partition, SpoolId id, String reason) throws InterruptedException {
    Optional<SpooledMessage> held =
        patience.insist(
            id.toString(),
            () -> partition.update(id, m -> Optional.of(m.held() == null ? m.withHeld(reason) : m)),
            partition::isLost);
    held.ifPresent(m -> plan.of(id).forEach(j -> plan.holdIdle(j, m.expires().toEpochMilli())));
    return held.isPresent();
  }

  private void report(SpooledMessage message, Map<Path, RecipientResult> results, Instant now) {
    String id = message.id().toString();
    results.forEach((to, result) ->
        events.accept(
            switch (result) {
              case RecipientResult.Relayed(Reason reason, boolean _) ->
                  new RelayEvent.Relayed(
                      id,
                      to.toString(),
                      Objects.requireNonNullElse(reason.peer(), ""),
                      reason.text(),
                      Duration.between(message.accepted(), now).toMillis());
              case RecipientResult.Deferred(Reason reason) ->
                  new RelayEvent.Deferred(id, to.toString(), reason.toString());
              case RecipientResult.Refused(Reason reason) ->
                  new RelayEvent.Failed(id, to.toString(), reason.toString());
            }));
  }
}
