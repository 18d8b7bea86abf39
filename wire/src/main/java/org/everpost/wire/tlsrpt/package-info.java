/**
 * <b>Purpose:</b> reports to other domains about TLS on the way to them.
 *
 * <p><b>Standards:</b> RFC 8460.
 *
 * <p><b>Map:</b> {@link org.everpost.wire.tlsrpt.TlsRptRecord} says where reports go; {@link
 * org.everpost.wire.tlsrpt.TlsReport} is one, and its JSON; {@link
 * org.everpost.wire.tlsrpt.TlsReportMessage} is the message that brings it.
 *
 * <p><b>Rules:</b> names and replies in a report come from strangers and are escaped; numbers of
 * addresses are bounded.
 *
 * <p><b>Threads:</b> records are immutable.
 *
 * <p><b>Failures:</b> none.
 */
@NullMarked
package org.everpost.wire.tlsrpt;

import org.jspecify.annotations.NullMarked;
