package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The order to stop comes while clients are at everything there is to be at. */
@Tag("slow")
class ShutdownTest {

  private static final String READER = "reader@example.test";
  private static final String RECEIVER = "receiver@example.test";
  private static final String SENDER = "sender@elsewhere.example";
  private static final Pattern NUMBER = Pattern.compile("\r\nSubject: number (\\d+)\r\n");
  private static final int SENDERS = 8;

  private final Installation installation = Installation.create("ShutdownTest");
  private final AtomicInteger numbers = new AtomicInteger();
  private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
  private final List<LineSocket> open = new ArrayList<>();

  @AfterEach
  void delete() throws IOException {
    for (LineSocket connection : open) {
      connection.close();
    }
    installation.delete();
  }

  @Test
  void sessionsAreToldAndWhatWasAcknowledgedIsKept() throws Exception {
    installation.addDomain(Everpost.DOMAIN);
    installation.importAccounts(List.of(READER, RECEIVER), Everpost.PASSWORD);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      EverpostProcess server = installation.serve();
      deliver("first");
      deliver("second");

      List<LineSocket> waiting = smtpSessions();
      List<LineSocket> reading = imapSessions();
      List<LineSocket> fetching = pop3Sessions();
      LineSocket slow = data("slow");
      LineSocket silent = data("silent");
      LineSocket appending = imap("a SELECT INBOX", "b APPEND INBOX {1000+}", "Subject: half");
      CountDownLatch enough = new CountDownLatch(50);
      List<Future<?>> senders = new ArrayList<>();
      for (int i = 0; i < SENDERS; i++) {
        senders.add(threads.submit(() -> sendUntilToldToStop(enough)));
      }
      assertThat(enough.await(1, TimeUnit.MINUTES)).isTrue();
      Future<?> stopped = threads.submit(server::stop);

      for (LineSocket smtp : waiting) {
        assertThat(smtp.line()).startsWith("421 4.3.2");
        assertThat(end(smtp)).isEmpty();
      }
      for (LineSocket imap : reading) {
        assertThat(imap.line()).startsWith("* BYE");
        assertThat(end(imap)).isEmpty();
      }
      for (LineSocket pop3 : fetching) {
        assertThat(pop3.line()).startsWith("-ERR");
        assertThat(end(pop3)).isEmpty();
      }
      slow.send("the rest");
      slow.send(".");
      assertThat(slow.line()).startsWith("250");
      assertThat(slow.line()).startsWith("421");
      // Who is silent amid something is waited for, but not for ever.
      assertThat(end(silent)).doesNotContain("250");
      assertThat(end(appending)).doesNotContain("b OK");
      stopped.get();
      for (Future<?> sender : senders) {
        sender.get();
      }
    }
    try (EverpostProcess again = installation.serve()) {
      assertThat(again.isAlive()).isTrue();
      verify();
    }
  }

  @Test
  void itEndsWellWhileItWaitsForTheData() throws IOException {
    installation.addDomain(Everpost.DOMAIN);
    try (FileChannel _ = lockedData()) {
      EverpostProcess server = installation.launch();
      await(server, "waiting up to 30 s");
      server.stop();
    }
  }

  @Test
  void itSaysOnceThatItStartsHoweverOftenItTries() throws IOException {
    installation.addDomain(Everpost.DOMAIN);
    EverpostProcess server;
    try (FileChannel _ = lockedData()) {
      server = installation.launch();
      await(server, "waiting up to 30 s");
    }
    await(server, "server.ready");
    server.stop();
    assertThat(server.logLines()).filteredOn(line -> line.contains("server.starting")).hasSize(1);
  }

  /** As a command has it that asks its user something. */
  private FileChannel lockedData() throws IOException {
    FileChannel channel =
        FileChannel.open(installation.data().resolve("lock"), StandardOpenOption.WRITE);
    channel.lock();
    return channel;
  }

  private static void await(EverpostProcess server, String text) {
    Patience.await(
        () -> text + ": " + server.logLines(),
        () -> server.logLines().stream().anyMatch(line -> line.contains(text)));
  }

  /** Says nothing more, and reads to the end. */
  private static String end(LineSocket connection) throws IOException {
    try {
      return connection.rest(10_000);
    } catch (SocketException e) {
      return ""; // cut off
    }
  }

  private void deliver(String subject) throws IOException {
    try (SmtpClient smtp = new SmtpClient(installation.port(Installation.SMTP))) {
      smtp.deliver(
          SENDER, READER, ("Subject: " + subject + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      smtp.quit();
    }
  }

  private LineSocket connected(LineSocket connection) throws IOException {
    open.add(connection);
    assertThat(connection.line()).matches("(220|\\* OK|\\+OK).*");
    return connection;
  }

  private LineSocket connected(String service) throws IOException {
    return connected(LineSocket.plain(installation.port(service)));
  }

  private LineSocket connectedByTls(String service) throws IOException {
    return connected(LineSocket.tls(installation.port(service)));
  }

  /** One that has sent commands with one line for an answer each, none of them an error. */
  private static LineSocket said(LineSocket connection, String... commands) throws IOException {
    for (String command : commands) {
      connection.send(command);
      assertThat(connection.line()).as(command).matches("(2\\d\\d|354|\\+).*");
    }
    return connection;
  }

  private List<LineSocket> smtpSessions() throws IOException {
    return List.of(
        connected(Installation.SMTP),
        connectedByTls(Installation.SUBMISSIONS),
        said(connected(Installation.SUBMISSION), "HELO client.test"),
        said(
            connected(Installation.SMTP),
            "HELO client.test",
            "MAIL FROM:<" + SENDER + ">",
            "RCPT TO:<" + READER + ">"));
  }

  /** Amid DATA. */
  private LineSocket data(String subject) throws IOException {
    LineSocket smtp =
        said(
            connected(Installation.SMTP),
            "HELO client.test",
            "MAIL FROM:<" + SENDER + ">",
            "RCPT TO:<" + READER + ">",
            "DATA");
    smtp.send("Subject: " + subject + "\r\n");
    return smtp;
  }

  private List<LineSocket> imapSessions() throws IOException {
    return List.of(
        connected(Installation.IMAP),
        connectedByTls(Installation.IMAPS),
        imap(),
        imap("a SELECT INBOX"),
        said(imap("a SELECT INBOX"), "b IDLE"));
  }

  private LineSocket imap(String... commands) throws IOException {
    LineSocket imap = connected(Installation.IMAP);
    List<String> all = new ArrayList<>();
    all.add("l LOGIN " + READER + " " + ImapClient.quoted(Everpost.PASSWORD));
    all.addAll(List.of(commands));
    for (String command : all) {
      imap.send(command);
      if (command.matches("[al] .*")) {
        String tag = command.substring(0, 2);
        String line = imap.line();
        while (!line.startsWith(tag)) {
          line = imap.line();
        }
        assertThat(line).startsWith(tag + "OK");
      }
    }
    return imap;
  }

  private List<LineSocket> pop3Sessions() throws IOException {
    return List.of(
        connected(Installation.POP3),
        connectedByTls(Installation.POP3S),
        said(
            connected(Installation.POP3), "USER " + READER, "PASS " + Everpost.PASSWORD, "DELE 1"));
  }

  private void sendUntilToldToStop(CountDownLatch enough) {
    try (SmtpClient smtp = new SmtpClient(installation.port(Installation.SMTP))) {
      while (true) {
        int number = numbers.getAndIncrement();
        smtp.deliver(SENDER, RECEIVER, message(number));
        acknowledged.add(number);
        enough.countDown();
      }
    } catch (AssertionError e) {
      assertThat(e).hasMessageContaining("421");
    } catch (IOException e) {
      throw new IllegalStateException("not told", e);
    }
  }

  private static byte[] message(int number) {
    return ("Subject: number " + number + "\r\n\r\n" + "line\r\n".repeat(number % 100))
        .getBytes(StandardCharsets.US_ASCII);
  }

  private void verify() throws IOException {
    List<String> subjects = new ArrayList<>();
    for (byte[] stored : stored(READER)) {
      String text = ImapClient.text(stored);
      subjects.add(text.substring(text.indexOf("Subject: ") + 9).lines().findFirst().orElse(""));
    }
    // RFC 1939 §6: what was marked as deleted is only deleted by QUIT.
    assertThat(subjects).containsExactly("first", "second", "slow");

    List<Integer> found = new ArrayList<>();
    for (byte[] stored : stored(RECEIVER)) {
      String text = ImapClient.text(stored);
      Matcher subject = NUMBER.matcher(text);
      assertThat(subject.find()).as(text).isTrue();
      int number = Integer.parseInt(subject.group(1));
      assertThat(text).endsWith(ImapClient.text(message(number)));
      found.add(number);
    }
    // Nobody was cut off, so nothing came twice, and nothing but what was acknowledged.
    assertThat(found).containsExactlyInAnyOrderElementsOf(acknowledged);
  }

  private List<byte[]> stored(String user) throws IOException {
    try (Pop3Client pop3 = new Pop3Client(installation.port(Installation.POP3), user)) {
      return pop3.messages();
    }
  }
}
