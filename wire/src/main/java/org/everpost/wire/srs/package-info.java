/**
 * <b>Purpose:</b> reverse-paths of forwarded messages that come back to us and pass SPF (Sender
 * Rewriting Scheme).
 *
 * <p><b>Standards:</b> none; the scheme of Meng Weng Wong and Shevek (2003), as everybody has it.
 * RFC 7208 §10 is why it is needed.
 *
 * <p><b>Map:</b> {@link org.everpost.wire.srs.SrsRewriter}.
 *
 * <p><b>Rules:</b> nobody but us can make an address that is rewritten back, or we would send the
 * bounces of spammers; case does not matter, as servers change it.
 *
 * <p><b>Threads:</b> any number.
 *
 * <p><b>Failures:</b> none.
 */
@NullMarked
package org.everpost.wire.srs;

import org.jspecify.annotations.NullMarked;
