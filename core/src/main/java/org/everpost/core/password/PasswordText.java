package org.everpost.core.password;

import com.ongres.saslprep.SASLprep;
import java.util.Optional;

/**
 * Names and passwords as SASLprep makes them (RFC 4013), so that what looks the same is the same.
 * Code points that were unassigned in Unicode 3.2 are let through: people do use emoji.
 */
final class PasswordText {

  private PasswordText() {}

  /** A password prepared; as it is where SASLprep refuses it or leaves nothing of it. */
  static String prepare(String password) {
    return name(password).filter(prepared -> !prepared.isEmpty()).orElse(password);
  }

  /** A name prepared, or nothing if SASLprep refuses it: then nobody has it. */
  static Optional<String> name(String name) {
    if (name.chars().allMatch(c -> c >= 32 && c < 127)) {
      return Optional.of(name);
    }
    try {
      return Optional.of(new SASLprep().prepareQuery(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
