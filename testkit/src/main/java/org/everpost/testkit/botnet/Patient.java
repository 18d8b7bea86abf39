package org.everpost.testkit.botnet;

import java.time.Duration;

/**
 * The zombie that dies hard: it breaks no rule, waits for the greeting and every reply, and keeps
 * its connection for as long as the server lets it, half of them inside a message, half before.
 */
final class Patient extends SmtpConversation {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final int PAUSE_MILLIS = 5_000;

  private final boolean amidMessage;
  private int step;
  private boolean inData;

  Patient(Bot bot) {
    super(bot);
    this.amidMessage = bot.random().nextBoolean();
  }

  @Override
  void replied(int code) {
    inData = code == 354;
    bot.wakeAfter(
        step == 0 ? FIRST_PAUSE : Duration.ofMillis(PAUSE_MILLIS / 2 + random(PAUSE_MILLIS)));
  }

  @Override
  public void due() {
    if (inData) {
      bot.say("Another line of a long message.\r\n");
      bot.wakeAfter(Duration.ofMillis(PAUSE_MILLIS + random(PAUSE_MILLIS)));
      return;
    }
    switch (step++) {
      case 0 -> bot.say("EHLO " + bot.name() + "\r\n");
      case 1 -> bot.say("MAIL FROM:<" + bot.sender() + ">\r\n");
      case 2 -> bot.say("RCPT TO:<" + bot.victim() + ">\r\n");
      case 3 -> bot.say(amidMessage ? "DATA\r\n" : "NOOP\r\n");
      default -> bot.say("NOOP\r\n");
    }
  }

  private int random(int bound) {
    return bot.random().nextInt(bound);
  }
}
