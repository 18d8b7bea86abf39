package org.everpost.core.event;

/** Something that happened. The record's name and its components are what the log shows. */
public sealed interface Event
    permits AdminEvent,
        AuthEvent,
        ConnectionEvent,
        DnsEvent,
        GuardEvent,
        MailboxEvent,
        RelayEvent,
        ServerEvent,
        SmtpEvent,
        SpoolEvent,
        StoreEvent {

  /** How much it matters. */
  Level level();

  /** Whether strangers can cause any number of them: the log then has some of a second's only. */
  default boolean isCausedByStrangers() {
    return false;
  }

  /** Fixed meanings, see the package sign. */
  enum Level {
    /** Wake someone, or fix a bug. */
    ERROR,
    /** Degraded, and healing itself. */
    WARN,
    /** One line a transaction. */
    INFO,
    /** Decisions. */
    DEBUG,
    /** The dialogue on the wire, credentials masked. */
    TRACE
  }
}
