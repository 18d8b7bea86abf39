package org.everpost.testkit.botnet;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.everpost.testkit.botnet.Journal.Entry;
import org.everpost.testkit.botnet.Journal.Outcome;
import org.everpost.testkit.botnet.Journal.Series;

/** People who read and write their mail, by TLS, from addresses of their own. */
public final class Users implements AutoCloseable {

  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** Those who know nothing of each other do not begin together. */
  private static final Duration VISITS_LATER = Duration.ofMillis(250);

  private static final Duration MESSAGES_LATER = Duration.ofMillis(750);

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int READERS = 10;

  /** Addresses of the readers; those after them are of people who log in anew. */
  private static final int FIRST_ADDRESS = 1;

  private static final int FIRST_VISITOR = FIRST_ADDRESS + READERS;
  private static final int VISITORS = 10;

  private final Target target;
  private final Journal journal;
  private final Pace pace = new Pace();

  /** Nobody is there yet. */
  public Users(Target target, Journal journal) {
    this.target = target;
    this.journal = journal;
  }

  /**
   * From now on some have a session each; and each second one more logs in, looks, and goes, and a
   * message is submitted.
   */
  public void begin() {
    if (target.offers(Service.IMAPS)) {
      read();
    }
    if (target.offers(Service.SUBMISSIONS)) {
      write();
    }
  }

  private void read() {
    for (int i = 0; i < READERS; i++) {
      int reader = i;
      pace.repeatedly(PERIOD, _ -> read(FIRST_ADDRESS + reader, Integer.MAX_VALUE));
    }
    pace.every(VISITS_LATER, PERIOD, number -> read(FIRST_VISITOR + number % VISITORS, 1));
  }

  private void write() {
    pace.every(
        MESSAGES_LATER,
        PERIOD,
        number -> {
          InetAddress from = Networks.RESIDENTS.address(FIRST_VISITOR + number % VISITORS);
          String sender = target.mailbox(number);
          String recipient = target.mailbox(number + 1);
          new Letter(Series.SUBMISSION, number, Service.SUBMISSIONS, from, sender, recipient, true)
              .attempt(target, journal, 1);
        });
  }

  private void read(int address, int looks) throws InterruptedException {
    InetAddress from = Networks.RESIDENTS.address(address);
    long begin = journal.now();
    Series series = Series.LOGIN;
    try (LineClient client = LineClient.open(from, target, Service.IMAPS, LIMIT)) {
      client.line();
      client.say(
          "a LOGIN \"%s\" \"%s\"\r\n"
              .formatted(
                  target.mailbox(address),
                  target.password().replace("\\", "\\\\").replace("\"", "\\\"")));
      note(series, begin, client.tagged("a"));
      series = Series.IMAP;
      for (int i = 0; i < looks && !pace.isOver(); i++) {
        begin = journal.now();
        command(client, i == 0 ? "SELECT INBOX" : "NOOP");
        begin = journal.now();
        command(client, "FETCH 1:10 (FLAGS ENVELOPE)");
        if (i + 1 < looks) {
          pace.pause(PERIOD);
        }
      }
      client.say("a LOGOUT\r\n");
    } catch (IOException e) {
      note(series, begin, String.valueOf(e.getMessage()));
    }
  }

  private void command(LineClient client, String command) throws IOException {
    long begin = journal.now();
    client.limit(LIMIT);
    client.say("a " + command + "\r\n");
    String reply = client.tagged("a");
    // An empty mailbox has no messages 1 to 10.
    boolean good = reply.startsWith("a BAD") && command.startsWith("FETCH");
    note(Series.IMAP, begin, good ? "a OK" : reply);
  }

  private void note(Series series, long begin, String reply) {
    Outcome outcome =
        reply.startsWith("a OK")
            ? Outcome.DONE
            : reply.startsWith("a ") ? Outcome.REFUSED : Outcome.FAILED;
    journal.add(new Entry(series, 0, begin, journal.now() - begin, 1, outcome, reply));
  }

  @Override
  public void close() {
    pace.close();
  }
}
