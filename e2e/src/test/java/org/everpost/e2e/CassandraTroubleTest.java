package org.everpost.e2e;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.everpost.store.BlobId;
import org.everpost.store.cassandra.BlobDamage;
import org.everpost.store.cassandra.CassandraOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Cassandra's disk is damaged, or full: users are told so, and see nothing that is wrong. */
@Tag("slow")
class CassandraTroubleTest {

  private static final String USER = "alice@example.test";
  private static final int DISK_MEBIBYTES = 640;
  private static final long LEFT_OCTETS = 100L << 20;

  private static final int SMALL = 1_000;
  private static final int LARGE = 300_000;

  /** A node that died rests for half a minute at most before it is started again. */
  private static final Duration RECOVERY = Duration.ofMinutes(5);

  private static final Pattern BLOB = Pattern.compile("message-accepted.* blob=([0-9a-f]{32})");
  private static final Pattern NUMBER = Pattern.compile("\r\nSubject: number (\\d+)\r\n");

  private final int port = Ports.forCassandra();
  private final Installation installation =
      Installation.create("CassandraTrouble", Installation.cassandra("managed", port));
  private final Set<Integer> acknowledged = new TreeSet<>();
  private int numbers;
  private int changes;
  private @Nullable EverpostProcess running;

  @AfterEach
  void delete() {
    try {
      if (running != null) {
        running.stop(); // its log has an error, as it should
      }
    } finally {
      installation.delete();
    }
  }

  private EverpostProcess serve() {
    installation.addDomain(Everpost.DOMAIN);
    installation.importAccounts(List.of(USER), Everpost.PASSWORD);
    return installation.serve();
  }

  private ImapClient inbox() throws IOException {
    ImapClient imap =
        ImapClient.login(installation.port(Installation.IMAP), USER, Everpost.PASSWORD);
    imap.command("SELECT INBOX");
    return imap;
  }

  private static byte[] words(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void aDamagedMessageIsAnErrorThatNamesItAndTheOthersAreFine() throws IOException {
    EverpostProcess server = serve();
    running = server;
    for (int i = 1; i <= 3; i++) {
      assertThat(deliver(SMALL)).startsWith("250");
    }
    Patience.await(() -> "three lines in the log", () -> blobs(server).size() == 3);
    String damaged = blobs(server).get(1);
    CassandraOptions options =
        CassandraOptions.of(
            List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port)), "dc1", 1);
    BlobDamage.damage(options, BlobId.fromBytes(HexFormat.of().parseHex(damaged)), 0);

