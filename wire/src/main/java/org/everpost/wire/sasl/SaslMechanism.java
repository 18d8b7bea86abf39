package org.everpost.wire.sasl;

import java.util.Arrays;
import java.util.Optional;

/** The mechanisms a server of ours knows, the ones to be preferred first. */
public enum SaslMechanism {
  /** SCRAM bound to the TLS connection it runs in (RFC 5802 §6, RFC 7677). */
  SCRAM_SHA_256_PLUS("SCRAM-SHA-256-PLUS", false),
  /** RFC 7677. */
  SCRAM_SHA_256("SCRAM-SHA-256", false),
  /** RFC 4616. */
  PLAIN("PLAIN", true),
  /** The obsolete one with two questions (draft-murchison-sasl-login), which Outlook uses. */
  LOGIN("LOGIN", true);

  private final String registeredName;
  private final boolean plaintext;

  SaslMechanism(String registeredName, boolean plaintext) {
    this.registeredName = registeredName;
    this.plaintext = plaintext;
  }

  /** As IANA has it. */
  public String registeredName() {
    return registeredName;
  }

  /** Whether the password itself goes over the wire. */
  public boolean isPlaintext() {
    return plaintext;
  }

  /** The mechanism of a name in any case (RFC 4422 §3.1 has upper case only; clients differ). */
  public static Optional<SaslMechanism> of(String name) {
    return Arrays.stream(values()).filter(m -> m.registeredName.equalsIgnoreCase(name)).findAny();
  }
}
