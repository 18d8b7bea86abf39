package org.everpost.store.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.everpost.store.BlobDamagedException;
import org.everpost.store.BlobId;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code JAZZER_FUZZ=1} these look for new inputs; otherwise they repeat the known ones. */
@Tag("slow")
class ChunkFuzzTest {

  private static final ChunkCodec CODEC = new ChunkCodec();
  private static final BlobId ID = new BlobId(1, 2);

  static Stream<byte[]> chunks() {
    return Stream.of("", "x", "the same again ".repeat(100))
        .map(s -> s.getBytes(StandardCharsets.US_ASCII))
        .map(raw -> CODEC.encode(ID, 0, true, raw, raw.length));
  }

  /** What was stored comes back; what was not is noticed, whatever it is. */
  @MethodSource("chunks")
  @FuzzTest
  void anyChunk(byte[] octets) {
    byte[] stored = CODEC.encode(ID, 3, true, octets, octets.length);
    assertThat(CODEC.decode(ID, 3, stored).raw()).isEqualTo(octets);
    try {
      ChunkCodec.Chunk chunk = CODEC.decode(ID, 0, octets);
      byte[] again = CODEC.encode(ID, 0, chunk.last(), chunk.raw(), chunk.raw().length);
      assertThat(Arrays.copyOf(again, 4)).isEqualTo(Arrays.copyOf(octets, 4));
    } catch (BlobDamagedException e) {
      assertThat(e.id()).isEqualTo(ID);
    }
  }
}
