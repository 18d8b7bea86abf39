package org.everpost.server.guard;

import java.util.Locale;

/** What a peer is taken for. What the guard decides, it decides by this. */
public enum PeerClass {
  /** A user who logged in, this machine, or a network that was listed. Never refused. */
  OWN,
  /** Passed everything lately and brought mail that was wanted, or a user logs in from there. */
  GOOD,
  /** Nothing is known yet. */
  UNKNOWN,
  /** Misbehaved lately. */
  BAD;

  /** As it is written for people and scripts. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
