package org.everpost.server.guard;

/** What becomes of one who knocks. */
public sealed interface Entry permits Visit, Entry.Refused {

  /**
   * Not let in.
   *
   * @param reason for the log, a few words
   */
  record Refused(PeerClass peerClass, String reason) implements Entry {}
}
