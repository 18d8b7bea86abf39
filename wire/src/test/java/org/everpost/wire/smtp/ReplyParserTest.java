package org.everpost.wire.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyParserTest {

  static final List<String> SEEDS =
      List.of(
          "220 mx.example.test ESMTP",
          "250-mx.test\n250-PIPELINING\n250-SIZE 1000\n250 8BITMIME",
          "550-5.1.1 No such user\n550 5.1.1 really",
          "354",
          "421 4.7.0 \u00ff\u0000\t",
          "250-AUTH PLAIN\n250-LIMITS RCPTMAX=3\n250 BINARYMIME");

  private static PeerReply parsed(String... lines) throws PeerReplyException {
    ReplyParser parser = new ReplyParser();
    PeerReply reply = null;
    for (String line : lines) {
      assertThat(reply).isNull();
      reply = parser.accept(line.getBytes(ISO_8859_1));
    }
    assertThat(parser.inReply()).isFalse();
    assertThat(reply).isNotNull();
    return reply;
  }

  @Test
  void oneLine() throws PeerReplyException {
    PeerReply reply = parsed("250 2.1.5 Recipient OK");
    assertThat(reply)
        .isEqualTo(
            new PeerReply(250, EnhancedStatusCode.of("2.1.5"), List.of("Recipient OK"), true));
    assertThat(reply).hasToString("250 2.1.5 Recipient OK");
    assertThat(reply.isCompleted()).isTrue();
    assertThat(parsed("354 go").isIntermediate()).isTrue();
    assertThat(parsed("450 later").isTransientFailure()).isTrue();
    assertThat(parsed("550 never").isPermanentFailure()).isTrue();
  }

  @Test
  void manyLines() throws PeerReplyException {
    assertThat(parsed("550-5.1.1 No such user", "550-5.1.1", "550 5.1.1 here"))
        .isEqualTo(
            new PeerReply(
                550, EnhancedStatusCode.of("5.1.1"), List.of("No such user", "", "here"), true))
        .hasToString("550 5.1.1 No such user /  / here");
    assertThat(parsed("250-a", "251 b").code()).isEqualTo(251);
  }

  /** RFC 5321 §4.2: a client accepts a code with nothing after it. */
  @Test
  void noText() throws PeerReplyException {
    assertThat(parsed("250")).hasToString("250");
    assertThat(parsed("250 ").lines()).containsExactly("");
    assertThat(parsed("250-", "250").lines()).containsExactly("", "");
    assertThat(parsed("550 5.7.1").enhanced()).isEqualTo(EnhancedStatusCode.of("5.7.1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "550 4.1.1 other class",
        "550 5.1 x",
        "550 5..1 x",
        "550 5.1.1x",
        "550 5.1.1234 x",
        "550 5.1. x",
        "354 3.0.0 x",
        "550  5.1.1 x",
        "550 x 5.1.1"
      })
  void noEnhancedCode(String line) throws PeerReplyException {
    PeerReply reply = parsed(line);
    assertThat(reply.enhanced()).isNull();
    assertThat(reply.lines()).containsExactly(line.substring(4));
  }

  @Test
  void statusWithoutEnhancedCode() throws PeerReplyException {
    assertThat(parsed("550 x").status()).hasToString("5.0.0");
    assertThat(parsed("451 x").status()).hasToString("4.0.0");
    assertThat(parsed("354 x").status()).hasToString("2.0.0");
    assertThat(parsed("250 2.6.0 x").status()).hasToString("2.6.0");
  }

  @Test
  void textIsSafe() throws PeerReplyException {
    assertThat(parsed("550 a\r\nFrom:\u001b[2J\u0000\tz\u00e4\u007f").lines())
        .containsExactly("a??From:?[2J? z??");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2",
        "25",
        "2x0 a",
        "199 a",
        "100 a",
        "600 a",
        "999 a",
        "000 a",
        "2500 a",
        "250_a",
        "250\ta",
        " 250 a",
        "-50 a",
        "+25 a",
        "HTTP/1.1 400 Bad Request",
        "\u00b2\u00b20 a"
      })
  void noReply(String line) {
    ReplyParser parser = new ReplyParser();
    assertThatExceptionOfType(PeerReplyException.class)
        .isThrownBy(() -> parser.accept(line.getBytes(ISO_8859_1)));
  }

  @Test
  void classesThatDiffer() {
    assertThatExceptionOfType(PeerReplyException.class)
        .isThrownBy(() -> parsed("250-fine", "550 not"))
        .withMessage("a reply with the codes 250 and 550");
  }

  @Test
  void theParserStartsAnewAfterAReply() throws PeerReplyException {
    ReplyParser parser = new ReplyParser();
    parser.accept("550-5.1.1 a".getBytes(ISO_8859_1));
    assertThat(parser.inReply()).isTrue();
    parser.accept("550 5.1.1 b".getBytes(ISO_8859_1));
    assertThat(parser.accept("250 c".getBytes(ISO_8859_1)))
        .isEqualTo(new PeerReply(250, null, List.of("c"), true));
  }

  /** What is not kept is read all the same, so that the next reply is found. */
  @Test
  void longRepliesAreCutAndEndlessOnesRefused() throws PeerReplyException {
    PeerReply wide = parsed("250-" + "x".repeat(5000), "250 z");
    assertThat(wide.complete()).isFalse();
    assertThat(wide.lines()).containsExactly("x".repeat(ReplyParser.KEPT_OCTETS_OF_LINE), "z");

    ReplyParser parser = new ReplyParser();
    byte[] line = "250-1234567890".getBytes(ISO_8859_1);
    for (int i = 1; i < ReplyParser.MAX_LINES; i++) {
      assertThat(parser.accept(line)).isNull();
    }
    PeerReply many = parser.accept("250 end".getBytes(ISO_8859_1));
    assertThat(many).isNotNull();
    assertThat(many.complete()).isFalse();
    assertThat(many.lines()).hasSize(ReplyParser.KEPT_LINES);

    for (int i = 0; i < ReplyParser.MAX_LINES; i++) {
      assertThat(parser.accept(line)).isNull();
    }
    assertThatExceptionOfType(PeerReplyException.class).isThrownBy(() -> parser.accept(line));
  }

  @Test
  void mutatedReplies() {
    Random random = new Random(11);
    for (int round = 0; round < 20_000; round++) {
      byte[] reply = SEEDS.get(random.nextInt(SEEDS.size())).getBytes(ISO_8859_1);
      for (int i = random.nextInt(5); i >= 0; i--) {
        byte b = (byte) (random.nextBoolean() ? random.nextInt() : "0259- .=\n".charAt(i));
        reply[random.nextInt(reply.length)] = b;
      }
      check(reply);
    }
  }

  /** Lines of any octets, divided by LF: bounded, printable, the same if sent again. */
  static void check(byte[] octets) {
    ReplyParser parser = new ReplyParser();
    for (String line : new String(octets, ISO_8859_1).split("\n", -1)) {
      PeerReply reply = accepted(parser, line);
      if (reply == null && !parser.inReply()) {
        return;
      }
      if (reply != null) {
        assertThat(reply.lines()).hasSizeBetween(1, ReplyParser.KEPT_LINES);
        PeerCapabilities offered = PeerCapabilities.of(reply);
        assertThat(offered.maxSize()).isPositive();
        assertThat(offered.limits().rcptMax()).isPositive();
        assertThat(offered.authMechanisms().size()).isLessThanOrEqualTo(32);
      }
    }
  }

  private static @Nullable PeerReply accepted(ReplyParser parser, String line) {
    try {
      return parser.accept(line.getBytes(ISO_8859_1));
    } catch (PeerReplyException e) {
      assertThat(e.getMessage()).matches("[ -~]*");
      return null;
    }
  }
}
