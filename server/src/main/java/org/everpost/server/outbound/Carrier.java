package org.everpost.server.outbound;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.RelayEvent;
import org.everpost.core.spool.Job;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.spool.TlsDemand;
import org.everpost.server.relay.Destination;
import org.everpost.server.relay.OutgoingMessage;
import org.everpost.server.relay.Permission;
import org.everpost.server.relay.RecipientResult;
import org.everpost.server.relay.Relay;
import org.everpost.server.relay.RelayConnection;
import org.everpost.store.BlobDamagedException;
import org.everpost.store.BlobMissingException;
import org.everpost.store.Blobs;
import org.everpost.store.StoreException;
import org.everpost.wire.smtp.Path;
import org.jspecify.annotations.Nullable;

/**
 * Carries messages to one destination over one connection, as long as there are any. Used by one
 * thread; what came of a message is written down by another, while the next one is under way.
 */
final class Carrier {

  /** How long an open connection waits for the next message. */
  private static final Duration LINGER = Duration.ofMillis(500);

  /** After so many messages a connection ends in any case. */
  private static final int MAX_MESSAGES = 1_000;

  private final Parts parts;
  private final String destination;
  private final Settling settling;
  private @Nullable RelayConnection connection;
  private TlsDemand kept = TlsDemand.WAIVED;
  private boolean open;
  private int sent;

  /** What is under way. */
  private @Nullable Job current;

  /**
   * What all carriers share.
   *
   * @param threads for what has to be done before the server ends
   */
  record Parts(
      Plan plan,
      Clearance clearance,
      Relay relay,
      Blobs blobs,
      Signer signer,
      Book book,
      Function<Patience.Work, Thread> threads,
      EventSink events) {}

  Carrier(Parts parts, String destination) {
    this.parts = parts;
    this.destination = destination;
    this.settling = new Settling(parts.book(), parts.clearance(), parts.threads());
  }

  /**
   * Carries a job and what else there is for its destination, and returns when it is written down
   * what came of it all.
   */
  void run(Job first) throws InterruptedException {
    try {
      Job job = first;
      while (job != null) {
        Job its = job;
        current = its;
        boolean goOn;
        try {
          goOn = parts.book().safely(its, false, () -> carry(its));
        } finally {
          parts.clearance().settled();
        }
        job = goOn ? parts.plan().another(destination, sent, open ? LINGER : Duration.ZERO) : null;
      }
    } finally {
      try {
        disconnect();
      } finally {
        // Its place is free when it cannot go out a second time any more.
        try {
          settling.await();
        } finally {
          parts.plan().closed(destination, open);
        }
      }
    }
  }

  /** Whether it makes sense to try another. */
  private boolean carry(Job job) throws InterruptedException {
    if (mayNotBegin()) {
      parts.book().putBack(job);
      return false;
    }
    Optional<SpooledMessage> loaded = parts.book().load(job);
    if (loaded.isEmpty()) {
      return true; // done, or another's
    }
    List<SpooledRecipient> due = parts.book().due(job, loaded.get());
    if (due.isEmpty()) {
      parts.book().tellAndPut(job, loaded);
      return true;
    }
    return carry(job, loaded.get(), due);
  }

  private boolean carry(Job job, SpooledMessage message, List<SpooledRecipient> due)
      throws InterruptedException {
    boolean reused = present(message.envelope().tls()) != null;
    return switch (connection(message, due.getFirst())) {
      case Relay.Attempt.Connected(RelayConnection its) -> {
        List<RecipientResult> results = send(its, message, due);
        if (reused && all(results, RecipientResult.Unasked.class)) {
          disconnect();
          yield carry(job, message, due); // over a new one
        }
        yield carried(job, message, due, its, results);
      }
      case Relay.Attempt.Failed(Reason _, boolean _)
          when job.partition().isLost() || mayNotBegin() -> {
        parts.book().putBack(job); // it was not tried to the end
        yield false;
      }
      case Relay.Attempt.Failed(Reason reason, boolean permanent) -> {
        if (!permanent) {
          parts.plan().failed(destination, reason);
          parts.events().accept(new RelayEvent.Unreachable(destination, reason.toString()));
        }
        yield notReached(
            job,
            message,
            due,
            permanent ? new RecipientResult.Refused(reason) : new RecipientResult.Deferred(reason));
      }
      case Relay.Attempt.Unwelcome(Reason reason) -> {
        parts.plan().failed(destination, reason);
        parts.events().accept(new RelayEvent.Unwelcome(destination, reason.toString()));
        yield notReached(job, message, due, new RecipientResult.Deferred(reason));
      }
    };
  }

  private boolean notReached(
      Job job, SpooledMessage message, List<SpooledRecipient> due, RecipientResult result)
      throws InterruptedException {
    settle(job, message, due, Collections.nCopies(due.size(), result), false);
    return false;
  }

  private boolean carried(
      Job job,
      SpooledMessage message,
      List<SpooledRecipient> due,
      RelayConnection over,
      List<RecipientResult> results)
      throws InterruptedException {
    sent++;
    boolean goOn = over.isUsable() && sent < MAX_MESSAGES;
    judge(results, goOn);
    settling.begin(job, () -> settle(job, message, due, results, true));
    return goOn && !settling.hasFailed();
  }

