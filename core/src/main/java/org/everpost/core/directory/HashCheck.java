package org.everpost.core.directory;

import java.util.Optional;

/** Knows which password hashes can be verified. {@code core.password} has one. */
@FunctionalInterface
public interface HashCheck {

  /** Why a hash cannot be used, for an operator, without the hash itself; empty if it can. */
  Optional<String> problem(String hash);
}
