package org.everpost.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.everpost.server.net.Service;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole sessions in every state they can be in. With {@code JAZZER_FUZZ=1} these look for new
 * inputs; otherwise they repeat the known ones.
 *
 * <p>The first octet of an input chooses the state, the rest is what the client says then. Whatever
 * that is: the session ends with its client, within seconds; it answers in its protocol; it answers
 * the same however the octets come; nothing that happens wakes the operator.
 */
@Tag("slow")
class SessionFuzzTest {

  private static final FuzzedServer SERVER = new FuzzedServer();

  private static final String MAIL = "MAIL FROM:<a@b.test>\r\n";
  private static final String RCPT = "RCPT TO:<alice@example.test>\r\n";
  private static final String PLAIN = base64("\0alice@example.test\0secret");
  private static final String SCRAM = base64("n,,n=alice@example.test,r=abc");

  /** What was said before; {@code %s} is the hello. */
  private static final List<String> SMTP_STATES =
      List.of(
          "",
          "%s",
          "%s" + MAIL,
          "%s" + MAIL + RCPT,
          "%s" + MAIL + RCPT + RCPT + "DATA\r\n",
          "%s" + MAIL + RCPT + "BDAT 9\r\n",
          "%s" + MAIL + RCPT + "BDAT 2\r\nx\n",
          "%sMAIL FROM:<> BODY=BINARYMIME\r\n" + RCPT + "BDAT 3\r\na\rb",
          "%sMAIL FROM:<> SMTPUTF8 SIZE=99\r\n" + RCPT);

  private static final List<String> SUBMISSION_STATES =
      List.of(
          "EHLO c\r\n",
          "EHLO c\r\nAUTH LOGIN\r\n",
          "EHLO c\r\nAUTH PLAIN\r\n",
          "EHLO c\r\nAUTH SCRAM-SHA-256 " + SCRAM + "\r\n",
          submitting(""),
          submitting("DATA\r\n"),
          submitting("BDAT 30\r\nFrom: alice@example.test\r\n\r\nx\r\n"));

  private static final String LOGIN = "a LOGIN alice@example.test secret\r\n";
  private static final String SELECT = LOGIN + "a SELECT INBOX\r\n";

  private static final List<String> IMAP_STATES =
      List.of(
          "",
          LOGIN,
          SELECT,
          LOGIN + "a EXAMINE INBOX\r\n",
          SELECT + "a IDLE\r\n",
          "a AUTHENTICATE PLAIN\r\n",
          "a AUTHENTICATE SCRAM-SHA-256 " + SCRAM + "\r\n",
          "a LOGIN {18+}\r\n",
          SELECT + "a SEARCH TEXT {20+}\r\n",
          SELECT + "a SEARCH NONSENSE {20+}\r\n",
          LOGIN + "a APPEND INBOX (\\Seen x) {40+}\r\n",
          LOGIN + "a APPEND nowhere {40+}\r\n",
          LOGIN + "a ENABLE CONDSTORE QRESYNC UTF8=ACCEPT IMAP4rev2\r\na SELECT INBOX\r\n",
          SELECT + "a STORE 1:* +FLAGS (\\Deleted x)\r\na SEARCH RETURN (SAVE) ALL\r\n");

  private static final List<String> POP3_STATES =
      List.of(
          "",
          "USER alice@example.test\r\n",
          "USER alice@example.test\r\nPASS secret\r\n",
          "USER alice@example.test\r\nPASS secret\r\nDELE 1\r\n",
          "AUTH PLAIN\r\n",
          "AUTH SCRAM-SHA-256 " + SCRAM + "\r\n");

  private static final String POP3_DIALOGUE =
      "CAPA\r\nSTAT\r\nLIST\r\nLIST 1\r\nUIDL\r\nUIDL 2\r\nTOP 2 1\r\nRETR 3\r\nDELE 2\r\nRSET\r\n"
          + "NOOP\r\nAUTH\r\nUTF8\r\nSTLS\r\nAUTH PLAIN "
          + PLAIN
          + "\r\nQUIT\r\n";

  private static final String COMPRESSED = " OK DEFLATE active\r\n";

