package org.everpost.store;

import org.jspecify.annotations.Nullable;

/** The engine cannot do it now: no quorum, a full disk, closing. Trying again later may succeed. */
public final class StoreUnavailableException extends StoreException {

  public StoreUnavailableException(String message) {
    super(message, null);
  }

  public StoreUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
