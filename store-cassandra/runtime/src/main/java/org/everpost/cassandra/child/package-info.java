/**
 * <b>Purpose:</b> the main class of a Cassandra process that Everpost supervises.
 *
 * <p><b>Map:</b> {@link org.everpost.cassandra.child.CassandraChild} is all there is.
 *
 * <p><b>Rules:</b> runs on JDK 17 beside Cassandra's own libraries; nothing of Everpost is here.
 *
 * <p><b>Threads:</b> one daemon thread that waits for the end of standard input.
 *
 * <p><b>Failures:</b> those of Cassandra, which ends the process.
 */
@NullMarked
package org.everpost.cassandra.child;

import org.jspecify.annotations.NullMarked;
