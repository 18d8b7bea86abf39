package org.everpost.testkit.botnet;

/** There and gone: half of them with a goodbye of TCP, half without. */
final class Churn implements Conversation {

  private final Bot bot;

  Churn(Bot bot) {
    this.bot = bot;
  }

  @Override
  public void opened() {
    if (bot.random().nextBoolean()) {
      bot.leave();
    } else {
      bot.reset();
    }
  }
}
