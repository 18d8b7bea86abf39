package org.everpost.wire.sasl;

import java.util.Objects;

/** What the server does after a message of the client: it asks on, or the exchange is over. */
public sealed interface SaslStep {

  /** The client shall answer this. */
  @SuppressWarnings("ArrayRecordComponent") // sent, never compared
  record Challenge(byte[] octets) implements SaslStep {
    public Challenge {
      Objects.requireNonNull(octets, "octets");
    }
  }

  /**
   * Over: the password is to be checked by somebody who can.
   *
   * @param authorizationIdentity who the client wants to act as; empty: as whom it logs in
   */
  record Password(String authorizationIdentity, String login, String password) implements SaslStep {

    /** Without the password. */
    @Override
    public String toString() {
      return "Password[" + login + "]";
    }
  }

  /**
   * Over: the client has proven that it knows the password.
   *
   * @param authorizationIdentity who the client wants to act as; empty: as whom it logs in
   */
  record Proven(String authorizationIdentity, String login) implements SaslStep {}

  /** Over, and failed. The reason is for the log. */
  record Failed(String reason) implements SaslStep {}
}
