package org.everpost.wire.sasl;

/** The server's side of one exchange of one mechanism. */
public sealed interface SaslServer permits PlainServer, LoginServer, ScramServer {

  /** The largest message of a client, in octets. */
  int MAX_MESSAGE_OCTETS = 8_192;

  /** Begins without an initial response of the client. */
  SaslStep begin();

  /** Takes a message of the client; the first one may be its initial response (RFC 4422 §3.3). */
  SaslStep step(byte[] message);
}
