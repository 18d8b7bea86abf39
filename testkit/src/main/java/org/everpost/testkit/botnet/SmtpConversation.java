package org.everpost.testkit.botnet;

/** A conversation that goes by the replies of SMTP (RFC 5321 §4.2). */
abstract class SmtpConversation implements Conversation {

  private static final int AFTER_CODE = 3;

  final Bot bot;

  SmtpConversation(Bot bot) {
    this.bot = bot;
  }

  @Override
  public final void heard(String line) {
    if (line.length() > AFTER_CODE && line.charAt(AFTER_CODE) == '-') {
      return; // more lines follow
    }
    int code = code(line);
    if (code >= 500) {
      bot.count(Tally.Kind.REFUSED);
    } else if (code >= 400) {
      bot.count(Tally.Kind.DEFERRED);
    }
    replied(code);
  }

  /** A whole reply came, the greeting too. */
  abstract void replied(int code);

  private static int code(String line) {
    int code = 0;
    for (int i = 0; i < AFTER_CODE && i < line.length(); i++) {
      char digit = line.charAt(i);
      if (digit < '0' || digit > '9') {
        return 0;
      }
      code = 10 * code + digit - '0';
    }
    return code;
  }
}
