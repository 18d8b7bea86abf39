package org.everpost.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.everpost.store.BlobDamagedException;
import org.everpost.store.BlobId;
import org.everpost.store.BlobMissingException;
import org.everpost.store.Blobs;
import org.everpost.store.chunk.ChunkCodec;
import org.junit.jupiter.api.Test;

/** What an engine promises of its blobs. */
public abstract class BlobsContract {

  private static final int CHUNK = ChunkCodec.CHUNK_OCTETS;

  /** The engine under test; it may have been used before. */
  protected abstract Blobs blobs();

  protected Effort effort() {
    return Effort.QUICK;
  }

  /** Flips a stored bit of a chunk of this blob, on disk where there is one. */
  protected abstract void damage(BlobId id, int chunk) throws Exception;

  @Test
  void whatWasPutComesBack() throws IOException {
    for (int length : new int[] {0, 1, 100, 5_000, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 5}) {
      for (byte[] octets : List.of(text(length), noise(length, length))) {
        BlobId id = put(octets);
        assertThat(read(id, 0, Long.MAX_VALUE)).isEqualTo(octets);
        assertThat(read(id, 0, length)).isEqualTo(octets);
      }
    }
  }

  @Test
  void rangesAreCutOutExactly() throws IOException {
    byte[] octets = text(3 * CHUNK + 100);
    BlobId id = put(octets);
    SplittableRandom random = new SplittableRandom(11);
    List<Integer> borders =
        new ArrayList<>(List.of(0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, octets.length));
    for (int i = 0; i < 5; i++) {
      borders.add(random.nextInt(octets.length));
    }
    for (int from : borders) {
      for (int length : new int[] {0, 1, 2, 100, CHUNK, CHUNK + 2, 2 * CHUNK, octets.length}) {
        assertThat(read(id, from, length))
            .as("from %d, %d octets", from, length)
            .isEqualTo(
                Arrays.copyOfRange(
                    octets, from, (int) Math.min(octets.length, (long) from + length)));
      }
    }
    assertThat(read(id, octets.length + 1, 5)).isEmpty();
    assertThat(read(id, 10L * CHUNK, 5)).isEmpty();
    assertThat(read(id, Long.MAX_VALUE, Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void aStreamIsReadInAnySteps() throws IOException {
    byte[] octets = noise(2 * CHUNK + 77, 5);
    BlobId id = put(octets);
    SplittableRandom random = new SplittableRandom(3);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (InputStream in = blobs().open(id, 3, octets.length - 5)) {
      byte[] buffer = new byte[40_000];
      while (true) {
        if (random.nextInt(4) == 0) {
          int octet = in.read();
          if (octet < 0) {
            break;
          }
          out.write(octet);
        } else {
          int count = in.read(buffer, 7, 1 + random.nextInt(30_000));
          if (count < 0) {
            break;
          }
          out.write(buffer, 7, count);
        }
      }
      assertThat(in.read()).isNegative();
      assertThat(in.read(buffer, 0, 0)).isZero();
    }
    assertThat(out.toByteArray()).isEqualTo(Arrays.copyOfRange(octets, 3, octets.length - 2));
  }

  @Test
  void rangesThatMakeNoSenseAreRefused() throws IOException {
    BlobId id = put(text(10));
    assertThatThrownBy(() -> blobs().open(id, -1, 5)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> blobs().open(id, 0, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aBlobThatIsNotThereIsMissing() throws IOException {
    BlobId never = BlobId.of(Instant.EPOCH, 4711, 42);
    assertMissing(never);
    blobs().delete(never);
    for (int length : new int[] {0, 500, 20_000, 3 * CHUNK}) {
      BlobId kept = put(text(length));
      BlobId id = put(text(length));
      blobs().delete(id);
      assertMissing(id);
      blobs().delete(id);
      assertMissing(id);
      assertThat(read(kept, 0, Long.MAX_VALUE)).isEqualTo(text(length));
    }
  }

  private void assertMissing(BlobId id) {
    for (long offset : new long[] {0, 1, CHUNK, 100L * CHUNK}) {
      assertThatThrownBy(() -> blobs().open(id, offset, 10))
          .isInstanceOfSatisfying(
              BlobMissingException.class, e -> assertThat(e.id()).isEqualTo(id));
    }
  }

  @Test
  void aDamagedBlobIsAnErrorThatNamesIt() throws Exception {
    for (byte[] octets : List.of(text(300), noise(40_000, 1), noise(3 * CHUNK, 2))) {
      int last = (octets.length - 1) / CHUNK;
      BlobId id = put(octets);
      damage(id, last);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      assertThatThrownBy(
              () -> {
                try (InputStream in = blobs().open(id, 0, Long.MAX_VALUE)) {
                  in.transferTo(out);
                }
              })
          .isInstanceOfSatisfying(BlobDamagedException.class, e -> assertThat(e.id()).isEqualTo(id))
          .hasMessageContaining(id.toString());
      assertThat(out.toByteArray()).isEqualTo(Arrays.copyOf(octets, out.size()));
      BlobId other = put(octets);
      assertThat(read(other, 0, Long.MAX_VALUE)).isEqualTo(octets);
    }
  }

  @Test
  void aFailingSourceLeavesNothingThatCannotBeSwept() {
    Instant later = Instant.parse("2200-01-01T00:00:00Z");
    for (int good : new int[] {0, 10, CHUNK, 3 * CHUNK + 10}) {
      List<BlobId> before = list(later);
      IOException failure = new IOException("the peer is gone");
      assertThatThrownBy(() -> blobs().put(failingAfter(good, failure))).isSameAs(failure);
      List<BlobId> left = list(later);
      left.removeAll(before);
      left.forEach(blobs()::delete);
      assertThat(list(later)).noneMatch(left::contains);
    }
  }

  private static InputStream failingAfter(int good, IOException failure) {
    return new FilterInputStream(new ByteArrayInputStream(text(good))) {
      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int octets = super.read(target, offset, Math.min(length, 999));
        if (octets < 0) {
          throw failure;
        }
        return octets;
      }
    };
  }

  @Test
  void blobsAreListedByAge() throws IOException {
    BlobId first = put(text(10));
    BlobId second = put(text(2 * CHUNK));
    Instant end = second.created().plusMillis(1);
    assertThat(list(end)).contains(first, second).doesNotHaveDuplicates();
    assertThat(list(second.created())).doesNotContain(second);
    assertThat(list(first.created())).doesNotContain(first);
    assertThat(list(Instant.EPOCH)).doesNotContain(first, second);
    List<BlobId> swept = new ArrayList<>();
    blobs()
        .list(
            end,
            id -> {
              if (id.equals(first) || id.equals(second)) {
                blobs().delete(id);
                swept.add(id);
              }
            });
    assertThat(swept).containsExactlyInAnyOrder(first, second);
    assertThat(list(end)).doesNotContain(first, second);
  }

  private List<BlobId> list(Instant before) {
    List<BlobId> ids = new ArrayList<>();
    blobs().list(before, ids::add);
    return ids;
  }

  @Test
  void manyPutsAtOnceDoNotMeet() throws Exception {
    List<Callable<BlobId>> puts = new ArrayList<>();
    for (int i = 0; i < effort().writers(); i++) {
      int seed = i;
      puts.add(() -> {
        byte[] octets = noise(1 + seed * 3_000, seed);
        BlobId id = blobs().put(inSmallSteps(octets, seed));
        assertThat(read(id, 0, Long.MAX_VALUE)).isEqualTo(octets);
        return id;
      });
    }
    List<BlobId> ids = Ledgers.atOnce(puts);
    assertThat(ids).doesNotHaveDuplicates();
    for (int i = 0; i < ids.size(); i++) {
      assertThat(read(ids.get(i), 0, Long.MAX_VALUE)).isEqualTo(noise(1 + i * 3_000, i));
    }
  }

  private static InputStream inSmallSteps(byte[] octets, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new FilterInputStream(new ByteArrayInputStream(octets)) {
      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        return super.read(target, offset, Math.min(length, 1 + random.nextInt(9_000)));
      }
    };
  }

  private BlobId put(byte[] octets) throws IOException {
    return blobs().put(new ByteArrayInputStream(octets));
  }

  private byte[] read(BlobId id, long offset, long length) throws IOException {
    try (InputStream in = blobs().open(id, offset, length)) {
      return in.readAllBytes();
    }
  }

  private static byte[] text(int length) {
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) (i % 72 == 71 ? '\n' : 'a' + (i / 5 + i / 72) % 26);
    }
    return text;
  }

  private static byte[] noise(int length, long seed) {
    byte[] noise = new byte[length];
    new SplittableRandom(seed).nextBytes(noise);
    return noise;
  }
}
