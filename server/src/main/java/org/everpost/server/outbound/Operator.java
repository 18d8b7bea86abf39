package org.everpost.server.outbound;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.RelayEvent;
import org.everpost.core.spool.Job;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpoolPartition;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.spool.SpooledRecipient.State;
import org.everpost.core.time.Clock;
import org.everpost.server.outbound.QueueAction.Outcome;
import org.everpost.wire.smtp.Path;
import org.jspecify.annotations.Nullable;

/**
 * Does what an operator wants done with a message: first in the store, then in the plan. Safe for
 * any number of threads.
 */
final class Operator {

  private static final Reason DELETED = Reason.ours("5.7.0", "Deleted by the postmaster");

  private final @Nullable Plan plan;
  private final @Nullable Book book;
  private final Clock clock;
  private final EventSink events;

  /**
   * @param plan null, as is {@code book}: nobody works through the queue
   */
  Operator(@Nullable Plan plan, @Nullable Book book, Clock clock, EventSink events) {
    this.plan = plan;
    this.book = book;
    this.clock = clock;
    this.events = events;
  }

  Outcome apply(SpoolPartition partition, SpoolId id, QueueFilter filter, QueueAction action) {
    Outcome outcome =
        switch (action) {
          case QueueAction.Hold hold ->
              update(
                  partition,
                  id,
                  m -> {
                    String reason = hold.reason(m.held());
                    return reason.equals(m.held())
                        ? Result.UNCHANGED
                        : Result.of(m.withHeld(reason));
                  });
          case QueueAction.Release() -> release(partition, id);
          case QueueAction.Retry() -> retry(partition, id, filter);
          case QueueAction.Expire() -> expire(partition, id, filter);
          case QueueAction.Delete() -> update(partition, id, m -> without(m, filter));
        };
    if (outcome == Outcome.DONE) {
      events.accept(new RelayEvent.Changed(id.toString(), action.done()));
    }
    return outcome;
  }

  /**
   * What came of a change.
   *
   * @param after of {@link Outcome#DONE}: the message then, empty: it is gone
   */
  private record Result(Outcome outcome, Optional<SpooledMessage> after) {
    static final Result UNCHANGED = new Result(Outcome.UNCHANGED, Optional.empty());

    static Result of(SpooledMessage after) {
      return new Result(Outcome.DONE, Settlement.unlessDone(after));
    }
  }

  private Outcome update(
      SpoolPartition partition, SpoolId id, Function<SpooledMessage, Result> change) {
    Result result = store(partition, id, change);
    if (result.outcome == Outcome.DONE && book != null) {
      book.follow(partition, id, result.after);
    }
    return result.outcome;
  }

  /**
   * @param change may be asked more than once
   */
  private Result store(
      SpoolPartition partition, SpoolId id, Function<SpooledMessage, Result> change) {
    AtomicReference<Outcome> outcome = new AtomicReference<>(Outcome.ABSENT);
    try {
      Optional<SpooledMessage> after =
          partition.update(
              id,
              message -> {
                Result result = change.apply(message);
                outcome.set(result.outcome);
                return result.outcome == Outcome.DONE ? result.after : Optional.of(message);
              });
      return new Result(outcome.get(), after);
    } catch (RuntimeException e) {
      if (book != null) {
        book.doubt(partition, id);
      }
      throw e;
    }
  }

  /**
   * An order to hold all of its sender that is still being carried out does not hold it again,
   * unless that is written at the same moment.
   */
  private Outcome release(SpoolPartition partition, SpoolId id) {
    Result result =
        store(
            partition, id, m -> m.held() == null ? Result.UNCHANGED : Result.of(m.withHeld(null)));
    if (book != null && result.outcome == Outcome.DONE) {
      result.after.ifPresent(book::except);
      book.follow(partition, id, result.after);
    } else if (book != null && result.outcome == Outcome.UNCHANGED) {
      book.isNotHeld(partition, id); // an earlier release may have failed half-way
    }
    return result.outcome;
  }

  private Outcome retry(SpoolPartition partition, SpoolId id, QueueFilter filter) {
    Instant now = clock.instant();
    Set<String> destinations = ConcurrentHashMap.newKeySet();
    Outcome outcome =
        update(
            partition,
            id,
            message -> {
              if (message.held() != null) {
                return new Result(Outcome.HELD, Optional.empty());
              }
              message.recipients().stream()
                  .filter(filter::concerns)
                  .forEach(r -> destinations.add(r.destination()));
              return destinations.isEmpty()
                  ? Result.UNCHANGED
                  : Result.of(message.withRecipients(r -> filter.concerns(r) ? r.due(now) : r));
            });
    if (outcome == Outcome.DONE && plan != null) {
      destinations.forEach(plan::unblock);
    }
    return outcome;
  }

  /**
   * Gives up those who wait. Nobody else may try them meanwhile, or a sender would be told that
   * somebody did not get what he got; whoever is being tried just now is left alone.
   */
  private Outcome expire(SpoolPartition partition, SpoolId id, QueueFilter filter) {
    List<Job> claimed = book == null ? List.of() : book.claim(partition, id);
    Set<String> busy = new HashSet<>();
    if (plan != null) {
      plan.of(partition, id).forEach(job -> busy.add(job.destination()));
      claimed.forEach(job -> busy.remove(job.destination()));
    }
    Instant now = clock.instant();
    Result result = null;
    try {
      result =
          store(
              partition,
              id,
              message -> {
                Map<Path, Reason> reasons = reasons(partition, message, filter, busy);
                return reasons.isEmpty()
                    ? Result.UNCHANGED
                    : Result.of(Settlement.expired(message, reasons, now));
              });
    } finally {
      if (result == null && book != null) {
        claimed.forEach(book::putBack);
      }
    }
    if (book != null) {
      book.release(claimed, result.after);
      if (claimed.isEmpty() && result.outcome == Outcome.DONE) {
        book.follow(partition, id, result.after);
      }
    }
    return result.outcome == Outcome.UNCHANGED && !busy.isEmpty()
        ? Outcome.UNDER_WAY
        : result.outcome;
  }

  private Map<Path, Reason> reasons(
      SpoolPartition partition, SpooledMessage message, QueueFilter filter, Set<String> busy) {
    Queued queued = Queued.of(partition, message, plan);
    Map<Path, Reason> reasons = new HashMap<>();
    for (SpooledRecipient recipient : message.recipients()) {
      if (filter.concerns(recipient) && !busy.contains(recipient.destination())) {
        reasons.put(
            recipient.to(),
            Settlement.givenUp("Given up by the postmaster", queued.reason(recipient)));
      }
    }
    return reasons;
  }

  /** Nobody is told of what is deleted; what has failed before is told if others are left. */
  private Result without(SpooledMessage message, QueueFilter filter) {
    if (filter.to() == null) {
      return new Result(Outcome.DONE, Optional.empty());
    }
    if (message.recipients().stream().noneMatch(filter::concerns)) {
      return Result.UNCHANGED;
    }
    Instant now = clock.instant();
    return Result.of(
        message.withRecipients(
            r -> filter.concerns(r) ? r.givenUp(State.DELETED, true, now, DELETED) : r));
  }
}
