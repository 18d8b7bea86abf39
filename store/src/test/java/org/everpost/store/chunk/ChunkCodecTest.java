package org.everpost.store.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.everpost.store.BlobDamagedException;
import org.everpost.store.BlobId;
import org.everpost.store.BlobMissingException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ChunkCodecTest {

  private static final BlobId ID = new BlobId(1, 2);
  private static final int CHUNK = ChunkCodec.CHUNK_OCTETS;

  private final ChunkCodec codec = new ChunkCodec();

  @Test
  void anEmptyBlobIsOneEmptyChunk() throws IOException {
    List<byte[]> chunks = split(new byte[0]);
    assertThat(chunks).hasSize(1);
    assertThat(read(chunks, 0, Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void everyLengthAroundTheBordersComesBack() throws IOException {
    for (int length : new int[] {1, 127, 128, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 200_000}) {
      for (byte[] raw : List.of(text(length), noise(length))) {
        List<byte[]> chunks = split(raw);
        assertThat(chunks).hasSize((length + CHUNK - 1) / CHUNK);
        assertThat(read(chunks, 0, Long.MAX_VALUE)).isEqualTo(raw);
      }
    }
  }

  @Test
  void rangesAreCutOutExactly() throws IOException {
    byte[] raw = text(2 * CHUNK + 100);
    List<byte[]> chunks = split(raw);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200; i++) {
      int from = random.nextInt(raw.length + 10);
      int length = random.nextInt(raw.length + 10);
      int begin = Math.min(from, raw.length);
      assertThat(read(chunks, from, length))
          .isEqualTo(Arrays.copyOfRange(raw, begin, Math.min(raw.length, begin + length)));
    }
    assertThat(read(chunks, Long.MAX_VALUE, Long.MAX_VALUE)).isEmpty();
    assertThat(read(chunks, 1L << 40, 5)).isEmpty();
  }

  @Test
  void textShrinksAndNoiseHardlyGrows() {
    assertThat(codec.encode(ID, 0, true, text(CHUNK), CHUNK)).hasSizeLessThan(CHUNK / 2);
    assertThat(codec.encode(ID, 0, true, noise(CHUNK), CHUNK))
        .hasSizeLessThanOrEqualTo(ChunkCodec.MAX_STORED_OCTETS);
  }

  @Test
  void everyFlippedBitIsNoticed() {
    for (byte[] raw : List.of(text(3000), noise(300), new byte[0])) {
      byte[] stored = codec.encode(ID, 7, true, raw, raw.length);
      for (int bit = 0; bit < stored.length * 8; bit++) {
        byte[] damaged = stored.clone();
        damaged[bit / 8] ^= (byte) (1 << bit % 8);
        assertThatThrownBy(() -> codec.decode(ID, 7, damaged))
            .isInstanceOfSatisfying(
                BlobDamagedException.class, e -> assertThat(e.id()).isEqualTo(ID));
      }
      for (int length = 0; length < stored.length; length++) {
        byte[] cut = Arrays.copyOf(stored, length);
        assertThatThrownBy(() -> codec.decode(ID, 7, cut)).isInstanceOf(BlobDamagedException.class);
      }
    }
  }

  @Test
  void aChunkOfAnotherBlobOrPlaceIsNoticed() {
    byte[] stored = codec.encode(ID, 7, true, text(3000), 3000);
    assertThatThrownBy(() -> codec.decode(new BlobId(1, 3), 7, stored))
        .isInstanceOf(BlobDamagedException.class);
    assertThatThrownBy(() -> codec.decode(new BlobId(2, 2), 7, stored))
        .isInstanceOf(BlobDamagedException.class);
    assertThatThrownBy(() -> codec.decode(ID, 6, stored)).isInstanceOf(BlobDamagedException.class);
  }

  @Test
  void anAbsentChunkIsDamageAndAnAbsentBlobIsMissing() throws IOException {
    List<byte[]> chunks = split(text(3 * CHUNK));
    List<byte[]> withoutEnd = chunks.subList(0, 2);
    assertThatThrownBy(() -> read(withoutEnd, 0, Long.MAX_VALUE))
        .isInstanceOf(BlobDamagedException.class);
    assertThatThrownBy(() -> read(withoutEnd, 10L * CHUNK, 1))
        .isInstanceOf(BlobDamagedException.class);
    assertThatThrownBy(() -> read(List.of(), 0, 1)).isInstanceOf(BlobMissingException.class);
    assertThatThrownBy(() -> read(List.of(), 10L * CHUNK, 1))
        .isInstanceOf(BlobMissingException.class);
  }

  @Test
  void anotherCopyOfADamagedChunkWillDo() throws IOException {
    byte[] raw = noise(2 * CHUNK + 10);
    List<byte[]> good = split(raw);
    for (int damaged = 0; damaged < good.size(); damaged++) {
      List<byte[]> chunks = new ArrayList<>(good);
      chunks.set(damaged, good.get(damaged).clone());
      chunks.get(damaged)[20] ^= 1;
      List<Integer> recovered = new ArrayList<>();
      ChunkInputStream.Source source =
          new ChunkInputStream.Source() {
            @Override
            public byte @Nullable [] read(int index) {
              return index < chunks.size() ? chunks.get(index) : null;
            }

            @Override
            public ChunkCodec.Chunk recover(int index, BlobDamagedException damage) {
              assertThat(damage.id()).isEqualTo(ID);
              recovered.add(index);
              return codec.decode(ID, index, good.get(index));
            }
          };
      try (InputStream in = new ChunkInputStream(codec, ID, source, 0, Long.MAX_VALUE)) {
        assertThat(in.readAllBytes()).isEqualTo(raw);
      }
      assertThat(recovered).containsExactly(damaged);
    }
  }

  @Test
  void aFailingSourceFailsThePut() {
    InputStream failing =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            throw new IOException("the peer is gone");
          }
        };
    assertThatThrownBy(() -> ChunkSplitter.split(codec, ID, failing, (index, last, stored) -> {}))
        .isInstanceOf(IOException.class)
        .hasMessage("the peer is gone");
  }

  private List<byte[]> split(byte[] raw) throws IOException {
    List<byte[]> chunks = new ArrayList<>();
    ChunkSplitter.split(
        codec,
        ID,
        new ByteArrayInputStream(raw),
        (index, last, stored) -> {
          assertThat(index).isEqualTo(chunks.size());
          chunks.add(stored);
        });
    return chunks;
  }

  private byte[] read(List<byte[]> chunks, long offset, long length) throws IOException {
    ChunkInputStream.Source source = index -> index < chunks.size() ? chunks.get(index) : null;
    try (InputStream in = new ChunkInputStream(codec, ID, source, offset, length)) {
      return in.readAllBytes();
    }
  }

  private static byte[] text(int length) {
    byte[] line =
        "The quick brown fox jumps over the lazy dog\r\n".getBytes(StandardCharsets.US_ASCII);
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) (line[i % line.length] ^ (i / 5000));
    }
    return text;
  }

  private static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new SplittableRandom(42).nextBytes(noise);
    return noise;
  }
}
