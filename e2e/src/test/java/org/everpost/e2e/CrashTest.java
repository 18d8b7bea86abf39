package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The server is killed amid deliveries, again and again: what got its 250 is there. */
@Tag("slow")
class CrashTest {

  private static final int ROUNDS = 5;
  private static final int SENDERS = 16;
  private static final int LEAST = 50;
  private static final int MOST = 400;
  private static final int BATCH = 500;
  private static final List<String> USERS =
      List.of("a@example.test", "b@example.test", "c@example.test", "d@example.test");
  private static final Pattern NUMBER = Pattern.compile("\r\nSubject: number (\\d+)\r\n");

  private final Installation installation = Installation.create("CrashTest");
  private final AtomicInteger numbers = new AtomicInteger();

  /** Numbers of messages that were sent, and the account each was for. */
  private final Map<Integer, String> acknowledged = new ConcurrentHashMap<>();

  @AfterEach
  void delete() {
    installation.delete();
  }

  @Test
  void whatWasAcknowledgedIsThere() throws Exception {
    Random random = new Random(20);
    installation.addDomain(Everpost.DOMAIN);
    installation.importAccounts(USERS, Everpost.PASSWORD);
    for (int round = 0; round < ROUNDS; round++) {
      EverpostProcess server = installation.serve();
      CountDownLatch enough = new CountDownLatch(random.nextInt(LEAST, MOST));
      try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < SENDERS; i++) {
          senders.execute(() -> sendUntilItDies(enough));
        }
        assertThat(enough.await(2, TimeUnit.MINUTES)).isTrue();
        server.kill();
      }
      try (EverpostProcess again = installation.serve()) {
        assertThat(again.isAlive()).isTrue();
        verify();
      }
    }
    // The senders did not all wait for each other: many were amid a message.
    assertThat(numbers.get()).isGreaterThan(acknowledged.size());
  }

  private void sendUntilItDies(CountDownLatch enough) {
    try (SmtpClient smtp = new SmtpClient(installation.port(Installation.SMTP))) {
      while (true) {
        int number = numbers.getAndIncrement();
        String user = USERS.get(number % USERS.size());
        smtp.deliver("sender@elsewhere.example", user, message(number));
        acknowledged.put(number, user);
        enough.countDown();
      }
    } catch (IOException e) {
      // That it dies is what the test is about.
    }
  }

  /** The same number always makes the same message, of a few hundred octets to 100 KiB. */
  private static byte[] message(int number) {
    int lines = number % 10 == 0 ? 1_300 : number % 7;
    return ("Subject: number "
            + number
            + "\r\n\r\n"
            + ("line of " + number + " ".repeat(60) + "\r\n").repeat(lines))
        .getBytes(StandardCharsets.US_ASCII);
  }

  private void verify() throws IOException {
    Set<Integer> found = new HashSet<>();
    for (String user : USERS) {
      verify(user, found);
    }
    assertThat(found).containsAll(acknowledged.keySet());
  }

  private void verify(String user, Set<Integer> found) throws IOException {
    long messages = 0;
    long octets = 0;
    try (ImapClient imap =
        ImapClient.login(installation.port(Installation.IMAP), user, Everpost.PASSWORD)) {
      imap.command("SELECT INBOX");
      List<Integer> uids = imap.search("ALL");
      for (int first : IntStream.iterate(1, i -> i <= last(uids), i -> i + BATCH).toArray()) {
        for (ImapValue fetched : imap.fetch(first + ":" + (first + BATCH - 1), "BODY.PEEK[]")) {
          byte[] stored = fetched.attribute("BODY[]").octets();
          found.add(whole(stored));
          messages++;
          octets += stored.length;
        }
      }
      assertThat(messages).isEqualTo(uids.size());
    }
    // What is counted against the quota is what is there.
    assertThat(Json.of(installation.done("account", "show", user, "--json")))
        .containsEntry("usedMessages", messages)
        .containsEntry("usedOctets", octets);
  }

  private static int last(List<Integer> uids) {
    return uids.isEmpty() ? 0 : uids.getLast();
  }

  /** The number of a message that is whole. */
  private static int whole(byte[] stored) {
    String begin = new String(stored, 0, Math.min(stored.length, 1_000), StandardCharsets.US_ASCII);
    Matcher subject = NUMBER.matcher(begin);
    assertThat(subject.find()).as(begin).isTrue();
    int number = Integer.parseInt(subject.group(1));
    byte[] sent = message(number);
    assertThat(stored.length).isGreaterThan(sent.length);
    assertThat(
            Arrays.equals(stored, stored.length - sent.length, stored.length, sent, 0, sent.length))
        .as("number %d is whole", number)
        .isTrue();
    return number;
  }
}
