package org.everpost.wire.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.dkim.DkimResult.Verdict;
import org.junit.jupiter.api.Test;

class DkimSigningTest {

  private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");

  private static final String MESSAGE =
      """
      Received: from a by b
      From: "Alice"  <alice@example.test>
      To: bob@other.test,
      \tcarol@other.test
      Subject: A  long
        subject
      Message-ID: <1@example.test>

      Hello,  Bob.\t\s
      ..
      Bye

      """
          .replace("\n", "\r\n");

  private static List<String> signed(byte[] message, int piece) {
    DkimSigning signing = new DkimSigning(Keys.BOTH);
    for (int at = 0; at < message.length; at += piece) {
      signing.feed(message, at, Math.min(piece, message.length - at));
    }
    return signing.sign(NOW, Duration.ofDays(7));
  }

  private static String withSignatures(String message) {
    return String.join("", signed(message.getBytes(ISO_8859_1), 1000)) + message;
  }

  static List<DkimResult> verified(byte[] message, int piece, Instant now) {
    DkimVerification verification = new DkimVerification();
    for (int at = 0; at < message.length; at += piece) {
      verification.feed(message, at, Math.min(piece, message.length - at));
    }
    return verification.finish().stream()
        .map(c -> {
          DkimSignature signature = c.signature();
          List<String> keys =
              signature == null ? List.of() : Keys.texts(signature.keyName().ascii());
          return DkimVerification.verify(c, keys, now);
        })
        .toList();
  }

  private static List<Verdict> verdicts(String message) {
    return verified(message.getBytes(ISO_8859_1), 777, NOW).stream()
        .map(DkimResult::verdict)
        .toList();
  }

  @Test
  void whatIsSignedVerifies() {
    String message = withSignatures(MESSAGE);
    assertThat(verdicts(message)).containsExactly(Verdict.PASS, Verdict.PASS);
    for (int piece = 1; piece < 40; piece++) {
      assertThat(signed(MESSAGE.getBytes(ISO_8859_1), piece))
          .isEqualTo(signed(MESSAGE.getBytes(ISO_8859_1), 5000));
      assertThat(verified(message.getBytes(ISO_8859_1), piece, NOW))
          .hasSize(2)
          .allMatch(DkimResult::passed)
          .allMatch(DkimResult::wholeBody);
    }
  }

  @Test
  void theFields() {
    List<String> fields = signed(MESSAGE.getBytes(ISO_8859_1), 1000);
    assertThat(fields).hasSize(2);
    assertThat(fields.getFirst().replace("\r\n", "\n"))
        .startsWith(
            """
            DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
             d=example.test;
             s=r1;
             t=1795687200; x=1796292000;
             h=from:from:to:to:cc:reply-to:subject:subject:date:message-id:message-id:
             in-reply-to:references:mime-version:content-type:content-transfer-encoding;
             bh=\
            """);
    assertThat(fields.getLast()).contains("a=ed25519-sha256").contains(" s=e1;");
    for (String field : fields) {
      assertThat(field).endsWith("\r\n");
      assertThat(field.lines()).allMatch(l -> l.length() <= 78);
    }
  }

  /** Relays may fold anew and add fields above, and space at line ends. */
  @Test
  void whatMayChangeOnTheWay() {
    String message = withSignatures(MESSAGE);
    assertThat(verdicts("Received: from c by d\r\n" + message)).containsOnly(Verdict.PASS);
    assertThat(verdicts(message.replace("SUBJECT", "subject").replace("A  long\r\n", "A long\r\n")))
        .containsOnly(Verdict.PASS);
    assertThat(verdicts(message.replace("Bye\r\n", "Bye  \r\n\r\n\r\n")))
        .containsOnly(Verdict.PASS);
  }

  /** Also fields that are not there are signed. */
  @Test
  void nothingCanBeAdded() {
    String message = withSignatures(MESSAGE);
    for (String name : List.of("From", "to", "CC", "Subject", "Date", "Content-Type", "Reply-To")) {
      assertThat(verdicts(message.replace("\r\n\r\nHello", "\r\n" + name + ": x\r\n\r\nHello")))
          .containsOnly(Verdict.FAIL);
      assertThat(verdicts(name + ": x\r\n" + message)).containsOnly(Verdict.FAIL);
    }
    assertThat(verdicts(message + "P.S.\r\n")).containsOnly(Verdict.FAIL);
  }

