package org.everpost.wire.tlsrpt;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code JAZZER_FUZZ=1} it looks for new inputs; otherwise it repeats the known ones. */
@Tag("slow")
class TlsRptFuzzTest {

  @ValueSource(
      strings = {
        "v=TLSRPTv1; rua=mailto:a%2Bb@c.test?x,https://d.test/e",
        "v=TLSRPTv1; rua=mailto:\u00e4%C3@b; rua=https://[::1]/",
        "{\"a\":[1,\"\\u0000\"]}"
      })
  @FuzzTest
  void anyText(@NotNull String text) {
    TlsRptRecord record = TlsRptRecord.of(List.of(text));
    if (record != null) {
      assertThat(record.destinations()).hasSizeBetween(1, TlsRptRecord.MAX_DESTINATIONS);
    }
    String json = new JsonText().open('{').member("a", text).close('}').toString();
    assertThat(json).matches("\\{\"a\":\"([ !#-\\[\\]-~]|\\\\[\"\\\\]|\\\\u[0-9a-f]{4})*+\"\\}");
  }
}
