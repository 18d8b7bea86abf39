package org.everpost.testkit.botnet;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.everpost.testkit.botnet.Journal.Entry;
import org.everpost.testkit.botnet.Journal.Outcome;
import org.everpost.testkit.botnet.Journal.Series;

/**
 * A wanted message, and how its sender goes about it.
 *
 * @param number which of its series
 * @param from the address it comes from
 * @param login whether its sender is a user, who logs in as {@code sender}
 */
record Letter(
    Series series,
    int number,
    Service service,
    InetAddress from,
    String sender,
    String recipient,
    boolean login) {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** One try at it, which is written down. */
  Outcome attempt(Target target, Journal journal, int attempt) {
    long begin = journal.now();
    Outcome outcome;
    String reason;
    try (LineClient client = LineClient.open(from, target, service, LIMIT)) {
      reason = send(client, target);
      outcome =
          switch (reason.isEmpty() ? 0 : reason.charAt(0)) {
            case '2' -> Outcome.DONE;
            case '4' -> Outcome.DEFERRED;
            case '5' -> Outcome.REFUSED;
            default -> Outcome.FAILED;
          };
    } catch (IOException e) {
      outcome = Outcome.FAILED;
      reason = String.valueOf(e.getMessage());
    }
    journal.add(new Entry(series, number, begin, journal.now() - begin, attempt, outcome, reason));
    return outcome;
  }

  /** The reply to the message, or the first that says it is not taken. */
  private String send(LineClient client, Target target) throws IOException {
    String reply = client.reply();
    if (!reply.startsWith("220")) {
      return reply;
    }
    String[] commands = {
      "EHLO " + sender.substring(sender.indexOf('@') + 1),
      login ? "AUTH PLAIN " + credentials(target.password()) : "",
      "MAIL FROM:<" + sender + ">",
      "RCPT TO:<" + recipient + ">",
      "DATA"
    };
    for (String command : commands) {
      if (command.isEmpty()) {
        continue;
      }
      client.say(command + "\r\n");
      reply = client.reply();
      if (!reply.startsWith(command.equals("DATA") ? "354" : "2")) {
        return reply;
      }
    }
    client.say(
        "From: <%s>\r\nTo: <%s>\r\nSubject: as agreed\r\n\r\n".formatted(sender, recipient)
            + "The figures you asked for.\r\n".repeat(20)
            + ".\r\n");
    reply = client.reply();
    client.say("QUIT\r\n");
    return reply;
  }

  /** RFC 4616 §2. */
  private String credentials(String password) {
    byte[] message = ("\0" + sender + "\0" + password).getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(message);
  }
}
