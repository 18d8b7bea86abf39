package org.everpost.testkit.botnet;

/** Tries made-up recipients, one after the other, until it is thrown out. */
final class Spray extends SmtpConversation {

  private int replies;

  Spray(Bot bot) {
    super(bot);
  }

  @Override
  void replied(int code) {
    switch (replies++) {
      case 0 -> bot.say("EHLO " + bot.name() + "\r\n");
      case 1 -> bot.say("MAIL FROM:<" + bot.sender() + ">\r\n");
      default -> bot.say("RCPT TO:<" + bot.stranger() + ">\r\n");
    }
  }
}
