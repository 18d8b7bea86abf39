package org.everpost.wire.mtasts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code JAZZER_FUZZ=1} these look for new inputs; otherwise they repeat the known ones. */
@Tag("slow")
class MtaStsFuzzTest {

  static Stream<byte[]> texts() {
    return Stream.of(MtaStsTest.POLICY, "v=STSv1; id=1; a=b;", "version:STSv1\nmx:*.\u00e4")
        .map(s -> s.getBytes(UTF_8));
  }

  @MethodSource("texts")
  @FuzzTest
  void anyText(byte[] octets) {
    MtaStsRecord record = MtaStsRecord.of(List.of(new String(octets, UTF_8)));
    if (record != null) {
      assertThat(MtaStsRecord.of(List.of("v=STSv1; id=" + record.id()))).isEqualTo(record);
    }
    try {
      MtaStsPolicy policy = MtaStsPolicy.parse(octets);
      assertThat(policy.maxAge()).isLessThanOrEqualTo(MtaStsPolicy.LONGEST);
      assertThat(policy.mx()).hasSizeLessThanOrEqualTo(MtaStsPolicy.MAX_PATTERNS);
    } catch (MtaStsSyntaxException e) {
      assertThat(e.getMessage()).contains("policy").hasSizeLessThan(80);
    }
  }
}
