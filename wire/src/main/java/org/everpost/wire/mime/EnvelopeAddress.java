package org.everpost.wire.mime;

import org.jspecify.annotations.Nullable;

/**
 * One address of an ENVELOPE (RFC 9051 §7.5.2). A null {@code host} marks group syntax: with a
 * mailbox the start of the group of that name, without one its end.
 */
public record EnvelopeAddress(
    @Nullable String name, @Nullable String mailbox, @Nullable String host) {}
