package org.everpost.core.event;

/** The storage engine. */
public sealed interface StoreEvent extends Event {

  /** It does not work now; requests are answered with a temporary error. */
  record Unavailable(String reason) implements StoreEvent {
    @Override
    public Level level() {
      return Level.WARN;
    }
  }

  /** Stored bytes fail their checksum. */
  record BlobDamaged(String blob, String account) implements StoreEvent {
    @Override
    public Level level() {
      return Level.ERROR;
    }
  }
}
