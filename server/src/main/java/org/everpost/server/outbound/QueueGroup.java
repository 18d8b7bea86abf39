package org.everpost.server.outbound;

import java.time.Instant;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.Scheduler.Destination;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait for one destination for the same reason.
 *
 * @param status that reason as a code (RFC 3463); empty: nothing is known, or they are held
 * @param held why they are held; null: they are not
 * @param oldest when the oldest was accepted
 * @param next when the first is tried again
 * @param last what was said of one of them; null: nothing is known
 * @param state what the plan knows of the destination; null: nothing
 */
public record QueueGroup(
    String destination,
    String status,
    @Nullable String held,
    int messages,
    Instant oldest,
    Instant next,
    @Nullable Reason last,
    @Nullable Destination state) {}
