package org.everpost.wire.spf;

import java.util.Objects;

/** Whom a mechanism matches, and what follows (RFC 7208 §4.6.1). */
public record Directive(Qualifier qualifier, Mechanism mechanism) {
  public Directive {
    Objects.requireNonNull(qualifier, "qualifier");
    Objects.requireNonNull(mechanism, "mechanism");
  }

  /** As it is written, without the {@code +} that may be left out. */
  @Override
  public String toString() {
    return (qualifier == Qualifier.PASS ? "" : qualifier.sign()) + mechanism;
  }
}