  private static String submitting(String next) {
    return "EHLO c\r\nAUTH PLAIN " + PLAIN + "\r\nMAIL FROM:<alice@example.test>\r\n" + RCPT + next;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  // ---- seeds: in each state, what clients say in the recorded dialogues ----

  static Stream<byte[]> smtp() {
    return inputs(SMTP_STATES.size(), said("smtp"));
  }

  static Stream<byte[]> submission() {
    return inputs(SUBMISSION_STATES.size(), said("smtp"));
  }

  static Stream<byte[]> imap() {
    return inputs(IMAP_STATES.size(), said("imap"));
  }

  static Stream<byte[]> pop3() {
    return inputs(POP3_STATES.size(), List.of(POP3_DIALOGUE, PLAIN + "\r\n" + POP3_DIALOGUE));
  }

  private static Stream<byte[]> inputs(int states, List<String> dialogues) {
    return IntStream.range(0, Math.max(states, dialogues.size()))
        .mapToObj(i -> {
          byte[] said = dialogues.get(i % dialogues.size()).getBytes(UTF_8);
          byte[] input = new byte[said.length + 1];
          input[0] = (byte) (i % states);
          System.arraycopy(said, 0, input, 1, said.length);
          return input;
        });
  }

  private static List<String> said(String protocol) {
    List<String> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("src/test/dialogue", protocol))) {
      for (Path file : files.sorted().toList()) {
        StringBuilder said = new StringBuilder();
        for (String line : Files.readAllLines(file, UTF_8)) {
          if (line.matches("C2?: .*")) {
            said.append(line.substring(line.indexOf(' ') + 1).replace("\\r\\n", "\r\n"));
            said.append("\r\n");
          }
        }
        all.add(said.toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  // ---- the sessions ----

  @MethodSource("smtp")
  @FuzzTest
  void smtp(byte[] input) {
    checkReplies(answer(Service.SMTP, SMTP_STATES, "EHLO c\r\n", input));
  }

  @MethodSource("smtp")
  @FuzzTest
  void lmtp(byte[] input) {
    checkReplies(answer(Service.LMTP, SMTP_STATES, "LHLO c\r\n", input));
  }

  @MethodSource("submission")
  @FuzzTest
  void submission(byte[] input) {
    checkReplies(answer(Service.SUBMISSION, SUBMISSION_STATES, "", input));
  }

  @MethodSource("imap")
  @FuzzTest
  void imap(byte[] input) {
    byte[] heard = answer(Service.IMAP, IMAP_STATES, "", input);
    if (!text(heard).contains(COMPRESSED)) {
      checkResponses(heard);
    }
  }

  @MethodSource("pop3")
  @FuzzTest
  void pop3(byte[] input) {
    checkStatus(answer(Service.POP3, POP3_STATES, "", input));
  }

  /** IMAP behind COMPRESS: any command, and any octets that are no DEFLATE at all. */
  @MethodSource("imap")
  @FuzzTest
  void compressed(byte[] input) {
    byte[] start = (SELECT + "a COMPRESS DEFLATE\r\n").getBytes(UTF_8);
    boolean noise = input.length > 0 && (input[0] & 1) == 1;
    byte[] said = join(start, noise ? input : deflated(input));
    byte[] heard = SERVER.answer(Service.IMAP, said, Integer.MAX_VALUE);
    byte[] again = SERVER.answer(Service.IMAP, said, 2);
    assertAlike(heard, again);
    if (!noise) {
      assertThat(text(inflated(again))).isEqualTo(text(inflated(heard)));
    }
    checkResponses(inflated(heard));
  }

  /** What is no TLS gets an alert at most. */
  @MethodSource("handshakes")
  @FuzzTest
  void handshake(byte[] input) {
    for (Service service : List.of(Service.IMAPS, Service.SUBMISSIONS, Service.POP3S)) {
      assertThat(SERVER.answer(service, input, 1 + input.length % 50).length).isLessThan(10_000);
    }
  }

  static Stream<byte[]> handshakes() {
    return Stream.of(
        "EHLO x\r\n".getBytes(UTF_8),
        new byte[] {22, 3, 1, 0, 5, 1, 0, 0, 1, 0},
        new byte[] {22, 3, 3, 64, 0, 1, 0, 63, -4});
  }

  private static byte[] answer(Service service, List<String> states, String hello, byte[] input) {
    int state = input.length == 0 ? 0 : Math.floorMod(input[0], states.size());
    byte[] before = states.get(state).replace("%s", hello).getBytes(UTF_8);
    byte[] said = input.length == 0 ? before : join(before, input, 1);
    byte[] heard = SERVER.answer(service, said, Integer.MAX_VALUE);
    byte[] again = SERVER.answer(service, said, 1 + said.length % 13);
    assertAlike(heard, again);
    return heard;
  }

  /** What is no DEFLATE ends the session sooner if it comes at once: the rest is not heard then. */
  private static void assertAlike(byte[] heard, byte[] again) {
    String one = comparable(heard);
    String other = comparable(again);
    int length =
        one.contains(COMPRESSED)
            ? Math.min(one.length(), other.length())
            : Math.max(one.length(), other.length());
    assertThat(other.substring(0, Math.min(length, other.length())))
        .isEqualTo(one.substring(0, Math.min(length, one.length())));
  }

  /** Of several reasons to refuse a message, SMTP tells the one that was seen first. */
  private static String comparable(byte[] heard) {
    return text(inflated(heard)).replaceAll("(?m)^5[0-9]{2} .*$", "5xx");
  }

  private static String text(byte[] octets) {
    return new String(octets, ISO_8859_1);
  }

  private static byte[] deflated(byte[] octets) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    deflater.setInput(octets);
    byte[] out = new byte[octets.length + 100];
    int n = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
    deflater.end();
    return Arrays.copyOf(out, n);
  }

  /** What was heard, with all behind COMPRESS inflated: how it is cut into blocks may differ. */
  private static byte[] inflated(byte[] heard) {
    int from = text(heard).indexOf(COMPRESSED) + COMPRESSED.length();
    if (from < COMPRESSED.length()) {
      return heard;
    }
    Inflater inflater = new Inflater(true);
    inflater.setInput(heard, from, heard.length - from);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(heard, 0, from);
    byte[] some = new byte[8 << 10];
    try {
      for (int n = inflater.inflate(some); n > 0; n = inflater.inflate(some)) {
        out.write(some, 0, n);
      }
    } catch (DataFormatException e) {
      throw new AssertionError("this is no DEFLATE", e);
    } finally {
      inflater.end();
    }
    return out.toByteArray();
  }

  private static byte[] join(byte[] one, byte[] other) {
    return join(one, other, 0);
  }

  private static byte[] join(byte[] one, byte[] other, int from) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(one);
    both.write(other, from, other.length - from);
    return both.toByteArray();
  }

  // ---- what is an answer ----

  /** RFC 5321 §4.2: lines of a code and printable text. */
  private static void checkReplies(byte[] heard) {
    String text = new String(heard, UTF_8);
    assertThat(text).startsWith("220 ").endsWith("\r\n");
    for (String line : text.substring(0, text.length() - 2).split("\r\n", -1)) {
      assertThat(line).matches("[2-5][0-9]{2}[ -]\\P{Cc}*");
    }
  }

  /** RFC 1939 §3: a status, and behind some of them lines up to a dot. */
  private static void checkStatus(byte[] heard) {
    String text = text(heard);
    assertThat(text).startsWith("+OK ").endsWith("\r\n");
    for (String line : text.substring(0, text.length() - 2).split("\r\n", -1)) {
      assertThat(line).doesNotContain("\r", "\n");
    }
  }

  /** RFC 9051 §9, {@code response}: nothing of a literal is taken for the next response. */
  private static void checkResponses(byte[] heard) {
    String text = text(heard);
    int at = 0;
    while (at < text.length()) {
      int from = at;
      int lineFrom = at;
      int size;
      do {
        int end = text.indexOf("\r\n", lineFrom);
        assertThat(end).as("a response has an end: " + text.substring(from)).isNotNegative();
        String line = text.substring(lineFrom, end);
        assertThat(line).doesNotContain("\n", "\r", "\0");
        size = literal(line);
        lineFrom = end + 2 + Math.max(size, 0);
      } while (size >= 0);
      at = lineFrom;
      assertThat(text.substring(from, at)).matches("(?s)(\\* |\\+ |\\S+ (OK|NO|BAD) ).*");
    }
  }

  private static int literal(String line) {
    int open = line.lastIndexOf('{');
    return line.matches("(?s).*\\{[0-9]+\\}")
        ? Integer.parseInt(line.substring(open + 1, line.length() - 1))
        : -1;
  }
}
