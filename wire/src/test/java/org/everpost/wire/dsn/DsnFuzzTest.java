package org.everpost.wire.dsn;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code JAZZER_FUZZ=1} it looks for new inputs; otherwise it repeats the known ones. */
@Tag("slow")
class DsnFuzzTest {

  static Stream<byte[]> statuses() {
    return Stream.of(
            DeliveryStatusParserTest.MANY,
            "Final-Recipient: utf-8;\u00e4@b\nAction: failed\nStatus: 5.1.1\n",
            "Final-Recipient: rfc822;  a  b\u00e4 \n c\nAction: relayed\nStatus: 2.1.1\n")
        .map(s -> s.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("statuses")
  @FuzzTest
  void anyStatus(byte[] body) {
    DeliveryStatusParserTest.check(body);
  }
}
