/**
 * <b>Purpose:</b> makes a message fit for a server that takes less than it needs: without 8BITMIME,
 * or without BINARYMIME.
 *
 * <p><b>Standards:</b> RFC 6152 §3, RFC 3030 §3; RFC 2045 §6 (encodings), RFC 2047 and 2231 (header
 * fields), RFC 1847 (signed parts).
 *
 * <p><b>Map:</b> {@link org.everpost.wire.mime.convert.BodyConversion} says whether and how; its
 * {@code Layout} divides the message into regions; {@link
 * org.everpost.wire.mime.convert.BodyConverter} copies them, bodies encoded where they must be.
 *
 * <p><b>Rules:</b> a converted body decodes to the same octets; what is signed is not touched; what
 * cannot be converted for certain is not converted. Linear time; of the message no more than one
 * header is in memory.
 *
 * <p><b>Threads:</b> a conversion belongs to one thread.
 *
 * <p><b>Failures:</b> none, but those of the streams.
 */
@NullMarked
package org.everpost.wire.mime.convert;

import org.jspecify.annotations.NullMarked;