  /** Each octet of what is signed, changed: never a pass. */
  @Test
  void everyChangedOctetIsNoticed() {
    byte[] message = withSignatures(MESSAGE).getBytes(ISO_8859_1);
    int from = new String(message, ISO_8859_1).indexOf("From:");
    for (int i = from; i < message.length; i++) {
      byte[] changed = message.clone();
      changed[i] ^= 1;
      boolean emptyLineAtEnd = i >= message.length - 2;
      assertThat(verified(changed, 1000, NOW))
          .as("octet " + i)
          .hasSize(2)
          .noneMatch(r -> r.passed() && !emptyLineAtEnd);
    }
  }

  /** The signatures, changed at random: they pass only if they still say the same. */
  @Test
  void changedSignatures() {
    byte[] message = withSignatures(MESSAGE).getBytes(ISO_8859_1);
    List<String> meanings = meanings(verified(message, 1000, NOW));
    int end = new String(message, ISO_8859_1).indexOf("Received:");
    Random random = new Random(3);
    for (int round = 0; round < 1_500; round++) {
      byte[] changed = message.clone();
      int at = random.nextInt(end);
      changed[at] = (byte) (random.nextBoolean() ? random.nextInt() : "=;:b \r\n".charAt(at % 7));
      List<DkimResult> results = verified(changed, 1000, NOW);
      assertThat(results).hasSizeLessThanOrEqualTo(2);
      assertThat(meanings).containsAll(meanings(results));
    }
  }

  /** Of those that pass. */
  private static List<String> meanings(List<DkimResult> results) {
    List<String> meanings = new ArrayList<>();
    for (DkimResult result : results) {
      DkimSignature s = result.signature();
      if (s != null && result.passed()) {
        meanings.add(
            s.keyName()
                + s.identity()
                + s.fields()
                + s.header()
                + s.body()
                + s.expires()
                + Arrays.toString(s.bodyHash())
                + Arrays.toString(s.signature()));
      }
    }
    return meanings;
  }

  @Test
  void whatCannotBeSigned() {
    assertThat(signed("To: a@b.test\r\n\r\nx\r\n".getBytes(ISO_8859_1), 100)).isEmpty();
    assertThat(signed("From: a@b.test\rX: y".getBytes(ISO_8859_1), 100)).isEmpty();
    assertThat(signed("From: a@b.test\n\nx\r\n".getBytes(ISO_8859_1), 100)).isEmpty();
    String huge = "From: a@b.test\r\n" + "X: y\r\n".repeat(100_000) + "\r\nx\r\n";
    assertThat(signed(huge.getBytes(ISO_8859_1), 4096)).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new DkimKey(
                Keys.DOMAIN,
                DomainName.of("x"),
                DkimAlgorithm.RSA_SHA256,
                Keys.ED25519.getPrivate()));
  }

  @Test
  void noBodyAtAll() {
    assertThat(verdicts(withSignatures("From: a@b.test\r\n\r\n"))).containsOnly(Verdict.PASS);
    assertThat(verdicts(withSignatures("From: a@b.test\r\n"))).containsOnly(Verdict.PASS);
  }

  @Test
  void time() {
    byte[] message = withSignatures(MESSAGE).getBytes(ISO_8859_1);
    assertThat(verified(message, 1000, NOW.plus(Duration.ofDays(8))))
        .extracting(DkimResult::reason)
        .containsOnly("the signature has expired");
    assertThat(verified(message, 1000, NOW.minus(Duration.ofMinutes(10))))
        .extracting(DkimResult::reason)
        .containsOnly("the signature is from the future");
  }

  @Test
  void manySignatures() {
    String message = withSignatures(MESSAGE);
    assertThat(verdicts("DKIM-Signature: v=1\r\n".repeat(100) + message))
        .hasSize(DkimVerification.MAX_SIGNATURES)
        .containsOnly(Verdict.NEUTRAL);
  }
}
