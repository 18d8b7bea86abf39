package org.everpost.wire.dkim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code JAZZER_FUZZ=1} these look for new inputs; otherwise they repeat the known ones. */
@Tag("slow")
class DkimFuzzTest {

  static Stream<byte[]> lists() {
    return Stream.of(
            DkimRecordsTest.SIGNATURE,
            Keys.texts("e1._domainkey.example.test").getFirst(),
            "v=DKIM1; k=rsa; t=y:s; p=MAA=")
        .map(s -> s.getBytes(UTF_8));
  }

  static Stream<byte[]> messages() {
    return Stream.of(
            "DKIM-Signature: " + DkimRecordsTest.SIGNATURE + "\r\nFrom : a\r\n b\r\n\r\nx \r\n\r\n",
            "DKIM-Signature:b=;;b=\nfrom:\n\n",
            "From: a\r\r\nb: c\r\n\r\n \t\r\n")
        .map(s -> s.getBytes(UTF_8));
  }

  @MethodSource("lists")
  @FuzzTest
  void anyList(byte[] octets) {
    String text = new String(octets, UTF_8);
    try {
      assertThat(DkimSignature.parse(text).fields()).contains("from");
    } catch (DkimSyntaxException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
    try {
      assertThat(DkimKeyRecord.parse(text).algorithm()).isNotNull();
    } catch (DkimSyntaxException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  /** However it is cut, the verdict is the same; and what can be signed verifies. */
  @MethodSource("messages")
  @FuzzTest
  void anyMessage(byte[] message) {
    Instant now = Instant.EPOCH;
    assertThat(DkimSigningTest.verified(message, 3, now).toString().length()).isNotNegative();
    DkimSigning signing = new DkimSigning(Keys.BOTH.subList(1, 2));
    signing.feed(message, 0, message.length);
    for (String field : signing.sign(now, null)) {
      byte[] start = field.getBytes(UTF_8);
      byte[] signed = new byte[start.length + message.length];
      System.arraycopy(start, 0, signed, 0, start.length);
      System.arraycopy(message, 0, signed, start.length, message.length);
      assertThat(DkimSigningTest.verified(signed, 3, now).getFirst().passed()).isTrue();
      assertThat(DkimSigningTest.verified(signed, 100_000, now).getFirst().passed()).isTrue();
    }
  }
}
