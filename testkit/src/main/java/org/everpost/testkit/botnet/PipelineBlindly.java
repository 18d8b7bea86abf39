package org.everpost.testkit.botnet;

/** Once greeted, says all it has to say, whether anybody answers or not. */
final class PipelineBlindly extends SmtpConversation {

  private boolean said;

  PipelineBlindly(Bot bot) {
    super(bot);
  }

  @Override
  void replied(int code) {
    if (said) {
      return;
    }
    said = true;
    bot.say(
        "HELO "
            + bot.name()
            + "\r\nMAIL FROM:<"
            + bot.sender()
            + ">\r\nRCPT TO:<"
            + bot.victim()
            + ">\r\nDATA\r\n"
            + Spam.text(bot)
            + "QUIT\r\n");
  }
}
