package org.everpost.core.event;

import java.time.Instant;

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

  /** A certificate is in use from now on: at the start, or because its files changed. */
  record CertificateLoaded(String file, String subject, Instant expires) implements ServerEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /** Changed certificate files cannot be used; the last good ones stay in use. */
  record CertificateRejected(String reason) implements ServerEvent {
    @Override
    public Level level() {
      return Level.WARN;
    }
  }

  /** The reader of the log did not keep up, and this many lines were dropped. */
  record LogLinesDropped(long lines) implements ServerEvent {
    @Override
    public Level level() {
      return Level.WARN;
    }
  }

  /** The system gives us fewer file descriptors than connections were configured. */
  record TooFewDescriptors(long descriptors, int configured, int connections)
      implements ServerEvent {
    @Override
    public Level level() {
      return Level.WARN;
    }
  }

  /** So many lines of what strangers did were left out, as there were too many in a second. */
  record LogLinesSpared(long lines) implements ServerEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /** Everything is closed. */
  record Stopped(long millis) implements ServerEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }
}
