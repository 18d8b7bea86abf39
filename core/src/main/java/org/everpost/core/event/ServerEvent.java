package org.everpost.core.event;

/** The life of the program. */
public sealed interface ServerEvent extends Event {

  /** The program begins. */
  record Starting(String version, String hostname, String data, String engine)
      implements ServerEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /** A listener accepts. */
  record Listening(String service, String address) implements ServerEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /** Every listener accepts. */
  record Ready(long millis) implements ServerEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /** It was told to stop. */
  record Stopping(String reason, int connections) implements ServerEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }
}
