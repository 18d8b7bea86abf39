package org.everpost.server.outbound;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.Scheduler.Destination;
import org.everpost.core.spool.SpoolPartition;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledRecipient;
import org.jspecify.annotations.Nullable;

/**
 * A message in the queue, and what the plan knows of it.
 *
 * @param underWay whether something is being done for it just now
 * @param destinations of recipients that wait, as far as the plan knows them
 */
public record Queued(
    SpooledMessage message, boolean underWay, Map<String, Destination> destinations) {

  public Queued {
    Objects.requireNonNull(message, "message");
    destinations = Map.copyOf(destinations);
  }

  /**
   * @param plan null: there is none
   */
  static Queued of(SpoolPartition partition, SpooledMessage message, @Nullable Plan plan) {
    if (plan == null) {
      return new Queued(message, false, Map.of());
    }
    Map<String, Destination> known = new HashMap<>();
    for (SpooledRecipient recipient : message.recipients()) {
      Destination its = recipient.isWaiting() ? plan.destination(recipient.destination()) : null;
      if (its != null) {
        known.put(its.name(), its);
      }
    }
    return new Queued(message, plan.isUnderWay(partition, message.id()), known);
  }

  /**
   * Why a recipient has it, has it not yet, or never will; null: nothing is known. Where many wait
   * for one destination only some of them are tried, and the others wait for the same reason.
   */
  public @Nullable Reason reason(SpooledRecipient recipient) {
    if (recipient.last() != null) {
      return recipient.last().reason();
    }
    Destination destination = destinations.get(recipient.destination());
    return destination == null ? null : destination.lastFailure();
  }

  /** When a recipient that waits is tried again at the soonest. */
  public Instant next(SpooledRecipient recipient) {
    Destination destination = destinations.get(recipient.destination());
    Instant blocked =
        destination == null ? Instant.EPOCH : Instant.ofEpochMilli(destination.blockedUntil());
    return recipient.next().isAfter(blocked) ? recipient.next() : blocked;
  }
}
