package org.everpost.server.outbound;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.RetryRules;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.spool.SpooledRecipient.State;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.RecipientResult;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Notify;
import org.jspecify.annotations.Nullable;

/** What an attempt, or the end of its time, makes of a message in the queue. */
final class Settlement {

  /** What the sender is told of a message whose time is over. */
  static final String TOO_LATE = "Could not be delivered in time";

  private final RetryRules rules;
  private final RandomSource random;

  Settlement(RetryRules rules, RandomSource random) {
    this.rules = rules;
    this.random = random;
  }

  /** The message after an attempt for some of its recipients. */
  SpooledMessage after(SpooledMessage message, Map<Path, RecipientResult> results, Instant now) {
    boolean overdue = !now.isBefore(message.expires());
    return message.withRecipients(recipient -> {
      RecipientResult result = results.get(recipient.to());
      return result == null || !recipient.isWaiting()
          ? recipient
          : after(message, recipient, result, overdue, now);
    });
  }

  private SpooledRecipient after(
      SpooledMessage message,
      SpooledRecipient recipient,
      RecipientResult result,
      boolean overdue,
      Instant now) {
    return switch (result) {
      case RecipientResult.Relayed(Reason reason, boolean passedOn) ->
          recipient.ended(
              State.RELAYED, passedOn || !wants(message, recipient, Notify.SUCCESS), now, reason);
      case RecipientResult.Refused(Reason reason) -> failed(message, recipient, reason, now);
      case RecipientResult.Deferred(Reason reason) ->
          again(message, recipient, reason, overdue, now);
      case RecipientResult.Abandoned(Reason reason) ->
          again(message, recipient, reason, overdue, now);
      case RecipientResult.Unasked _ -> recipient; // it is due as before
    };
  }

  private SpooledRecipient again(
      SpooledMessage message,
      SpooledRecipient recipient,
      Reason reason,
      boolean overdue,
      Instant now) {
    return overdue
        ? failed(message, recipient, givenUp(TOO_LATE, reason), now)
        : recipient.deferred(
            now, reason, rules.again(now, message.accepted(), recipient.attempts() + 1, random));
  }

  private static SpooledRecipient failed(
      SpooledMessage message, SpooledRecipient recipient, Reason reason, Instant now) {
    return recipient.ended(State.FAILED, !wants(message, recipient, Notify.FAILURE), now, reason);
  }

  /** What is left of a message: nothing if nothing is left to be done. */
  static Optional<SpooledMessage> unlessDone(SpooledMessage message) {
    return message.isDone() ? Optional.empty() : Optional.of(message);
  }

  /**
   * RFC 3463 X.4.7, with what was in the way last. What a peer has said stays as it was said: it is
   * quoted as its words (RFC 3464 §2.3.6).
   *
   * @param last null: nothing is known of it
   */
  static Reason givenUp(String words, @Nullable Reason last) {
    if (last == null) {
      return Reason.ours("4.4.7", words);
    }
    return last.peer() == null
        ? Reason.ours("4.4.7", words + "; the last attempt said: " + last.text())
        : new Reason(EnhancedStatusCode.of("4.4.7"), last.text(), last.peer());
  }

  /** The message when some recipients are given up: those that wait. */
  static SpooledMessage expired(SpooledMessage message, Map<Path, Reason> reasons, Instant now) {
    return message.withRecipients(recipient ->
        recipient.isWaiting() && reasons.containsKey(recipient.to())
            ? recipient.givenUp(
                State.FAILED,
                !wants(message, recipient, Notify.FAILURE),
                now,
                reasons.get(recipient.to()))
            : recipient);
  }

  /**
   * Whether the sender is to be told (RFC 3461 §4.1). Who did not say is told of failures and
   * delays; nobody is told of what happened to a notification (RFC 5321 §6.1).
   */
  static boolean wants(SpooledMessage message, SpooledRecipient recipient, Notify what) {
    if (message.envelope().from() instanceof Path.Null) {
      return false;
    }
    Set<Notify> asked = recipient.notifyOn();
    return asked.isEmpty() ? what != Notify.SUCCESS : asked.contains(what);
  }
}
