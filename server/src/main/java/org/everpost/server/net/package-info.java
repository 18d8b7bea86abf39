/**
 * <b>Purpose:</b> the frame every protocol session runs in: listening, admission, one connection's
 * reading, writing, TLS and compression, and the orderly end of all of it.
 *
 * <p><b>Standards:</b> RFC 3207 and RFC 2595 (STARTTLS), RFC 8446, RFC 9266 and RFC 5929 (channel
 * bindings), RFC 4978 (DEFLATE).
 *
 * <p><b>Map:</b> {@link org.everpost.server.net.Listeners} accepts and gives each {@link
 * org.everpost.server.net.Connection} to a {@link org.everpost.server.net.Session}, that of a
 * stranger on port 25 when it has waited in the WaitingRoom; a connection reads through
 * InputBuffer, writes through OutputBuffer, both over a stack of Transports (socket, TLS, DEFLATE).
 * {@link org.everpost.server.net.TlsContext} holds the certificate.
 *
 * <p><b>Rules:</b> the guard decides right after accept, before anything costs, and its visit is
 * closed in one place. Every wait ends: long reads and all writes by the watchdog, short reads by
 * the socket. A connection that waits holds no buffer.
 *
 * <p><b>Threads:</b> one virtual thread a session, and one for all who wait in the WaitingRoom. One
 * thread reads and one writes (mostly the same); {@code close} may be called from anywhere.
 *
 * <p><b>Failures:</b> {@link org.everpost.server.net.ConnectionException} and its kinds.
 */
@NullMarked
package org.everpost.server.net;

import org.jspecify.annotations.NullMarked;
