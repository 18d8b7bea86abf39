/**
 * <b>Purpose:</b> works through the queue of messages that leave.
 *
 * <p><b>Standards:</b> RFC 3461, 3464, 5321 §4.5.4 and §6.1, 6376.
 *
 * <p><b>Map:</b> {@link org.everpost.server.outbound.Outbound} takes messages in and starts a
 * {@code Carrier} for each connection; {@code Clearance} says what it may still do, {@code Plan}
 * says what is next, {@code Book} writes down what came of it, {@code Settlement} decides what that
 * means, {@code Teller} tells the sender. {@link org.everpost.server.outbound.Queue} is what an
 * operator sees and does.
 *
 * <p><b>Rules:</b> what a peer took is written down before anything else is done. Nothing is tried
 * while this node may have lost its lease. A sender is told once, when all recipients have been
 * tried. A job that is under way belongs to one thread, which puts it back whatever happens.
 *
 * <p><b>Threads:</b> one virtual thread a connection; one hands out work, one renews the lease, one
 * tends the spool; a few look at what is late or over.
 *
 * <p><b>Failures:</b> {@link org.everpost.store.StoreUnavailableException} from {@code accept}
 * only.
 */
@NullMarked
package org.everpost.server.outbound;

import org.jspecify.annotations.NullMarked;
