/**
 * <b>Purpose:</b> the responses of IMAP: from values to the bytes a client reads.
 *
 * <p><b>Standards:</b> RFC 9051 §7, RFC 3501 §7, RFC 5530 (response codes), RFC 2047 (header text
 * for clients without UTF-8) and those of {@link org.everpost.wire.imap}.
 *
 * <p><b>Map:</b> {@link org.everpost.wire.imap.response.ResponseBuffer} knows the tokens; the
 * renderers put them together.
 *
 * <p><b>Rules:</b> bytes go straight into one growing array; nothing a value holds can end a string
 * or a line early.
 *
 * <p><b>Threads:</b> a buffer belongs to one thread; renderers have no state.
 *
 * <p><b>Failures:</b> none.
 */
@NullMarked
package org.everpost.wire.imap.response;

import org.jspecify.annotations.NullMarked;
