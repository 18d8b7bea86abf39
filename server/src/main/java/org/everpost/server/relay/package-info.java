/**
 * <b>Purpose:</b> takes messages to the servers of other domains.
 *
 * <p><b>Standards:</b> RFC 5321 §4 and §5.
 *
 * <p><b>Map:</b> {@link org.everpost.server.relay.Relay} finds a destination's servers and opens a
 * {@link org.everpost.server.relay.RelayConnection}, which hands over an {@link
 * org.everpost.server.relay.OutgoingMessage}.
 *
 * <p><b>Rules:</b> everything a peer does takes bounded time and memory.
 *
 * <p><b>Threads:</b> one virtual thread an attempt.
 *
 * <p><b>Failures:</b> none: what peers and networks do is in {@link
 * org.everpost.server.relay.RecipientResult}.
 */
@NullMarked
package org.everpost.server.relay;

import org.jspecify.annotations.NullMarked;