  /**
   * What is asked before each step. No message ends before it is written down what came of the one
   * before: if the server dies, only one of a connection can go out a second time. And none ends
   * that was lost, though this node has a place again since.
   */
  private @Nullable Reason whyNot(Permission.Step step) {
    if (step == Permission.Step.END && !settling.isDone()) {
      return Settling.NOT_STORED;
    }
    Reason no = parts.clearance().whyNot(step);
    // The last question: what was lost was so before there was a new place.
    return no == null && current != null && current.partition().isLost() ? Clearance.NOT_OURS : no;
  }

  /** What it says of the destination: nothing if the failure was ours. */
  private void judge(List<RecipientResult> results, boolean goOn) {
    if (all(results, RecipientResult.Abandoned.class)) {
      return;
    }
    if (goOn || !all(results, RecipientResult.Deferred.class)) {
      parts.plan().carried(destination);
    } else {
      parts.plan().strained(destination, results.getFirst().reason());
    }
  }

  private boolean mayNotBegin() {
    return parts.clearance().whyNot(Permission.Step.BEGIN) != null;
  }

  /** Writes down what came of it. Whoever was not come to, and why is our affair, is as before. */
  private void settle(
      Job job,
      SpooledMessage message,
      List<SpooledRecipient> due,
      List<RecipientResult> results,
      boolean reached)
      throws InterruptedException {
    boolean brokenOff = job.partition().isLost() || mayNotBegin();
    Map<Path, RecipientResult> byPath = new HashMap<>();
    for (int i = 0; i < due.size(); i++) {
      boolean asBefore =
          results.get(i) instanceof RecipientResult.Abandoned(Reason why)
              && (brokenOff || why.equals(Settling.NOT_STORED));
      if (!asBefore) {
        byPath.put(due.get(i).to(), results.get(i));
      }
    }
    if (byPath.isEmpty()) {
      parts.book().putBack(job);
    } else {
      parts.book().settle(job, message, byPath, reached);
    }
  }

  private List<RecipientResult> send(
      RelayConnection to, SpooledMessage message, List<SpooledRecipient> due) {
    OutgoingMessage outgoing;
    try {
      outgoing = outgoing(message, due);
    } catch (BlobDamagedException | BlobMissingException e) {
      Reason reason = Reason.ours("4.3.0", "The message could not be read");
      return Collections.nCopies(due.size(), new RecipientResult.Abandoned(reason));
    } catch (StoreException e) {
      throw e;
    } catch (RuntimeException e) {
      return Collections.nCopies(due.size(), new RecipientResult.Abandoned(fault(message, e)));
    }
    return to.send(outgoing);
  }

  private static boolean all(List<RecipientResult> results, Class<? extends RecipientResult> kind) {
    return results.stream().allMatch(kind::isInstance);
  }

  /** The connection there is, or a new one. */
  private Relay.Attempt connection(SpooledMessage message, SpooledRecipient to) {
    TlsDemand demand = message.envelope().tls();
    RelayConnection present = present(demand);
    if (present != null) {
      return new Relay.Attempt.Connected(present);
    }
    disconnect();
    Relay.Attempt attempt = connect(message, to);
    if (attempt instanceof Relay.Attempt.Connected(RelayConnection its)) {
      connection = its;
      kept = demand;
      if (!open) {
        open = true;
        parts.plan().connected(destination);
      }
    }
    return attempt;
  }

  /** The connection there is, if it will do. */
  private @Nullable RelayConnection present(TlsDemand demand) {
    RelayConnection its = connection;
    return its != null && its.isUsable() && kept.compareTo(demand) >= 0 ? its : null;
  }

  /** Nothing can have gone out yet, so that a fault need not keep the message for hours. */
  private Relay.Attempt connect(SpooledMessage message, SpooledRecipient to) {
    try {
      return parts.relay().connect(destination(to), message.envelope().tls(), this::whyNot);
    } catch (StoreException e) {
      throw e;
    } catch (RuntimeException e) {
      return new Relay.Attempt.Failed(fault(message, e), false);
    }
  }

  private Reason fault(SpooledMessage message, RuntimeException cause) {
    parts.events().accept(new RelayEvent.Broken(message.id().toString(), cause));
    return Reason.ours("4.3.5", "A fault of this server");
  }

  private static Destination destination(SpooledRecipient recipient) {
    return switch (recipient.to()) {
      case Path.Address a -> new Destination.Domain(a.address().domain());
      case Path.AtLiteral l -> new Destination.Literal(l.literal());
      case Path.Null _, Path.Postmaster _ -> throw new IllegalStateException("not in the queue");
    };
  }

  private void disconnect() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }

  private OutgoingMessage outgoing(SpooledMessage message, List<SpooledRecipient> due) {
    SpooledMessage.Envelope envelope = message.envelope();
    List<OutgoingMessage.Recipient> recipients =
        due.stream()
            .map(r -> new OutgoingMessage.Recipient(r.to(), r.notifyOn(), r.orcpt()))
            .toList();
    byte[] prefix = message.prefix().getBytes(StandardCharsets.UTF_8);
    OutgoingMessage.Content content = () -> open(prefix, message);
    return new OutgoingMessage(
        envelope.from(),
        recipients,
        message.size(),
        envelope.body(),
        envelope.smtpUtf8(),
        envelope.requireTls(),
        envelope.ret(),
        envelope.envid(),
        content,
        parts.signer().of(message, content));
  }

  private InputStream open(byte[] prefix, SpooledMessage message) {
    InputStream content = parts.blobs().open(message.blob(), message.skip(), Long.MAX_VALUE);
    return prefix.length == 0
        ? content
        : new SequenceInputStream(new ByteArrayInputStream(prefix), content);
  }
}
