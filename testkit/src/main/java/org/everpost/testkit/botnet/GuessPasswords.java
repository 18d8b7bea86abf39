package org.everpost.testkit.botnet;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/**
 * Tries passwords of accounts, one every ten seconds or so, half of them of accounts that exist,
 * and stays for as many as it may.
 */
final class GuessPasswords implements Conversation {

  private static final int PAUSE_MILLIS = 10_000;

  private final Bot bot;
  private final Service service;
  private boolean begun;
  private boolean asked;

  GuessPasswords(Bot bot, Service service) {
    this.bot = bot;
    this.service = service;
  }

  @Override
  public void heard(String line) {
    boolean more = service == Service.SUBMISSIONS && line.length() > 3 && line.charAt(3) == '-';
    boolean untagged = service == Service.IMAPS && line.startsWith("* ") && begun;
    if (more || untagged) {
      return;
    }
    if (!begun) {
      begun = true;
      if (service == Service.SUBMISSIONS) {
        bot.say("EHLO " + bot.name() + "\r\n");
        return;
      }
    }
    if (service == Service.POP3S && asked && line.startsWith("+OK")) {
      bot.say("PASS " + password() + "\r\n");
    } else if (asked) {
      asked = false;
      bot.count(Tally.Kind.REFUSED);
      bot.wakeAfter(Duration.ofMillis(PAUSE_MILLIS / 2 + bot.random().nextInt(PAUSE_MILLIS)));
    } else {
      guess();
    }
  }

  @Override
  public void due() {
    guess();
  }

  private void guess() {
    asked = true;
    bot.count(Tally.Kind.GUESSED);
    String account = bot.random().nextBoolean() ? bot.victim() : bot.stranger();
    switch (service) {
      case SUBMISSIONS -> {
        String message = "\0" + account + "\0" + password();
        byte[] octets = message.getBytes(StandardCharsets.UTF_8);
        bot.say("AUTH PLAIN " + Base64.getEncoder().encodeToString(octets) + "\r\n");
      }
      case IMAPS -> bot.say("a LOGIN " + account + " " + password() + "\r\n");
      case POP3S -> bot.say("USER " + account + "\r\n");
      case SMTP, SUBMISSION, IMAP, POP3 -> bot.leave();
    }
  }

  private String password() {
    return "guess" + bot.random().nextInt(1_000_000);
  }
}
