package org.everpost.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Damages what clients say in the recorded dialogues and says it in every state of a session: what
 * {@link SessionFuzzTest} wants of any input holds. A failure names the seed that repeats it.
 */
class MutatedSessionsTest {

  private static final List<String> PIECES =
      List.of(
          "\r\n",
          "\n",
          "\r",
          "\0",
          " ",
          ".\r\n",
          "\r\n.\r\n",
          "{9}",
          "{9+}\r\n",
          "~{3+}\r\n",
          "(",
          ")",
          "\"",
          "\\",
          "*",
          "<",
          ">",
          "=",
          "1:*",
          "4294967296",
          "18446744073709551616",
          "BDAT 7\r\n",
          "RSET\r\n",
          "DATA\r\n",
          "a IDLE\r\n",
          "DONE\r\n",
          "a LOGOUT\r\n",
          "a COMPRESS DEFLATE\r\n",
          "AUTH PLAIN\r\n",
          "QUIT\r\n",
          "x".repeat(3_000),
          "x".repeat(70_000));

  private static void play(int from, int to) {
    SessionFuzzTest sessions = new SessionFuzzTest();
    List<byte[]> imap = SessionFuzzTest.imap().toList();
    damage(SessionFuzzTest.smtp().toList(), sessions::smtp, from, to);
    damage(SessionFuzzTest.smtp().toList(), sessions::lmtp, from, to);
    damage(SessionFuzzTest.submission().toList(), sessions::submission, from, to);
    damage(imap, sessions::imap, from, to);
    damage(imap, sessions::compressed, from, to);
    damage(SessionFuzzTest.pop3().toList(), sessions::pop3, from, to);
  }

  private static void damage(List<byte[]> inputs, Consumer<byte[]> session, int from, int to) {
    for (int seed = from; seed < to; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] input = inputs.get(random.nextInt(inputs.size())).clone();
      input[0] = (byte) random.nextInt(100);
      for (int i = random.nextInt(6); i >= 0; i--) {
        input = damaged(input, random);
      }
      try {
        session.accept(input);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  /** Leaves the first octet, which is the state, alone. */
  private static byte[] damaged(byte[] input, SplittableRandom random) {
    int from = 1 + random.nextInt(input.length);
    int to = Math.min(input.length, from + random.nextInt(30));
    byte[] head = Arrays.copyOf(input, from);
    byte[] tail = Arrays.copyOfRange(input, to, input.length);
    byte[] piece = Arrays.copyOfRange(input, from, to);
    return switch (random.nextInt(6)) {
      case 0 -> join(head, tail);
      case 1 -> join(head, piece, piece, tail);
      case 2, 3 -> join(head, PIECES.get(random.nextInt(PIECES.size())).getBytes(ISO_8859_1), tail);
      case 4 -> join(head, new byte[] {(byte) random.nextInt()}, tail);
      default -> random.nextInt(4) == 0 ? head : join(head, tail, piece);
    };
  }

  private static byte[] join(byte[]... pieces) {
    byte[] all = new byte[Stream.of(pieces).mapToInt(p -> p.length).sum()];
    int at = 0;
    for (byte[] piece : pieces) {
      System.arraycopy(piece, 0, all, at, piece.length);
      at += piece.length;
    }
    return all;
  }

  @Test
  void damage() {
    play(0, 300);
  }

  /** How many is for whoever looks for more. */
  @Test
  @Tag("slow")
  void muchDamage() {
    play(300, 300 + Integer.getInteger("everpost.mutations", 1_000));
  }
}
