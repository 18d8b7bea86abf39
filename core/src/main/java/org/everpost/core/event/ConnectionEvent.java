package org.everpost.core.event;

/** Connections as such, of any protocol. */
public sealed interface ConnectionEvent extends Event {

  /** A connection was accepted. */
  record Opened(String connection, String service, String peer) implements ConnectionEvent {
    @Override
    public boolean isCausedByStrangers() {
      return true;
    }

    @Override
    public Level level() {
      return Level.DEBUG;
    }
  }

  /** A connection ended; reason in a few words. */
  record Closed(String connection, String service, String peer, String reason, long millis)
      implements ConnectionEvent {
    @Override
    public boolean isCausedByStrangers() {
      return true;
    }

    @Override
    public Level level() {
      return Level.DEBUG;
    }
  }

  /** A connection was refused before a session began. */
  record Refused(String service, String peer, String reason) implements ConnectionEvent {
    @Override
    public boolean isCausedByStrangers() {
      return true;
    }

    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /** The system would not give us a connection: out of file descriptors, mostly. */
  record AcceptFailed(String service, String reason) implements ConnectionEvent {
    @Override
    public Level level() {
      return Level.WARN;
    }
  }

  /** Our own fault: an exception nobody expected ended a command or a session. */
  record SessionFailed(String connection, String service, Throwable cause)
      implements ConnectionEvent {
    @Override
    public Level level() {
      return Level.ERROR;
    }
  }
}
