package org.everpost.core.spool;

import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Notify;
import org.jspecify.annotations.Nullable;

/**
 * One recipient of a message in the queue.
 *
 * @param notifyOn RFC 3461 §4.1; empty if the sender did not say
 * @param orcpt RFC 3461 §4.2, {@code type;address}, decoded; null if the sender did not say
 * @param told whether the sender was told of a final state, or need not be
 * @param attempts how often it was tried
 * @param next when it is to be tried again; of {@link State#WAITING} only
 * @param last when it was tried last, and why it is in this state; null before the first attempt
 */
public record SpooledRecipient(
    Path to,
    Set<Notify> notifyOn,
    @Nullable String orcpt,
    State state,
    boolean told,
    int attempts,
    Instant next,
    @Nullable LastAttempt last) {

  public SpooledRecipient {
    if (!(to instanceof Path.Address || to instanceof Path.AtLiteral)) {
      throw new IllegalArgumentException("mail to " + to + " does not leave");
    }
    notifyOn = Set.copyOf(notifyOn);
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(next, "next");
  }

  /** How far it is. */
  public enum State {
    /** To be tried. */
    WAITING(1),
    /** The peer took it. */
    RELAYED(2),
    /** Given up, or refused. */
    FAILED(3),
    /** An operator took it out: nobody is told. */
    DELETED(4),
    /** It is in a mailbox here: it is in the queue only until the sender was told. */
    DELIVERED(5),
    /** It was an address for several others, who have it or get it; only until that was told. */
    EXPANDED(6);

    private final int code;

    State(int code) {
      this.code = code;
    }

    /** The stored form. */
    int code() {
      return code;
    }

    static State of(int code) {
      for (State state : values()) {
        if (state.code == code) {
          return state;
        }
      }
      throw new IllegalArgumentException("no state " + code);
    }
  }

  /** The last attempt. */
  public record LastAttempt(Instant at, Reason reason) {
    public LastAttempt {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** One that was just accepted. */
  public static SpooledRecipient fresh(
      Path to, Set<Notify> notifyOn, @Nullable String orcpt, Instant now) {
    return new SpooledRecipient(to, notifyOn, orcpt, State.WAITING, false, 0, now, null);
  }

  /** One that has it already, or never will; of interest only until the sender was told. */
  public static SpooledRecipient settled(
      Path to, Set<Notify> notifyOn, @Nullable String orcpt, State how, Instant now, Reason why) {
    return new SpooledRecipient(to, notifyOn, orcpt, how, false, 0, now, new LastAttempt(now, why));
  }

  /** Where it goes: a domain, or an address in brackets. Recipients of one go together. */
  public String destination() {
    return switch (to) {
      case Path.Address a -> a.address().domain().ascii();
      case Path.AtLiteral l -> l.literal().toString();
      case Path.Null _, Path.Postmaster _ -> throw new IllegalStateException("excluded");
    };
  }

  public boolean isWaiting() {
    return state == State.WAITING;
  }

  /** It was tried and is to be tried again. */
  public SpooledRecipient deferred(Instant now, Reason why, Instant again) {
    return with(State.WAITING, false, attempts + 1, again, new LastAttempt(now, why));
  }

  /** It was tried, and what came of that is final. */
  public SpooledRecipient ended(State how, boolean toldAlready, Instant now, Reason why) {
    return with(how, toldAlready, attempts + 1, next, new LastAttempt(now, why));
  }

  /** It will not be tried any more. */
  public SpooledRecipient givenUp(State how, boolean toldAlready, Instant now, Reason why) {
    return with(how, toldAlready, attempts, next, new LastAttempt(now, why));
  }

  /** The same, the sender told. */
  public SpooledRecipient tellingDone() {
    return with(state, true, attempts, next, last);
  }

  /** The same, to be tried at another time. */
  public SpooledRecipient due(Instant when) {
    return with(state, told, attempts, when, last);
  }

  private SpooledRecipient with(
      State its, boolean isTold, int tries, Instant again, @Nullable LastAttempt attempt) {
    return new SpooledRecipient(to, notifyOn, orcpt, its, isTold, tries, again, attempt);
  }
}
