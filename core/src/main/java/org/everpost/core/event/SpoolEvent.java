package org.everpost.core.event;

/** What happened to the queues of nodes. */
public sealed interface SpoolEvent extends Event {

  /** This node was silent for so long that another took its queue. */
  record TakenOver(String node) implements SpoolEvent {
    @Override
    public Level level() {
      return Level.WARN;
    }
  }

  /** This node took the queue of one that died. */
  record Adopted(String node, int partitions) implements SpoolEvent {
    @Override
    public Level level() {
      return Level.WARN;
    }
  }

  /**
   * An account ran far over what it may send elsewhere: what of it was in the queue is held.
   *
   * @param messages how many that were not held before; one that was being sent may still leave
   */
  record SenderHeld(String account, int messages, String reason) implements SpoolEvent {
    @Override
    public Level level() {
      return Level.WARN;
    }
  }

  /** The store could not keep what became of an attempt; it is tried again until it can. */
  record Stuck(String id, String reason) implements SpoolEvent {
    @Override
    public Level level() {
      return Level.WARN;
    }
  }

  /** A message in the queue cannot be read; it stays there and is not sent. */
  record Damaged(String partition, String id) implements SpoolEvent {
    @Override
    public Level level() {
      return Level.ERROR;
    }
  }
}
