package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.everpost.store.cassandra.CassandraCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one Cassandra: to their users they are one. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoServersTest {

  private static final int USERS = 8;
  private static final String SENDER = "sender@elsewhere.example";
  private static final Duration A_FEW_SECONDS = Duration.ofSeconds(8);

  /** A second is promised; the machine may be busy with other things. */
  private static final Duration ABOUT_A_SECOND = Duration.ofMillis(1_500);

  private static final Pattern NUMBER = Pattern.compile("\r\nSubject: number (\\d+)\r\n");

  private final AtomicInteger given = new AtomicInteger();
  private CassandraCluster cluster;
  private Installation a;
  private Installation b;
  private EverpostProcess serverA;
  private EverpostProcess serverB;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    Installation.build();
    cluster = CassandraCluster.start(1, directory);
    a = installation("A");
    b = installation("B");
    a.addDomain(Everpost.DOMAIN);
    a.importAccounts(
        IntStream.range(0, USERS).mapToObj(TwoServersTest::user).toList(), Everpost.PASSWORD);
    serverA = a.serve();
    serverB = b.serve();
  }

  private Installation installation(String name) {
    int port = cluster.options("everpost").contactPoints().getFirst().getPort();
    return Installation.create("TwoServersTest" + name, Installation.cassandra("external", port));
  }

  @AfterAll
  void stop() {
    try {
      serverA.close();
      serverB.close();
    } finally {
      cluster.close();
      a.delete();
      b.delete();
    }
  }

  private static String user(int number) {
    return "user" + number + "@" + Everpost.DOMAIN;
  }

  private String newUser() {
    return user(given.getAndIncrement());
  }

  private static SmtpClient smtp(Installation at) throws IOException {
    return new SmtpClient(at.port(Installation.SMTP));
  }

  private static ImapClient imap(Installation at, String user) throws IOException {
    return ImapClient.login(at.port(Installation.IMAP), user, Everpost.PASSWORD);
  }

  private static byte[] message(int number) {
    return ("Subject: number " + number + "\r\n\r\n.dot\r\n" + "line\r\n".repeat(number % 50))
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static void deliver(Installation at, String to, int first, int last) throws IOException {
    try (SmtpClient smtp = smtp(at)) {
      for (int number = first; number <= last; number++) {
        smtp.deliver(SENDER, to, message(number));
      }
      smtp.quit();
    }
  }

  @Test
  void whatIsAddedAtOneIsKnownAtTheOther() throws IOException {
    assertThat(rcpt(b, "carol@new.test")).startsWith("5");
    a.addDomain("new.test");
    a.addAccount("carol@new.test", Everpost.PASSWORD);
    a.done("alias", "add", "info@new.test", "carol@new.test");
    long added = System.nanoTime();
    Patience.await(
        () -> "carol at B",
        () ->
            rcpt(b, "carol@new.test").startsWith("250")
                && rcpt(b, "info@new.test").startsWith("250"));
    assertThat(Duration.ofNanos(System.nanoTime() - added)).isLessThan(A_FEW_SECONDS);
    deliver(b, "info@new.test", 1, 1);
    try (ImapClient imap = imap(b, "carol@new.test")) {
      imap.command("SELECT INBOX");
      assertThat(imap.messageText(1)).contains("Subject: number 1\r\n");
    }

    b.done("alias", "delete", "info@new.test");
    Patience.await(() -> "the alias gone at A", () -> rcpt(a, "info@new.test").startsWith("550"));
  }

  /** The answer to RCPT. */
  private static String rcpt(Installation at, String address) throws IOException {
    try (LineSocket smtp = LineSocket.plain(at.port(Installation.SMTP))) {
      smtp.line();
      for (String line : List.of("HELO client.test", "MAIL FROM:<" + SENDER + ">")) {
        smtp.send(line);
        assertThat(smtp.line()).startsWith("250");
      }
      smtp.send("RCPT TO:<" + address + ">");
      return smtp.line();
    }
  }

  @Test
  void whoWaitsAtOneHearsOfWhatCameToTheOther() throws IOException {
    String user = newUser();
    List<Duration> waits = new ArrayList<>();
    try (ImapClient imap = imap(b, user)) {
      imap.command("SELECT INBOX");
      imap.idle();
      for (int number = 1; number <= 5; number++) {
        deliver(a, user, number, number);
        long accepted = System.nanoTime();
        String exists = "* " + number + " EXISTS";
        while (!ImapClient.text(imap.response()).equals(exists)) {
          // RECENT and the like are of no interest.
        }
        waits.add(Duration.ofNanos(System.nanoTime() - accepted));
      }
      imap.done();
    }
    Collections.sort(waits);
    assertThat(waits.get(waits.size() / 2)).as("of %s", waits).isLessThan(ABOUT_A_SECOND);
  }

  @Test
  void bothChangeOneMailboxAtOnceAndNothingIsLost() throws Exception {
    String user = newUser();
    int old = 20;
    int more = 25;
    deliver(a, user, 1, old);
    List<Callable<Void>> work = new ArrayList<>();
    List<Installation> nodes = List.of(a, b, a, b);
    for (int i = 0; i < nodes.size(); i++) {
      Installation node = nodes.get(i);
      String keyword = "marked" + i;
      int first = old + 1 + i * more;
      work.add(() -> {
        deliver(node, user, first, first + more - 1);
        return null;
      });
      work.add(() -> mark(node, user, keyword, old));
    }
    atOnce(work);

    int all = old + nodes.size() * more;
    Map<Integer, String> seenByA = flags(a, user);
    assertThat(seenByA).isEqualTo(flags(b, user));
    assertThat(seenByA.keySet())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, all).boxed().toList());
    for (int uid = 1; uid <= old; uid++) {
      assertThat(seenByA.get(uid)).contains("marked0", "marked1", "marked2", "marked3");
    }
    Set<Integer> numbers = numbers(b, user);
    assertThat(numbers).hasSize(all).contains(1, all);
  }

  /** One message after the other, as each is a commit of its own. */
  private static Void mark(Installation at, String user, String keyword, int last)
      throws IOException {
    try (ImapClient imap = imap(at, user)) {
      imap.command("SELECT INBOX");
      for (int uid = 1; uid <= last; uid++) {
        imap.command("UID STORE " + uid + " +FLAGS (" + keyword + ")");
      }
    }
    return null;
  }

  private static void atOnce(List<Callable<Void>> work) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> running = new ArrayList<>();
      work.forEach(task -> running.add(threads.submit(task)));
      for (Future<Void> task : running) {
        task.get();
      }
    }
  }

  /** Flags, MODSEQ, size and date of every message, by UID. */
  private static Map<Integer, String> flags(Installation at, String user) throws IOException {
    try (ImapClient imap = imap(at, user)) {
      imap.command("SELECT INBOX (CONDSTORE)");
      Map<Integer, String> flags = new TreeMap<>();
      for (ImapValue message : imap.fetch("1:*", "FLAGS MODSEQ RFC822.SIZE INTERNALDATE")) {
        String before = flags.put(uid(message), sorted(message));
        assertThat(before).as("UIDs are unique").isNull();
      }
      return flags;
    }
  }

  private static int uid(ImapValue message) {
    return (int) message.attribute("UID").number();
  }

  /** The order of flags is of no meaning. */
  private static String sorted(ImapValue message) {
    return message.list().stream()
        .map(item ->
            item.isList()
                ? item.list().stream().map(ImapValue::text).sorted().toList().toString()
                : item.text())
        .toList()
        .toString();
  }

  /** The numbers of the messages that are there, each whole. */
  private static Set<Integer> numbers(Installation at, String user) throws IOException {
    Set<Integer> numbers = ConcurrentHashMap.newKeySet();
    for (byte[] stored : stored(at, user)) {
      Matcher subject = NUMBER.matcher(ImapClient.text(stored));
      assertThat(subject.find()).isTrue();
      int number = Integer.parseInt(subject.group(1));
      assertThat(endsWith(stored, message(number))).as("number %d is whole", number).isTrue();
      numbers.add(number);
    }
    return numbers;
  }

  private static List<byte[]> stored(Installation at, String user) throws IOException {
    try (Pop3Client pop3 = new Pop3Client(at.port(Installation.POP3), user)) {
      return pop3.messages();
    }
  }

  private static boolean endsWith(byte[] whole, byte[] end) {
    return whole.length >= end.length
        && Arrays.equals(whole, whole.length - end.length, whole.length, end, 0, end.length);
  }

  @Test
  void whoComesBackToTheOtherLearnsExactlyWhatChanged() throws IOException {
    String user = newUser();
    deliver(a, user, 1, 30);
    Map<Integer, List<String>> known = new TreeMap<>();
    String since;
    try (ImapClient imap = imap(b, user)) {
      imap.command("ENABLE QRESYNC");
      String opened = all(imap.command("SELECT INBOX"));
      since = number(opened, "UIDVALIDITY") + " " + number(opened, "HIGHESTMODSEQ");
      update(known, imap.command("UID FETCH 1:* (FLAGS MODSEQ)"));
      assertThat(known).hasSize(30);
    }
    try (ImapClient imap = imap(a, user)) {
      imap.command("SELECT INBOX");
      imap.command("UID STORE 3:9 +FLAGS (\\Seen later)");
      imap.command("UID STORE 5,20:24 +FLAGS (\\Deleted)");
      imap.command("EXPUNGE");
      deliver(a, user, 31, 36);
      imap.command("NOOP"); // a session knows the UIDs it was told of
      imap.command("UID STORE 33 +FLAGS (\\Deleted)");
      imap.command("UID EXPUNGE 33");
    }
    for (Installation node : List.of(b, a)) {
      Map<Integer, List<String>> updated = new TreeMap<>(known);
      Map<Integer, List<String>> full = new TreeMap<>();
      try (ImapClient imap = imap(node, user)) {
        imap.command("ENABLE QRESYNC");
        update(updated, imap.command("SELECT INBOX (QRESYNC (" + since + "))"));
        update(full, imap.command("UID FETCH 1:* (FLAGS MODSEQ)"));
      }
      assertThat(updated).isEqualTo(full).hasSize(29).doesNotContainKeys(5, 20, 24, 33);
      assertThat(updated.get(4)).contains("\\Seen", "later");
    }
  }

  /** What a client that keeps its own copy does with responses. */
  private static void update(Map<Integer, List<String>> known, List<byte[]> responses) {
    for (byte[] response : responses) {
      String text = ImapClient.text(response);
      if (text.startsWith("* VANISHED (EARLIER) ")) {
        for (String range : text.substring(text.lastIndexOf(' ') + 1).split(",", -1)) {
          String[] ends = range.split(":", -1);
          int first = Integer.parseInt(ends[0]);
          int last = Integer.parseInt(ends[ends.length - 1]);
          IntStream.rangeClosed(first, last).forEach(known::remove);
        }
      } else if (ImapClient.isFetch(response)) {
        ImapValue message = ImapValue.parse(response).get(3);
        List<String> now = new ArrayList<>();
        message.attribute("FLAGS").list().forEach(flag -> now.add(flag.text()));
        Collections.sort(now);
        now.add(message.attribute("MODSEQ").get(0).text());
        known.put(uid(message), now);
      }
    }
  }

  private static String all(List<byte[]> responses) {
    return String.join("\r\n", responses.stream().map(ImapClient::text).toList());
  }

  private static String number(String text, String code) {
    Matcher matcher = Pattern.compile("\\[" + code + " (\\d+)\\]").matcher(text);
    assertThat(matcher.find()).as("%s in %s", code, text).isTrue();
    return matcher.group(1);
  }

  @Test
  void pop3AtOneGivesOctetForOctetWhatTheOtherTook() throws IOException {
    String user = newUser();
    List<byte[]> sent = new ArrayList<>();
    for (int number = 0; number < 10; number++) {
      StringBuilder text = new StringBuilder("Subject: number " + number + "\r\n\r\n");
      for (int line = 0; line < 300 * number; line++) {
        text.append(".".repeat(line % 4)).append("\u00e4\u00ff\u0001 ").append(line).append("\r\n");
      }
      sent.add(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
    try (SmtpClient smtp = smtp(a)) {
      for (byte[] message : sent) {
        smtp.deliver(SENDER, user, message);
      }
      smtp.quit();
    }
    List<byte[]> atB = stored(b, user);
    List<byte[]> atA = stored(a, user);
    assertThat(atB).hasSameSizeAs(sent);
    for (int i = 0; i < sent.size(); i++) {
      assertThat(endsWith(atB.get(i), sent.get(i))).as("message %d", i).isTrue();
      assertThat(atB.get(i)).isEqualTo(atA.get(i));
    }
  }

  @Test
  void whatAServerAcknowledgedBeforeItWasKilledIsAtTheOther() throws Exception {
    String user = newUser();
    Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
    AtomicInteger numbers = new AtomicInteger();
    CountDownLatch enough = new CountDownLatch(60);
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        senders.execute(() -> sendUntilItDies(user, numbers, acknowledged, enough));
      }
      assertThat(enough.await(2, TimeUnit.MINUTES)).isTrue();
      serverA.kill();
    }
    try {
      Set<Integer> found = numbers(b, user);
      assertThat(found).containsAll(acknowledged);
      assertThat(flags(b, user)).hasSizeBetween(found.size(), numbers.get());
      deliver(b, user, numbers.get(), numbers.get());
    } finally {
      serverA = a.serve();
    }
    assertThat(numbers(a, user)).containsAll(acknowledged).contains(numbers.get());
  }

  private void sendUntilItDies(
      String user, AtomicInteger numbers, Set<Integer> acknowledged, CountDownLatch enough) {
    try (SmtpClient smtp = smtp(a)) {
      while (true) {
        int number = numbers.getAndIncrement();
        smtp.deliver(SENDER, user, message(number));
        acknowledged.add(number);
        enough.countDown();
      }
    } catch (IOException e) {
      // That it dies is what the test is about.
      assertThat(Objects.toString(e.getMessage())).isNotEmpty();
    }
  }
}
