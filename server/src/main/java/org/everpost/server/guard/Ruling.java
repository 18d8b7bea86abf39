package org.everpost.server.guard;

import java.time.Duration;

/** Whether a message is taken from a peer. */
public sealed interface Ruling {

  /** Yes. */
  record Welcome() implements Ruling {}

  /** Not now: nobody knows the peer, so it is asked to come again. */
  record Greylisted(Duration rest) implements Ruling {}

  /**
   * No.
   *
   * @param reason for whoever reads the notification
   */
  record Blocked(String reason) implements Ruling {}
}
