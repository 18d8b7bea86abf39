/**
 * <b>Purpose:</b> the octets FETCH asks for: read, and decoded where they shall be.
 *
 * <p><b>Standards:</b> RFC 9051 §6.4.5, RFC 3516 (BINARY).
 *
 * <p><b>Map:</b> {@link org.everpost.server.imap.fetch.Content} is one message's; where a section
 * lies in it {@link org.everpost.wire.imap.BodySection} says.
 *
 * <p><b>Rules:</b> what may be large is a stream; its length is known before its first octet.
 *
 * <p><b>Threads:</b> a content belongs to one thread.
 *
 * <p><b>Failures:</b> {@link org.everpost.store.BlobDamagedException} and its kin.
 */
@NullMarked
package org.everpost.server.imap.fetch;

import org.jspecify.annotations.NullMarked;
