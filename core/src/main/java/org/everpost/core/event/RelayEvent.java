package org.everpost.core.event;

/** What became of messages that leave. The id is the one the queue knows them by. */
public sealed interface RelayEvent extends Event {

  /** A message is in the queue. */
  record Queued(String id, String sender, String from, int recipients, long size)
      implements RelayEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /**
   * A peer took it for a recipient.
   *
   * @param delayMillis since it was accepted
   */
  record Relayed(String id, String to, String peer, String reply, long delayMillis)
      implements RelayEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /** A recipient could not get it now. */
  record Deferred(String id, String to, String reason) implements RelayEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /** A recipient will not get it. */
  record Failed(String id, String to, String reason) implements RelayEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /** The sender was told: of a failure, a delay or a success (RFC 3464 §2.3.3). */
  record Notified(String id, String action, String to) implements RelayEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /**
   * A recipient will not get it, and its sender is not told: a stranger, whose message an address
   * of ours has forwarded, or somebody who is gone.
   */
  record NobodyTold(String id, String from, String to, String reason) implements RelayEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /**
   * Our own fault: an exception nobody expected ended an attempt for a message, which is tried
   * again later (hours later if it may have gone out), or (without an id) something in the working
   * of the queue.
   */
  record Broken(String id, Throwable cause) implements RelayEvent {
    @Override
    public Level level() {
      return Level.ERROR;
    }
  }

  /** A domain was told how TLS on the way to it fared on a day (RFC 8460). */
  record TlsReported(String domain, String to, long successes, long failures)
      implements RelayEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /** A report about TLS could not be given to whom it is for; it is not tried again. */
  record TlsReportFailed(String domain, String to, String reason) implements RelayEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /** An operator changed what becomes of a message: held, released, retried and so on. */
  record Changed(String id, String action) implements RelayEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /**
   * What is signed cannot be verified: the record of a key is not in DNS as it should be.
   *
   * @param name of the record
   */
  record Unverifiable(String name, String reason) implements RelayEvent {
    @Override
    public Level level() {
      return Level.WARN;
    }
  }

  /** The smart host for a destination takes nothing from us: the operator has to see to it. */
  record Unwelcome(String destination, String reason) implements RelayEvent {
    @Override
    public Level level() {
      return Level.WARN;
    }
  }

  /** A destination could not be reached and is left alone for a while. */
  record Unreachable(String destination, String reason) implements RelayEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }
}
