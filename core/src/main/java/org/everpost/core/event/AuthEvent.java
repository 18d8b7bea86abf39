package org.everpost.core.event;

/** Who logged in, and who did not. */
public sealed interface AuthEvent extends Event {

  /** A login that succeeded. */
  record LoginSucceeded(String connection, String account, String mechanism, String peer)
      implements AuthEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /** A session was ended: its account was disabled or deleted, or has another password now. */
  record LoginRevoked(String connection, String account) implements AuthEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /**
   * A login that failed. The name is what the peer sent, shortened and without control characters.
   */
  record LoginFailed(String connection, String name, String mechanism, String peer, String reason)
      implements AuthEvent {
    @Override
    public boolean isCausedByStrangers() {
      return true;
    }

    @Override
    public Level level() {
      return Level.INFO;
    }
  }
}
