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

  /** Blobs nobody refers to were deleted. */
  record BlobsSwept(long deleted) implements StoreEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /** Deletions of accounts that had been interrupted were finished. */
  record AccountsSwept(int deleted) implements StoreEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /** Stored bytes fail their checksum. */
  record BlobDamaged(String blob, String account) implements StoreEvent {
    @Override
    public Level level() {
      return Level.ERROR;
    }
  }

  /** It works again. */
  record Recovered() implements StoreEvent {
    @Override
    public Level level() {
      return Level.WARN;
    }
  }

  /** The child process of the engine, where it has one, did as it should. */
  record NodeChanged(long pid, String state) implements StoreEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /** The child process of the engine is in trouble; it heals itself or it does not. */
  record NodeTroubled(long pid, String state) implements StoreEvent {
    @Override
    public Level level() {
      return Level.WARN;
    }
  }
}
