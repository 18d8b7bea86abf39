/**
 * <b>Purpose:</b> the server's side of SASL: from the octets of a dialogue to a name and a proof.
 *
 * <p><b>Standards:</b> RFC 4422 (SASL), RFC 4616 (PLAIN), RFC 5802 and 7677 (SCRAM-SHA-256), RFC
 * 9266 and 5929 (channel bindings).
 *
 * <p><b>Map:</b> {@link org.everpost.wire.sasl.SaslServer} is one exchange; {@link
 * org.everpost.wire.sasl.SaslMechanism} lists those we know.
 *
 * <p><b>Rules:</b> octets in, octets out: Base64 and {@code *} belong to the protocol around it. An
 * exchange that failed stays failed.
 *
 * <p><b>Threads:</b> an exchange belongs to one thread.
 *
 * <p><b>Failures:</b> none: a bad message is a {@link org.everpost.wire.sasl.SaslStep.Failed}.
 */
@NullMarked
package org.everpost.wire.sasl;

import org.jspecify.annotations.NullMarked;
