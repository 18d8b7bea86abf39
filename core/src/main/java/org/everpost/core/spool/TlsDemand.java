package org.everpost.core.spool;

/** What the sender of a message says of TLS on its way (RFC 8689), the least first. */
public enum TlsDemand {
  /** It matters more that it arrives: what destinations demand does not count (§4.2.2). */
  WAIVED,
  /** Nothing: what is configured here and what destinations publish counts. */
  USUAL,
  /** Every server on the way has to have it (§4.2.1). */
  REQUIRED
}
