package org.everpost.core.event;

/** What the guard against floods decided. */
public sealed interface GuardEvent extends Event {

  @Override
  default Level level() {
    return Level.DEBUG;
  }

  @Override
  default boolean isCausedByStrangers() {
    return true;
  }

  /** A stranger lost its place to somebody who needed it more. */
  record Displaced(String gate, String peer) implements GuardEvent {}

  /** A peer lost its place because an operator denied it. */
  record TurnedOut(String gate, String peer) implements GuardEvent {}

  /** Something speaks against a peer; points are what it has now. */
  record Misbehaved(String gate, String peer, String what, int points) implements GuardEvent {}

  /** A peer brought wanted mail for the first time. */
  record Trusted(String peer) implements GuardEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /** Whether a stranger may deliver, and why. */
  record Judged(String peer, String ruling, String why) implements GuardEvent {}

  /** What happened in the last ten seconds; pressure in percent. */
  record Busy(
      long refused, long displaced, long greylisted, long misdeeds, int strangers, long pressure)
      implements GuardEvent {
    @Override
    public boolean isCausedByStrangers() {
      return false;
    }

    @Override
    public Level level() {
      return Level.INFO;
    }
  }
}
