package org.everpost.store;

import org.jspecify.annotations.Nullable;

/** Whatever an engine throws. The message is for the log: no part of it reaches a peer. */
public abstract sealed class StoreException extends RuntimeException
    permits StoreUnavailableException, BlobDamagedException, BlobMissingException {

  StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
