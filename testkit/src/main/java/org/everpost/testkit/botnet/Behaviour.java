package org.everpost.testkit.botnet;

import java.util.Map;

/** What a bot does, over and over. */
public enum Behaviour {
  /** Says its first commands before it was greeted. */
  TALK_EARLY(Service.SMTP),
  /** Waits for the greeting, then says everything at once, message included. */
  PIPELINE_BLINDLY(Service.SMTP),
  /** Says an octet now and then, and never a whole line. */
  DRIP(Service.SMTP),
  /** Speaks well up to DATA, and then not at all. */
  HANG_AFTER_DATA(Service.SMTP),
  /** Speaks HTTP, TLS, or nothing anybody knows. */
  JUNK(Service.SMTP),
  /** Tries recipients nobody knows. */
  SPRAY(Service.SMTP),
  /** Delivers unwanted mail without any fault of syntax. */
  SPAM(Service.SMTP),
  /** Waits for every reply, takes its time, and stays as long as it may. */
  PATIENT(Service.SMTP),
  /** Tries passwords, by TLS. */
  GUESS_SUBMISSIONS(Service.SUBMISSIONS),
  GUESS_IMAPS(Service.IMAPS),
  GUESS_POP3S(Service.POP3S),
  /** Connects, and is gone at once. */
  CHURN(Service.SMTP),
  /** Begins a TLS handshake where TLS is expected, and does not go on. */
  HALF_TLS_SUBMISSIONS(Service.SUBMISSIONS),
  HALF_TLS_IMAPS(Service.IMAPS),
  /** The same after STARTTLS. */
  HALF_STARTTLS(Service.SMTP);

  /** A mixed flood, by hundredths: what most bots of the world do. */
  public static final Map<Behaviour, Integer> MIXED =
      Map.of(
          TALK_EARLY,
          30,
          PIPELINE_BLINDLY,
          20,
          DRIP,
          15,
          HANG_AFTER_DATA,
          10,
          JUNK,
          15,
          SPRAY,
          5,
          SPAM,
          5);

  private final Service service;

  Behaviour(Service service) {
    this.service = service;
  }

  /** Whom it attacks. */
  public Service service() {
    return service;
  }

  /** Whether it goes through with the handshake that its service begins with. */
  boolean usesTls() {
    return switch (this) {
      case GUESS_SUBMISSIONS, GUESS_IMAPS, GUESS_POP3S -> true;
      case TALK_EARLY,
          PIPELINE_BLINDLY,
          DRIP,
          HANG_AFTER_DATA,
          JUNK,
          SPRAY,
          SPAM,
          PATIENT,
          CHURN,
          HALF_TLS_SUBMISSIONS,
          HALF_TLS_IMAPS,
          HALF_STARTTLS ->
          false;
    };
  }

  Conversation begin(Bot bot) {
    return switch (this) {
      case TALK_EARLY -> new TalkEarly(bot);
      case PIPELINE_BLINDLY -> new PipelineBlindly(bot);
      case DRIP -> new Drip(bot);
      case HANG_AFTER_DATA -> new HangAfterData(bot);
      case JUNK -> new Junk(bot);
      case SPRAY -> new Spray(bot);
      case SPAM -> new Spam(bot);
      case PATIENT -> new Patient(bot);
      case GUESS_SUBMISSIONS, GUESS_IMAPS, GUESS_POP3S -> new GuessPasswords(bot, service);
      case CHURN -> new Churn(bot);
      case HALF_TLS_SUBMISSIONS, HALF_TLS_IMAPS -> new HalfTls(bot);
      case HALF_STARTTLS -> new HalfStartTls(bot);
    };
  }
}
