/**
 * <b>Purpose:</b> keeps the messages that have to leave, and says which is to be tried when.
 *
 * <p><b>Standards:</b> RFC 3461, 5321 §4.5.4.
 *
 * <p><b>Map:</b> {@link org.everpost.core.spool.Spool} has the partitions of this node, {@link
 * org.everpost.core.spool.SpoolPartition} the messages of one; {@link
 * org.everpost.core.spool.Scheduler} is the plan. {@code MessageRow} and {@code OwnerRow} are what
 * is stored. {@link org.everpost.core.spool.HoldOrders} are what nodes tell each other.
 *
 * <p><b>Rules:</b> a message is in the queue until its last recipient has it or never will, and the
 * sender knows. It never moves to another partition. Whoever takes a partition over commits to it
 * first; the former owner can change nothing afterwards.
 *
 * <p><b>Threads:</b> the spool and its partitions are safe for any number of threads; the scheduler
 * is not, and never waits.
 *
 * <p><b>Failures:</b> {@link org.everpost.store.StoreUnavailableException}.
 */
@NullMarked
package org.everpost.core.spool;

import org.jspecify.annotations.NullMarked;
