package org.everpost.server.guard;

import java.time.Duration;

/** One of our own is always welcome, and nobody counts it. */
record Ours() implements Visit {
  @Override
  public PeerClass peerClass() {
    return PeerClass.OWN;
  }

  @Override
  public void awaitRecall() {}

  @Override
  public void awaits() {}

  @Override
  public void progressed() {}

  @Override
  public boolean isAwaited() {
    return false;
  }

  @Override
  public Duration patience(Duration usual) {
    return usual;
  }

  @Override
  public boolean needsTurn() {
    return false;
  }

  @Override
  public void takeTurn() {}

  @Override
  public void endTurn() {}

  @Override
  public void sends() {}

  @Override
  public void sent() {}

  @Override
  public void onCut(Runnable action) {}

  @Override
  public Duration greetPause() {
    return Duration.ZERO;
  }

  @Override
  public Duration standInLine() {
    return Duration.ZERO;
  }

  @Override
  public void passed() {}

  @Override
  public boolean did(Misdeed misdeed) {
    return false;
  }

  @Override
  public void delivered() {}

  @Override
  public void loggedIn() {}

  @Override
  public Ruling judge(Envelope envelope) {
    return new Ruling.Welcome();
  }

  @Override
  public void close() {}
}
