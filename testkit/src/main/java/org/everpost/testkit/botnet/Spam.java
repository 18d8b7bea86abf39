package org.everpost.testkit.botnet;

/** Message after message, correct to the last dot. */
final class Spam extends SmtpConversation {

  private static final int LINES = 40;

  private final Steps steps;

  Spam(Bot bot) {
    super(bot);
    this.steps = new Steps(bot);
  }

  @Override
  void replied(int code) {
    steps.next(code);
  }

  /** What is said after which reply. */
  static final class Steps {

    private final Bot bot;
    private int step;

    Steps(Bot bot) {
      this.bot = bot;
    }

    void next(int code) {
      if (code >= 400) {
        bot.leave();
        return;
      }
      switch (step++) {
        case 0 -> bot.say("EHLO " + bot.name() + "\r\n");
        case 1 -> bot.say("MAIL FROM:<" + bot.sender() + ">\r\n");
        case 2 -> bot.say("RCPT TO:<" + bot.victim() + ">\r\n");
        case 3 -> bot.say("DATA\r\n");
        case 4 -> bot.say(text(bot));
        case 5 -> {
          bot.count(Tally.Kind.ACCEPTED);
          bot.say("QUIT\r\n");
        }
        default -> bot.leave();
      }
    }
  }

  /** A message with the dot that ends it. */
  static String text(Bot bot) {
    int number = bot.random().nextInt(1_000_000);
    return "From: <%s>\r\nTo: <%s>\r\nSubject: offer %d\r\nMessage-ID: <%d@%s>\r\n\r\n"
            .formatted(bot.sender(), bot.victim(), number, number, bot.name())
        + "Buy this now, while it lasts.\r\n".repeat(LINES)
        + ".\r\n";
  }
}
