package org.everpost.wire.spf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code JAZZER_FUZZ=1} these look for new inputs; otherwise they repeat the known ones. */
@Tag("slow")
class SpfFuzzTest {

  static Stream<byte[]> texts() {
    return Stream.of(
            "v=spf1 +mx/24//64 a:%{d}/0 ip4:192.0.2.0/24 -ip6:2001:db8::/32 ~ptr ?all",
            "v=spf1 include:_spf.example.org exists:%{l1r+-}.%%%_%-.%{Ir} redirect=%{d2}",
            "v=spf1 exp=why.example.org x=%{c} a:foo/1.b:c//3 -all",
            "%{S} %{r} 100%% %{dr.,}")
        .map(s -> s.getBytes(ISO_8859_1));
  }

  /** What is understood is shown so that the same is understood again. */
  @MethodSource("texts")
  @FuzzTest
  void anyRecord(byte[] octets) throws SpfSyntaxException {
    String text = new String(octets, ISO_8859_1);
    SpfRecord record;
    try {
      record = SpfRecord.parse(text);
    } catch (SpfSyntaxException e) {
      assertThat(e.getMessage()).isNotEmpty().hasSizeLessThan(150);
      return;
    }
    assertThat(SpfRecord.isSpf(text)).isTrue();
    assertThat(SpfRecord.parse(record.toString())).isEqualTo(record);
  }

  @MethodSource("texts")
  @FuzzTest
  void anyExplanation(byte[] octets) throws SpfSyntaxException {
    MacroString text;
    try {
      text = MacroString.ofExplanation(new String(octets, ISO_8859_1));
    } catch (SpfSyntaxException e) {
      assertThat(e.getMessage()).isNotEmpty().hasSizeLessThan(150);
      return;
    }
    assertThat(MacroString.ofExplanation(text.toString())).isEqualTo(text);
    assertThat(text.expand(_ -> "a.b-c")).hasSizeLessThan(10 * octets.length + 1);
  }
}
