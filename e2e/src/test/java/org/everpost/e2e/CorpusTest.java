package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Thousands of real messages, and the oddest there are: what comes out is what went in. */
@Tag("slow")
class CorpusTest {

  @RegisterExtension static final Everpost EVERPOST = new Everpost();

  private static final int CONNECTIONS = 4;
  private static final int BATCH = 200;

  /** What delivery puts on top, with the number of the message in the sender's address. */
  private static final Pattern TOP =
      Pattern.compile(
          "Return-Path: <m(\\d+)@corpus\\.example>\r\nReceived: [^\r\n]+(\r\n[ \t][^\r\n]+)*\r\n");

  @Test
  void spamAssassin() throws IOException {
    List<byte[]> sent = Corpus.spamAssassin().stream().map(Corpus::withCrLf).toList();
    String user = EVERPOST.newUser();

    deliverAll(sent, user);

    compareByImap(sent, user);
    compareByPop3(sent, user);
    checkStructures(sent.size(), user, false);
  }

  @Test
  void mimeCorpusDelivered() throws IOException {
    List<byte[]> sent = Corpus.mime().stream().map(Corpus::withCrLf).toList();
    String user = EVERPOST.newUser();

    deliverAll(sent, user);

    compareByImap(sent, user);
    compareByPop3(sent, user);
    checkStructures(sent.size(), user, true);
  }

  @Test
  void mimeCorpusAppended() throws IOException {
    List<byte[]> sent = Corpus.mime();
    String user = EVERPOST.newUser();
    try (ImapClient imap = ImapClient.login(EVERPOST, user)) {
      for (byte[] message : sent) {
        imap.append("INBOX", message);
      }
      imap.command("SELECT INBOX");
      for (int i = 0; i < sent.size(); i++) {
        assertThat(imap.message(i + 1)).as("message %d", i).isEqualTo(sent.get(i));
      }
    }
    checkStructures(sent.size(), user, true);
  }

  private static void deliverAll(List<byte[]> messages, String user) {
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all =
          IntStream.range(0, CONNECTIONS)
              .<Future<?>>mapToObj(n -> senders.submit(() -> deliver(messages, n, user)))
              .toList();
      for (Future<?> each : all) {
        each.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /** Every so-many-th of them. */
  private static void deliver(List<byte[]> messages, int first, String user) {
    try (SmtpClient smtp = new SmtpClient(EVERPOST.port(Installation.SMTP))) {
      for (int i = first; i < messages.size(); i += CONNECTIONS) {
        try {
          smtp.deliver("m" + i + "@corpus.example", user, messages.get(i));
        } catch (AssertionError e) {
          throw new AssertionError("message " + i, e);
        }
      }
      smtp.quit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void compareByImap(List<byte[]> sent, String user) throws IOException {
    Map<Integer, byte[]> read = new HashMap<>();
    try (ImapClient imap = ImapClient.login(EVERPOST, user)) {
      imap.command("SELECT INBOX");
      for (int uid = 1; uid <= sent.size(); uid += BATCH) {
        for (ImapValue message :
            imap.fetch(uid + ":" + (uid + BATCH - 1), "RFC822.SIZE BODY.PEEK[]")) {
          byte[] octets = message.attribute("BODY[]").octets();
          assertThat(message.attribute("RFC822.SIZE").number()).isEqualTo(octets.length);
          put(read, octets);
        }
      }
    }
    compare(sent, read);
  }

  private static void compareByPop3(List<byte[]> sent, String user) throws IOException {
    Map<Integer, byte[]> read = new HashMap<>();
    try (Pop3Client pop3 = new Pop3Client(EVERPOST, user)) {
      pop3.messages().forEach(octets -> put(read, octets));
    }
    compare(sent, read);
  }

  private static void put(Map<Integer, byte[]> read, byte[] stored) {
    String begin =
        new String(stored, 0, Math.min(stored.length, 1_000), StandardCharsets.ISO_8859_1);
    Matcher top = TOP.matcher(begin);
    assertThat(top.lookingAt()).as(begin).isTrue();
    byte[] old =
        read.put(
            Integer.valueOf(top.group(1)), Arrays.copyOfRange(stored, top.end(), stored.length));
    assertThat(old).as("twice").isNull();
  }

  private static void compare(List<byte[]> sent, Map<Integer, byte[]> read) {
    assertThat(read).hasSameSizeAs(sent);
    for (int i = 0; i < sent.size(); i++) {
      // assertThat(...).isEqualTo would be slow, and print far too much.
      if (!Arrays.equals(sent.get(i), read.get(i))) {
        throw new AssertionError("message " + i + " came back changed");
      }
    }
  }

  private static void checkStructures(int count, String user, boolean parts) throws IOException {
    try (ImapClient imap = ImapClient.login(EVERPOST, user)) {
      imap.command("SELECT INBOX");
      int seen = 0;
      for (int uid = 1; uid <= count; uid += BATCH) {
        for (ImapValue message :
            imap.fetch(uid + ":" + (uid + BATCH - 1), "ENVELOPE BODY BODYSTRUCTURE")) {
          StructureCheck.envelope(message.attribute("ENVELOPE"));
          StructureCheck.body(message.attribute("BODY"));
          List<StructureCheck.Leaf> leaves =
              StructureCheck.body(message.attribute("BODYSTRUCTURE"));
          if (parts) {
            checkParts(imap, message.attribute("UID").number(), leaves);
          }
          seen++;
        }
      }
      assertThat(seen).isEqualTo(count);
    }
  }

  /** Each part is as large as was said. */
  private static void checkParts(ImapClient imap, long uid, List<StructureCheck.Leaf> leaves)
      throws IOException {
    for (StructureCheck.Leaf leaf : leaves) {
      String item = "BODY[" + leaf.section() + "]";
      ImapValue part =
          imap.fetch("" + uid, "BODY.PEEK[" + leaf.section() + "]").getFirst().attribute(item);
      long size = part.isNil() ? 0 : part.octets().length;
      assertThat(size).as("%s of message %d", item, uid).isEqualTo(leaf.size());
    }
  }
}
