package org.everpost.server.outbound;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.everpost.core.mailbox.BlobSweep;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpoolPartition;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.time.Clock;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Notify;

/**
 * Tells senders, and notes in the queue that they know. What a message has for several destinations
 * may end, or take long, at the same moment: only one thread tells of a message, and it tells of
 * what the others found meanwhile, too. Safe for any number of threads.
 */
final class Teller {

  /** A notification that waits longer for the store is written anew: its blob might be too old. */
  private static final Duration FRESH = BlobSweep.MAX_IN_FLIGHT.dividedBy(2);

  private final Plan plan;
  private final Notices notices;
  private final Consumer<List<Departure>> queue;
  private final Patience patience;
  private final Clock clock;

  /** Ids are the partition's own: one that was lost and taken back is another one. */
  private final Set<Message> busy = ConcurrentHashMap.newKeySet();

  private record Message(SpoolPartition partition, SpoolId id) {}

  /**
   * @param queue takes the notifications that leave
   */
  Teller(
      Plan plan, Notices notices, Consumer<List<Departure>> queue, Patience patience, Clock clock) {
    this.plan = plan;
    this.notices = notices;
    this.queue = queue;
    this.patience = patience;
    this.clock = clock;
  }

  /**
   * Whether it is time to tell what is final. One notification tells of as many recipients as
   * possible: all have been tried first, unless that takes so long that the sender was told of the
   * delay.
   */
  static boolean isDue(SpooledMessage message) {
    boolean untold = false;
    for (SpooledRecipient recipient : message.recipients()) {
      if (recipient.isWaiting() && recipient.attempts() == 0 && !message.delayTold()) {
        return false;
      }
      untold |= !recipient.isWaiting() && !recipient.told();
    }
    return untold;
  }

  /**
   * Tells what is final, if it is time.
   *
   * @return what is left of the message; as it was if another thread tells of it
   */
  Optional<SpooledMessage> tell(SpoolPartition partition, SpooledMessage message)
      throws InterruptedException {
    Optional<SpooledMessage> rest = Optional.of(message);
    Message its = new Message(partition, message.id());
    // Whoever found it busy has written down what it wanted to tell, so it is looked for again.
    while (rest.isPresent() && isDue(rest.get()) && busy.add(its)) {
      try {
        rest = get(partition, message.id());
        if (rest.isPresent() && isDue(rest.get())) {
          rest = tellNow(partition, rest.get());
        }
      } finally {
        busy.remove(its);
      }
      rest = rest.isPresent() ? get(partition, message.id()) : rest;
    }
    return rest;
  }

  private Optional<SpooledMessage> get(SpoolPartition partition, SpoolId id)
      throws InterruptedException {
    return patience.insist(id.toString(), () -> partition.get(id), partition::isLost);
  }

  private Optional<SpooledMessage> tellNow(SpoolPartition partition, SpooledMessage message)
      throws InterruptedException {
    List<SpooledRecipient> about =
        message.recipients().stream().filter(r -> !r.isWaiting() && !r.told()).toList();
    notify(partition, message, about, false);
    Set<Path> told = new LinkedHashSet<>();
    about.forEach(r -> told.add(r.to()));
    return change(
        partition,
        message.id(),
        m -> m.withRecipients(r -> !r.isWaiting() && told.contains(r.to()) ? r.tellingDone() : r));
  }

  /**
   * Tells that it takes longer, unless that was told meanwhile.
   *
   * @return false if another thread tells of the message just now
   */
  boolean warn(SpoolPartition partition, SpoolId id) throws InterruptedException {
    Message its = new Message(partition, id);
    if (!busy.add(its)) {
      return false;
    }
    try {
      Optional<SpooledMessage> message = get(partition, id);
      if (message.isPresent() && !message.get().delayTold()) {
        List<SpooledRecipient> about = late(message.get());
        if (!about.isEmpty() && message.get().held() == null) {
          notify(partition, message.get(), about, true);
        }
        Optional<SpooledMessage> _ = change(partition, id, SpooledMessage::delayIsTold);
      }
    } finally {
      busy.remove(its);
    }
    return true;
  }

  private List<SpooledRecipient> late(SpooledMessage message) {
    List<SpooledRecipient> late = new ArrayList<>();
    for (SpooledRecipient recipient : message.recipients()) {
      if (recipient.isWaiting() && Settlement.wants(message, recipient, Notify.DELAY)) {
        Reason last = recipient.last() == null ? plan.lastFailure(recipient.destination()) : null;
        late.add(
            last == null ? recipient : recipient.deferred(clock.instant(), last, recipient.next()));
      }
    }
    return late;
  }

  private void notify(
      SpoolPartition partition, SpooledMessage message, List<SpooledRecipient> about, boolean delay)
      throws InterruptedException {
    String id = message.id().toString();
    Notice notice =
        patience.insist(id, () -> notices.write(message, about, delay), partition::isLost);
    long written = clock.nanoTime();
    Supplier<Boolean> hopeless =
        () -> partition.isLost() || clock.nanoTime() - written > FRESH.toNanos();
    for (Runnable delivery : notice.deliveries()) {
      insist(id, delivery, hopeless);
    }
    if (!notice.leaving().isEmpty()) {
      insist(id, () -> queue.accept(notice.leaving()), hopeless);
    }
  }

  private void insist(String id, Runnable work, Supplier<Boolean> hopeless)
      throws InterruptedException {
    boolean _ =
        patience.insist(
            id,
            () -> {
              work.run();
              return true;
            },
            hopeless);
  }

  /** Changes a message, however long that takes; a message for which nothing is left is deleted. */
  Optional<SpooledMessage> change(
      SpoolPartition partition, SpoolId id, UnaryOperator<SpooledMessage> change)
      throws InterruptedException {
    return patience.insist(
        id.toString(),
        () -> partition.update(id, m -> Settlement.unlessDone(change.apply(m))),
        partition::isLost);
  }
}
