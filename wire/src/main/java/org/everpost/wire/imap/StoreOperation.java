package org.everpost.wire.imap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What STORE does to each message (RFC 9051 §6.4.6).
 *
 * @param flags spelled as in {@link Flag}, none twice, never {@code \Recent}
 * @param unchangedSince RFC 7162 §3.1.3; null if not given
 */
public record StoreOperation(
    Action action, boolean silent, List<String> flags, @Nullable Long unchangedSince) {

  public StoreOperation {
    flags = List.copyOf(flags);
  }

  /** How the flags are applied. */
  public enum Action {
    REPLACE,
    ADD,
    REMOVE
  }
}
