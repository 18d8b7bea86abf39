package org.everpost.server.admin;

import java.util.Objects;
import org.everpost.server.data.Foundation;
import org.jspecify.annotations.Nullable;

/**
 * Where a command does its work.
 *
 * @param server the server that runs; null if none does
 */
record Premises(Foundation foundation, @Nullable ServerStatus server) {
  Premises {
    Objects.requireNonNull(foundation, "foundation");
  }
}
