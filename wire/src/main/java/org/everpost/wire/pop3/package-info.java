/**
 * <b>Purpose:</b> POP3 commands as they stand on the wire, and messages in multi-line responses.
 *
 * <p><b>Standards:</b> RFC 1939, 2449 (CAPA), 2595 (STLS), 5034 (AUTH), 6856 (UTF8).
 *
 * <p><b>Map:</b> {@link org.everpost.wire.pop3.Pop3Parser} makes a {@link
 * org.everpost.wire.pop3.Pop3Command} of a line; {@link org.everpost.wire.pop3.MultiLineBody} is a
 * message on its way to the client.
 *
 * <p><b>Rules:</b> pure: octets in, records or octets out.
 *
 * <p><b>Threads:</b> records are immutable; a body is for one thread.
 *
 * <p><b>Failures:</b> none: what cannot be understood is a {@link
 * org.everpost.wire.pop3.Pop3Command.Malformed} command.
 */
@NullMarked
package org.everpost.wire.pop3;

import org.jspecify.annotations.NullMarked;
