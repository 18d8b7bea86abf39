package org.everpost.wire.imap;

import org.jspecify.annotations.Nullable;

/**
 * The modifiers of FETCH (RFC 7162 §3.1.4 and §3.2.6).
 *
 * @param changedSince null if not given
 * @param vanished only together with {@code changedSince}
 */
public record FetchModifiers(@Nullable Long changedSince, boolean vanished) {
  public static final FetchModifiers NONE = new FetchModifiers(null, false);
}
