package org.everpost.core.directory;

import java.util.Objects;
import org.everpost.wire.sasl.ScramCredentials;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a password.
 *
 * @param hash in one of the forms {@code core.password} knows; at most 512 characters
 * @param scram null while only the hash is known: it cannot be made of another hash
 */
public record StoredPassword(String hash, @Nullable ScramCredentials scram) {

  /** The longest hash, in characters. */
  public static final int MAX_HASH_CHARACTERS = 512;

  public StoredPassword {
    Objects.requireNonNull(hash, "hash");
    if (hash.isEmpty() || hash.length() > MAX_HASH_CHARACTERS) {
      throw new IllegalArgumentException("a password hash has 1 to 512 characters");
    }
  }

  /** Without what could be attacked. */
  @Override
  public String toString() {
    return "StoredPassword[…]";
  }
}
