package org.everpost.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.everpost.core.event.AuthEvent;
import org.everpost.core.event.ConnectionEvent;
import org.everpost.core.event.Event;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.MailboxEvent;
import org.everpost.core.event.RelayEvent;
import org.everpost.core.event.SmtpEvent;

/** Counts what passes by on its way to the log. Safe for any number of threads. */
final class EventCounts implements EventSink {

  private final EventSink next;
  private final LongAdder accepted = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder stored = new LongAdder();
  private final LongAdder logins = new LongAdder();
  private final LongAdder failedLogins = new LongAdder();
  private final LongAdder queued = new LongAdder();
  private final LongAdder relayed = new LongAdder();
  private final LongAdder deferred = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder notified = new LongAdder();
  private final LongAdder untold = new LongAdder();
  private final LongAdder unreachable = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder failures = new LongAdder();

  EventCounts(EventSink next) {
    this.next = next;
  }

  @Override
  public void accept(Event event) {
    switch (event) {
      case SmtpEvent.MessageAccepted _ -> accepted.increment();
      case SmtpEvent.Rejected _ -> rejected.increment();
      case MailboxEvent.MessageStored _ -> stored.increment();
      case AuthEvent.LoginSucceeded _ -> logins.increment();
      case AuthEvent.LoginFailed _ -> failedLogins.increment();
      case RelayEvent.Queued _ -> queued.increment();
      case RelayEvent.Relayed _ -> relayed.increment();
      case RelayEvent.Deferred _ -> deferred.increment();
      case RelayEvent.Failed _ -> failed.increment();
      case RelayEvent.Notified _ -> notified.increment();
      case RelayEvent.NobodyTold _ -> untold.increment();
      case RelayEvent.Unreachable _, RelayEvent.Unwelcome _ -> unreachable.increment();
      case RelayEvent.Broken _ -> failures.increment();
      case ConnectionEvent.Refused _ -> refused.increment();
      case ConnectionEvent.SessionFailed _ -> failures.increment();
      default -> {}
    }
    next.accept(event);
  }

  /** Since the start. */
  Map<String, Object> now() {
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("messagesAccepted", accepted.sum());
    counts.put("messagesStored", stored.sum());
    counts.put("commandsRejected", rejected.sum());
    counts.put("messagesQueued", queued.sum());
    counts.put("recipientsRelayed", relayed.sum());
    counts.put("recipientsDeferred", deferred.sum());
    counts.put("recipientsFailed", failed.sum());
    counts.put("notifications", notified.sum());
    counts.put("failuresNobodyWasToldOf", untold.sum());
    counts.put("destinationsUnreachable", unreachable.sum());
    counts.put("logins", logins.sum());
    counts.put("failedLogins", failedLogins.sum());
    counts.put("connectionsRefused", refused.sum());
    counts.put("failures", failures.sum());
    return counts;
  }
}
