package org.everpost.testkit.botnet;

/** A handshake that does not go on. */
final class HalfTls implements Conversation {

  private final Bot bot;

  HalfTls(Bot bot) {
    this.bot = bot;
  }

  @Override
  public void opened() {
    bot.say(ClientHello.half());
  }
}
