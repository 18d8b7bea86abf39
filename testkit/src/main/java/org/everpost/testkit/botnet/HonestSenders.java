package org.everpost.testkit.botnet;

import java.net.InetAddress;
import java.time.Duration;
import org.everpost.testkit.botnet.Journal.Outcome;
import org.everpost.testkit.botnet.Journal.Series;

/**
 * Servers elsewhere that send wanted mail as RFC 5321 §4.5.4.1 has it: what failed for the time
 * being is tried again.
 */
public final class HonestSenders implements AutoCloseable {

  private static final int TRIES = 3;
  private static final Duration KNOWN_PERIOD = Duration.ofMillis(200);
  private static final Duration NEWCOMER_PERIOD = Duration.ofSeconds(1);

  /** Those who know nothing of each other do not begin together. */
  private static final Duration NEWCOMER_LATER = Duration.ofMillis(100);

  private static final int KNOWN_BEFORE = 3;

  private final Target target;
  private final Journal journal;
  private final Duration retryAfter;
  private final Pace pace = new Pace();

  /**
   * Nobody sends yet.
   *
   * @param retryAfter how long after a temporary failure: longer than a greylist asks for
   */
  public HonestSenders(Target target, Journal journal, Duration retryAfter) {
    this.target = target;
    this.journal = journal;
    this.retryAfter = retryAfter;
  }

  /** Has the regular sender deliver some mail, so that it is known; whether that was possible. */
  public boolean introduce() {
    int delivered = 0;
    for (int i = 0; i < 2 * KNOWN_BEFORE && delivered < KNOWN_BEFORE; i++) {
      delivered += send(known(-1 - i)) ? 1 : 0;
    }
    return delivered == KNOWN_BEFORE;
  }

  /**
   * From now on five messages a second come from the regular sender, so that their slowest
   * hundredth is more than one of them, and one from an address that was never seen.
   */
  public void begin() {
    pace.every(Duration.ZERO, KNOWN_PERIOD, number -> send(known(number)));
    pace.every(NEWCOMER_LATER, NEWCOMER_PERIOD, number -> send(newcomer(number)));
  }

  private Letter known(int number) {
    InetAddress from = Networks.RESIDENTS.address(0);
    return letter(Series.KNOWN, from, "orders@supplier.example", number);
  }

  private Letter newcomer(int number) {
    InetAddress from = Networks.NEWCOMERS.address(number);
    return letter(Series.NEWCOMER, from, "hello@friend" + number + ".example", number);
  }

  private Letter letter(Series series, InetAddress from, String sender, int number) {
    return new Letter(series, number, Service.SMTP, from, sender, target.mailbox(number), false);
  }

  /** Whether it was taken in the end. */
  private boolean send(Letter letter) {
    for (int i = 1; i <= TRIES && !pace.isOver(); i++) {
      Outcome outcome = letter.attempt(target, journal, i);
      if (outcome == Outcome.DONE || outcome == Outcome.REFUSED) {
        return outcome == Outcome.DONE;
      }
      if (i < TRIES) {
        try {
          pace.pause(retryAfter);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
    }
    return false;
  }

  @Override
  public void close() {
    pace.close();
  }
}
