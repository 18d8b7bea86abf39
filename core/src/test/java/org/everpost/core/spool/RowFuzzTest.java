package org.everpost.core.spool;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code JAZZER_FUZZ=1} these look for new inputs; otherwise they repeat the known ones. */
@Tag("slow")
class RowFuzzTest {

  static Stream<byte[]> rows() {
    return Stream.of(
        MessageRow.encode(StoredMessageTest.FULL),
        MessageRow.encode(StoredMessageTest.SMALL),
        OwnerRow.encode(new byte[32]));
  }

  /** A damaged row is one that cannot be read, or another row: nothing worse. */
  @MethodSource("rows")
  @FuzzTest
  void anyRow(byte[] value) {
    byte[] key = MessageRow.key(new SpoolId(1));
    for (Consumer<byte[]> decode :
        List.<Consumer<byte[]>>of(
            row -> MessageRow.encode(MessageRow.decode(key, row)),
            MessageRow::blob,
            OwnerRow::decode,
            row -> HoldOrder.decode(new byte[17], row).encode())) {
      try {
        decode.accept(value);
      } catch (IllegalStateException e) {
        // As it should be.
      }
    }
  }
}
