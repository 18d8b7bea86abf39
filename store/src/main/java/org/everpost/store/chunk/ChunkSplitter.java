package org.everpost.store.chunk;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.everpost.store.BlobId;

/**
 * Cuts a stream into the chunks of a blob and hands over their stored form, one after the other.
 */
public final class ChunkSplitter {

  /** Most messages are smaller than a chunk: the buffer starts small and grows once. */
  private static final int FIRST_BUFFER_OCTETS = 1 << 14;

  /** One octet more than a chunk, to know whether another chunk follows. */
  private static final int BUFFER_OCTETS = ChunkCodec.CHUNK_OCTETS + 1;

  private final ChunkCodec codec;
  private final InputStream source;
  private byte[] buffer = new byte[FIRST_BUFFER_OCTETS];
  private int filled;

  /** Takes the stored form of one chunk. */
  @FunctionalInterface
  public interface Sink {
    void accept(int index, boolean last, byte[] stored);
  }

  private ChunkSplitter(ChunkCodec codec, InputStream source) {
    this.codec = codec;
    this.source = source;
  }

  /**
   * Reads {@code source} to its end. Every blob has at least one chunk, even the empty one.
   *
   * @throws IOException what {@code source} threw; the chunks before have been handed over
   */
  public static void split(ChunkCodec codec, BlobId id, InputStream source, Sink sink)
      throws IOException {
    new ChunkSplitter(codec, source).split(id, sink);
  }

  private void split(BlobId id, Sink sink) throws IOException {
    int index = 0;
    while (!fill()) {
      sink.accept(index, false, codec.encode(id, index, false, buffer, ChunkCodec.CHUNK_OCTETS));
      buffer[0] = buffer[ChunkCodec.CHUNK_OCTETS];
      filled = 1;
      index = Math.incrementExact(index);
    }
    sink.accept(index, true, codec.encode(id, index, true, buffer, filled));
  }

  /** Fills the buffer; whether the source ended before it was full. */
  private boolean fill() throws IOException {
    while (filled < BUFFER_OCTETS) {
      if (filled == buffer.length) {
        buffer = Arrays.copyOf(buffer, BUFFER_OCTETS);
      }
      int octets = source.read(buffer, filled, buffer.length - filled);
      if (octets < 0) {
        return true;
      }
      filled += octets;
    }
    return false;
  }
}
