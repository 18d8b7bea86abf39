package org.everpost.core.password;

import java.util.Objects;

/** What a protocol does next in an exchange of SASL messages. */
public sealed interface LoginStep {

  /** Send this and hand the answer to {@link SaslExchange#answer}. */
  record Challenge(String base64) implements LoginStep {
    public Challenge {
      Objects.requireNonNull(base64, "base64");
    }
  }

  /** It is decided. */
  record Finished(AuthResult result) implements LoginStep {
    public Finished {
      Objects.requireNonNull(result, "result");
    }
  }

  /** The client gave up with a {@code *}: a syntax error to most protocols, and nobody's fault. */
  record Cancelled() implements LoginStep {}

  /** The client's line is not Base64 or too long: a syntax error. */
  record Malformed() implements LoginStep {}
}
