package org.everpost.server.guard;

import java.net.InetAddress;

/**
 * Whether a stranger who has passed the cheap tests may deliver: what name servers say of him, as
 * far as they say it in time, and else whether he comes again.
 */
final class Judge {

  /** From this pressure on name servers are not asked any more: coming again decides. */
  private static final double NO_QUESTIONS_FROM = 0.9;

  private final GuardSettings settings;
  private final Standings standings;
  private final Greylist greylist;

  /**
   * A ruling with its reasons.
   *
   * @param returned whether the peer had been asked to come again, and did
   */
  record Verdict(Ruling ruling, String why, boolean returned) {}

  Judge(GuardSettings settings, Standings standings, Greylist greylist) {
    this.settings = settings;
    this.standings = standings;
    this.greylist = greylist;
  }

  Verdict judge(InetAddress address, Envelope envelope, double pressure) {
    Standing standing =
        pressure >= NO_QUESTIONS_FROM
            ? standings.remembered(address)
            : standings.of(address, envelope);
    if (standing.blocked()) {
      return new Verdict(new Ruling.Blocked(standing.why()), standing.why(), false);
    }
    if (standing.trusted() || settings.greylist().isZero()) {
      return new Verdict(new Ruling.Welcome(), standing.why(), false);
    }
    Greylist.Answer answer = greylist.ask(address, envelope);
    return answer.rest().isZero()
        ? new Verdict(new Ruling.Welcome(), "came again", answer.returned())
        : new Verdict(new Ruling.Greylisted(answer.rest()), "not known; " + standing.why(), false);
  }

  /** Whether block lists have a good peer, as far as is known: it does not wait for them. */
  boolean isListed(InetAddress address) {
    return standings.glimpse(address).blocked();
  }

  /** Name servers are asked again for an address. */
  void forget(InetAddress address) {
    standings.forget(address);
  }

  /** What name servers say of an address, for an operator. */
  Standing standing(InetAddress address) {
    return standings.of(address);
  }
}
