package org.everpost.server.net;

import org.everpost.core.time.Clock;
import org.jspecify.annotations.Nullable;

/** What all connections of a server share. */
record ConnectionFrame(
    ConnectionSettings settings,
    @Nullable TlsContext tls,
    BufferPool buffers,
    BufferPool packets,
    Clock clock) {}
