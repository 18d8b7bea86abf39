package org.everpost.testkit.botnet;

/** Does not wait for the greeting, but afterwards for every reply. */
final class TalkEarly extends SmtpConversation {

  private final Spam.Steps steps;

  TalkEarly(Bot bot) {
    super(bot);
    this.steps = new Spam.Steps(bot);
  }

  @Override
  public void opened() {
    steps.next(220);
  }

  @Override
  void replied(int code) {
    if (code != 220) {
      steps.next(code);
    }
  }
}
