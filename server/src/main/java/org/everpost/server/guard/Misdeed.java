package org.everpost.server.guard;

/**
 * What speaks against a peer, and how much. With {@link PeerRecord#BAD_FROM} points it is bad; half
 * of them are forgotten after {@link PeerRecord#HALF_LIFE}. What only bots do has more points than
 * that, so that once is enough for a while: with 15 it is bad for 20 minutes, with 20 for 32.
 */
public enum Misdeed {
  EARLY_TALK(15, "spoke before it was greeted"),
  OTHER_PROTOCOL(15, "spoke another protocol than SMTP"),
  BLIND_PIPELINING(15, "sent commands without waiting for what they depend on"),
  FALSE_NAME(5, "called itself by the name of this server"),
  TRAP(20, "wrote to a spam trap"),
  LISTED(10, "is on a block list"),
  ERRORS(4, "made too many errors"),
  UNKNOWN_RECIPIENT(0.5f, "wrote to somebody who does not exist"),
  FAILED_LOGIN(1, "gave a wrong password"),
  IDLENESS(1, "took a place and did nothing with it");

  private final float points;
  private final String words;

  Misdeed(float points, String words) {
    this.points = points;
    this.words = words;
  }

  float points() {
    return points;
  }

  /** What it did, in a few words. */
  public String words() {
    return words;
  }
}
