package org.everpost.core.event;

/** What the operator did. */
public sealed interface AdminEvent extends Event {

  /** A change of the directory by the operator: what was done and to which name. */
  record DirectoryChanged(String action, String name) implements AdminEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /**
   * What the operator said of a network's peers.
   *
   * @param rule allow, deny, or none from now on
   * @param until when it ends by itself; empty: never
   */
  record PeersRuled(String network, String rule, String until, String note) implements AdminEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /** All that was known of a peer was forgotten. */
  record PeerForgotten(String peer) implements AdminEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }
}
