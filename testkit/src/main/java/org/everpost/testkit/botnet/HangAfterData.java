package org.everpost.testkit.botnet;

/** Gets the go-ahead for its message, and is silent from there on. */
final class HangAfterData extends SmtpConversation {

  private final Spam.Steps steps;

  HangAfterData(Bot bot) {
    super(bot);
    this.steps = new Spam.Steps(bot);
  }

  @Override
  void replied(int code) {
    if (code != 354) {
      steps.next(code);
    }
  }
}
