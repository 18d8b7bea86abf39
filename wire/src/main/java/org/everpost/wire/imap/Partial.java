package org.everpost.wire.imap;

/** {@code <offset.length>} of a FETCH item; the length is at least 1 (RFC 9051 §6.4.5). */
public record Partial(long offset, long length) {}
