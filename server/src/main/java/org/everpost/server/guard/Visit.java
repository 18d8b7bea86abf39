package org.everpost.server.guard;

import java.time.Duration;

/** One connection as the guard sees it, from the door to its end. */
public sealed interface Visit extends Entry, AutoCloseable permits Guest, Ours {

  /** A connection that we began, or one in a test: nothing is asked of it. */
  static Visit ours() {
    return new Ours();
  }

  /** What the peer is taken for. */
  PeerClass peerClass();

  /** Whether nothing is known of the peer yet: what is expected of it is asked strictly. */
  default boolean isStranger() {
    return peerClass() == PeerClass.UNKNOWN;
  }

  /**
   * Waits a moment for what the store knows of a stranger, as nobody could at the door. The peer
   * may be taken for something else afterwards.
   */
  void awaitRecall();

  // ---- what the connection tells ----

  /** From now on the peer has to do something, unless it had to already. */
  void awaits();

  /** The peer has done what it had to. */
  void progressed();

  /** Whether the peer has to do something. */
  boolean isAwaited();

  /** How long the peer is waited for where it usually is so long. */
  Duration patience(Duration usual);

  /** Whether {@link #takeTurn} would have to wait for one: it has none, and its class needs one. */
  boolean needsTurn();

  /**
   * There is something to do for the peer. Waits for its turn, if it has none yet and its class has
   * to wait: strangers do.
   */
  void takeTurn();

  /** The peer, the store, or somebody else is waited for next. */
  void endTurn();

  /** Something is being sent, which the peer may not take. */
  void sends();

  /** The peer has taken it, or never will. */
  void sent();

  /** What ends the connection when the place is needed for another. */
  void onCut(Runnable action);

  // ---- what the session tells ----

  /** How long the greeting is delayed, to see who cannot wait; zero: not at all. */
  Duration greetPause();

  /** How long the greeting is delayed after that, as others wait for theirs; zero: not at all. */
  Duration standInLine();

  /** The peer waited until it was greeted. */
  void passed();

  /**
   * The peer did something that speaks against it.
   *
   * @return whether that was too much: it is bad now
   */
  boolean did(Misdeed misdeed);

  /** The peer brought a message that was wanted. */
  void delivered();

  /** A user of ours logged in. */
  void loggedIn();

  /** Whether a message of this sender for this recipient is taken from the peer now. */
  Ruling judge(Envelope envelope);

  /** The connection is over. */
  @Override
  void close();
}
