/**
 * <b>Purpose:</b> the structure of a message, found in one pass over hostile bytes.
 *
 * <p><b>Standards:</b> RFC 5322, 2045, 2046, 2047, 2183, 2231, 3282, 6532.
 *
 * <p><b>Map:</b> {@link org.everpost.wire.mime.MimePart} is what is found, with offsets into the
 * message; {@link org.everpost.wire.mime.Envelope} is what its header says.
 *
 * <p><b>Rules:</b> no input is refused and none costs more than linear time and bounded memory.
 * Strings hold header text: UTF-8 where the octets are UTF-8, else ISO 8859-1; RFC 2047 words stay
 * encoded.
 *
 * <p><b>Threads:</b> records are immutable.
 *
 * <p><b>Failures:</b> none.
 */
@NullMarked
package org.everpost.wire.mime;

import org.jspecify.annotations.NullMarked;
