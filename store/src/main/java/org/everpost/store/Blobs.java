package org.everpost.store;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Immutable bytes under an id the engine chooses. Stored in chunks, each compressed and with a
 * checksum; every read verifies it.
 *
 * <p>All verbs block and are safe for any number of threads. Memory: a few chunks for each call
 * under way, never the whole blob.
 */
public interface Blobs {

  /**
   * Stores everything up to the end of {@code source}. The blob survives a crash (and is on a
   * quorum where the engine has several machines) once any {@link Ledger#commit} that began after
   * this returned has been acknowledged; a blob no commit refers to is nobody's mail. If {@code
   * source} fails nothing stays behind that {@link #list} would not show and a sweep not remove.
   *
   * @throws IOException what {@code source} threw
   * @throws StoreUnavailableException if the blob cannot be stored now
   */
  BlobId put(InputStream source) throws IOException;

  /**
   * Reads {@code length} octets from {@code offset} on; fewer, or none, if the blob ends before.
   * The first chunk is read before this returns, the others as the stream is.
   *
   * <p>The stream belongs to one thread and holds nothing that must be closed.
   *
   * @throws BlobMissingException if there is no such blob
   * @throws BlobDamagedException (also out of the stream's reads) if stored bytes fail their
   *     checksum: never are wrong bytes returned
   */
  InputStream open(BlobId id, long offset, long length);

  /**
   * Deletes a blob if it is there. Streams open on it may fail with {@link BlobMissingException}.
   */
  void delete(BlobId id);

  /** Calls {@code visitor} with every blob made before {@code before}, in no particular order. */
  void list(Instant before, Consumer<BlobId> visitor);
}
