package org.everpost.server.imap;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.everpost.store.BlobDamagedException;
import org.everpost.store.BlobId;
import org.everpost.store.BlobMissingException;
import org.everpost.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Blobs that were found damaged. Damage far inside a large message shows only when its first octets
 * have left, and cuts the connection; known here, it is a message left out the next time.
 */
final class DamagedBlobs {
  private static final int MAX = 1_000;

  private final Set<BlobId> blobs =
      Collections.synchronizedSet(
          Collections.newSetFromMap(
              new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<BlobId, Boolean> eldest) {
                  return size() > MAX;
                }
              }));

  boolean contains(BlobId blob) {
    return blobs.contains(blob);
  }

  void add(BlobId blob) {
    blobs.add(blob);
  }

  /** The blob that cannot be read, if that is what happened. */
  static @Nullable BlobId blobOf(StoreException exception) {
    return switch (exception) {
      case BlobDamagedException e -> e.id();
      case BlobMissingException e -> e.id();
      default -> null;
    };
  }
}
