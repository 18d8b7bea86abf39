package org.everpost.core.srs;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.everpost.core.srs.SrsKeysRow.SrsKey;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code JAZZER_FUZZ=1} this looks for new inputs; otherwise it repeats the known ones. */
@Tag("slow")
class SrsKeysFuzzTest {

  static Stream<byte[]> rows() {
    return Stream.of(
        new SrsKeysRow(List.of()).encode(),
        new SrsKeysRow(List.of(new SrsKey(new byte[32], Instant.EPOCH))).encode());
  }

  /** A damaged row is one that cannot be read, or another row: nothing worse. */
  @MethodSource("rows")
  @FuzzTest
  void anyRow(byte[] value) {
    try {
      SrsKeysRow row = SrsKeysRow.decode(value);
      assertThat(SrsKeysRow.decode(row.encode()).keys()).hasSameSizeAs(row.keys());
    } catch (IllegalStateException e) {
      // As it should be.
    }
  }
}
