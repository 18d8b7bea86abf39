package org.everpost.testkit.botnet;

import java.time.Duration;

/** A command without an end, octet by octet: slow-loris. */
final class Drip implements Conversation {

  private final Bot bot;
  private boolean begun;

  Drip(Bot bot) {
    this.bot = bot;
  }

  @Override
  public void opened() {
    bot.wakeAfter(pause());
  }

  @Override
  public void due() {
    bot.say(begun ? "x" : "EHLO x");
    begun = true;
    bot.wakeAfter(pause());
  }

  private Duration pause() {
    return Duration.ofMillis(1_000 + bot.random().nextInt(2_000));
  }
}
