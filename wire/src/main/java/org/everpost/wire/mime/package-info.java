/**
 * <b>Purpose:</b> the structure of a message, found in one pass over hostile bytes.
 *
 * <p><b>Standards:</b> RFC 5322, 2045, 2046, 2047, 2183, 2231, 3282, 6532; RFC 9051 §7.5.2
 * (envelope).
 *
 * <p><b>Map:</b> {@link org.everpost.wire.mime.MimeScanner} makes lines of octets, {@code PartTree}
 * parts of lines; {@code HeaderCollector} keeps the fields that matter, one class a field reads
 * them. {@link org.everpost.wire.mime.MimePart} is what is found, {@link
 * org.everpost.wire.mime.Envelope} what a message says of itself. Beside it, for SEARCH, BINARY and
 * checks: {@link org.everpost.wire.mime.HeaderFields}, {@link org.everpost.wire.mime.AddressList},
 * {@link org.everpost.wire.mime.EncodedWord}, {@link org.everpost.wire.mime.ContentDecoder}. All
 * limits: {@code MimeLimits}.
 *
 * <p><b>Rules:</b> no input is refused and none costs more than linear time and bounded memory.
 * Strings hold header text: UTF-8 where the octets are UTF-8, else ISO 8859-1; RFC 2047 words stay
 * encoded. A multipart has at least one part: one that cannot be divided is {@code text/plain}, one
 * beyond the limits {@code application/octet-stream}.
 *
 * <p><b>Threads:</b> records are immutable; a scanner belongs to one thread.
 *
 * <p><b>Failures:</b> none, but those of a stream that is read.
 */
@NullMarked
package org.everpost.wire.mime;

import org.jspecify.annotations.NullMarked;
