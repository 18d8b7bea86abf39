package org.everpost.testkit.botnet;

/** A handshake that does not go on, after STARTTLS (RFC 3207). */
final class HalfStartTls extends SmtpConversation {

  private int replies;

  HalfStartTls(Bot bot) {
    super(bot);
  }

  @Override
  void replied(int code) {
    switch (replies++) {
      case 0 -> bot.say("EHLO " + bot.name() + "\r\n");
      case 1 -> bot.say("STARTTLS\r\n");
      case 2 -> {
        if (code == 220) {
          bot.say(ClientHello.half());
        }
      }
      default -> bot.leave();
    }
  }
}
