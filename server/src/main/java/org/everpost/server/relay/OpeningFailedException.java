package org.everpost.server.relay;

import org.everpost.core.spool.Reason;

/** A server cannot be used. */
final class OpeningFailedException extends Exception {

  private static final long serialVersionUID = 1;

  /** What it means for the others. */
  enum Kind {
    /** Another server may do it, later this one, too. */
    TEMPORARY,
    /** Another server may do it: this one offers less than the message demands. */
    PERMANENT,
    /** Another server may do it: this one wants nothing from us, whatever it is. */
    UNWELCOME,
    /** The TLS handshake failed, which nothing forbids to do without. */
    HANDSHAKE,
    /** It is ourselves: whatever is less preferred leads back to us as well (RFC 5321 §5.1). */
    LOOP
  }

  private final Kind kind;
  private final transient Reason reason;

  OpeningFailedException(Kind kind, Reason reason) {
    super(reason.text(), null, false, false);
    this.kind = kind;
    this.reason = reason;
  }

  Kind kind() {
    return kind;
  }

  Reason reason() {
    return reason;
  }
}
