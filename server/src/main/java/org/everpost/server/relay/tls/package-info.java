/**
 * <b>Purpose:</b> what TLS with a peer has to prove, and whether it did.
 *
 * <p><b>Standards:</b> RFC 7435 (opportunistic), 6698, 7671 and 7672 (DANE), 8460 (TLS-RPT), 6125
 * (names).
 *
 * <p><b>Map:</b> {@link org.everpost.server.relay.tls.TlsPolicy} says what is demanded; {@link
 * org.everpost.server.relay.tls.PeerTrust} checks it during one handshake, with {@link
 * org.everpost.server.relay.tls.Authorities} or by TLSA records; {@link
 * org.everpost.server.relay.tls.TlsReports} hears how it went.
 *
 * <p><b>Rules:</b> no session is resumed: a certificate is looked at in every handshake.
 *
 * <p><b>Threads:</b> a trust belongs to one connection; everything else is safe for any number.
 *
 * <p><b>Failures:</b> none: a {@link org.everpost.server.relay.tls.CertificateProblem} is a value.
 */
@NullMarked
package org.everpost.server.relay.tls;

import org.jspecify.annotations.NullMarked;