    try (ImapClient imap = inbox()) {
      assertThat(imap.refused(words("UID FETCH 2 BODY.PEEK[]")))
          .noneMatch(response -> ImapClient.text(response).contains("BODY[]"));
      List<String> others =
          imap.refused(words("UID FETCH 1:3 BODY.PEEK[]")).stream()
              .map(ImapClient::text)
              .filter(response -> response.contains("BODY[]"))
              .toList();
      assertThat(others).hasSize(2);
      assertThat(others.getFirst()).contains("Subject: number 0");
      assertThat(others.getLast()).contains("Subject: number 2");
      assertThat(imap.fetch("2", "FLAGS ENVELOPE")).hasSize(1);
    }
    assertThat(retrieve(2)).startsWith("-ERR");
    assertThat(retrieve(1)).startsWith("+OK");
    assertThat(retrieve(3)).startsWith("+OK");
    Patience.await(
        () -> "an error that names it",
        () ->
            server.logLines().stream()
                .anyMatch(line -> line.contains(" level=error ") && line.contains(damaged)));
  }

  private static List<String> blobs(EverpostProcess server) {
    return server.logLines().stream()
        .map(BLOB::matcher)
        .filter(Matcher::find)
        .map(accepted -> accepted.group(1))
        .toList();
  }

  /** The answer to RETR. */
  private String retrieve(int number) throws IOException {
    try (LineSocket pop3 = LineSocket.plain(installation.port(Installation.POP3))) {
      pop3.line();
      for (String command : List.of("USER " + USER, "PASS " + Everpost.PASSWORD)) {
        pop3.send(command);
        assertThat(pop3.line()).startsWith("+OK");
      }
      pop3.send("RETR " + number);
      return pop3.line();
    }
  }

  /** Needs a file system of its own, and so needs root. */
  @Test
  void aFullDiskIsATemporaryErrorUntilThereIsRoom() throws IOException {
    Path disk = Files.createDirectory(installation.data());
    String size = "size=" + DISK_MEBIBYTES + "m";
    Tool.of("mount", "-t", "tmpfs", "-o", size, "tmpfs", disk.toString()).run().good();
    try {
      try (EverpostProcess server = serve()) {
        assertThat(deliver(SMALL)).startsWith("250");
        assertThat(server.isAlive()).isTrue();
        refusesMessagesWhileNearlyFull();
        refusesChangesWhileFull();
      }
      Path ballast = fill(0);
      assertThat(installation.command("serve").run().err()).contains("make room");
      Files.delete(ballast);
      try (EverpostProcess again = installation.serve()) {
        assertThat(again.isAlive()).isTrue();
        verify();
      }
    } finally {
      // Lazily: the native libraries were loaded from there.
      Tool.of("umount", "-l", disk.toString()).run().good();
    }
  }

  /** Room for flags and deletions, and none for messages. */
  private void refusesMessagesWhileNearlyFull() throws IOException {
    try (ImapClient imap = inbox()) {
      Path ballast = fill(LEFT_OCTETS);
      assertThat(deliver(LARGE)).startsWith("451");
      byte[] message = message(-1, SMALL);
      ByteArrayOutputStream append = new ByteArrayOutputStream();
      append.writeBytes(words("APPEND INBOX {" + message.length + "+}\r\n"));
      append.writeBytes(message);
      imap.refused(append.toByteArray());
      imap.command("UID STORE 1 +FLAGS (\\Seen)");
      assertThat(imap.messageText(1)).contains("Subject: number 0");
      Files.delete(ballast);
    }
    assertThat(deliver(LARGE)).startsWith("250");
    verify();
  }

  /** No room for anything: Cassandra may die of it, and is started again. */
  private void refusesChangesWhileFull() throws IOException {
    try (ImapClient imap = inbox()) {
      Path ballast = fill(0);
      // Filled again each time: Cassandra removes files, most of all when it is started again.
      Patience.await(() -> "a refusal", () -> fill(0).equals(ballast) && isRefused(imap));
      assertThat(deliver(SMALL)).startsWith("4");
      Files.delete(ballast);
    }
    long deadline = System.nanoTime() + RECOVERY.toNanos();
    while (!deliver(LARGE).startsWith("250")) {
      assertThat(System.nanoTime() - deadline).as("recovers").isNegative();
    }
    verify();
  }

  private boolean isRefused(ImapClient imap) throws IOException {
    String flag = "flag" + changes++ % 20;
    return imap.answer("UID STORE 1 FLAGS (" + flag + ")").startsWith("NO");
  }

  /** Takes the room of the disk, all but about {@code left} octets. */
  private Path fill(long left) throws IOException {
    Path ballast = installation.data().resolve("ballast");
    byte[] block = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(ballast, CREATE, APPEND)) {
      while (Files.getFileStore(ballast).getUsableSpace() > left) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(left).as("%s", e).isZero();
    }
    return ballast;
  }

  /** Tries to deliver a message; returns the reply that decided on it. */
  private String deliver(int octets) throws IOException {
    int number = numbers++;
    try (LineSocket smtp = LineSocket.plain(installation.port(Installation.SMTP))) {
      smtp.line();
      String reply = "";
      for (String line :
          List.of("HELO a.test", "MAIL FROM:<b@a.test>", "RCPT TO:<" + USER + ">", "DATA")) {
        smtp.send(line);
        reply = smtp.line();
        if (!reply.startsWith("250") && !reply.startsWith("354")) {
          return reply;
        }
      }
      smtp.write(message(number, octets));
      smtp.send(".");
      reply = smtp.line();
      if (reply.startsWith("250")) {
        acknowledged.add(number);
      }
      return reply;
    }
  }

  /** The same number always makes the same message; it cannot be compressed much. */
  private static byte[] message(int number, int octets) {
    StringBuilder text = new StringBuilder("Subject: number " + number + "\r\n\r\n");
    Random random = new Random(number);
    byte[] some = new byte[36];
    while (text.length() < octets) {
      random.nextBytes(some);
      text.append(HexFormat.of().formatHex(some)).append("\r\n");
    }
    return words(text.toString());
  }

  /** Every acknowledged message is there and whole. */
  private void verify() throws IOException {
    Set<Integer> found = new TreeSet<>();
    try (Pop3Client pop3 = new Pop3Client(installation.port(Installation.POP3), USER)) {
      for (byte[] stored : pop3.messages()) {
        String text = ImapClient.text(stored);
        Matcher subject = NUMBER.matcher(text);
        assertThat(subject.find()).isTrue();
        int number = Integer.parseInt(subject.group(1));
        boolean whole =
            text.endsWith(ImapClient.text(message(number, SMALL)))
                || text.endsWith(ImapClient.text(message(number, LARGE)));
        assertThat(whole).as("number %d is whole", number).isTrue();
        found.add(number);
      }
    }
    assertThat(found).containsAll(acknowledged);
  }
}
