/**
 * <b>Purpose:</b> one Cassandra node as a child process of Everpost, started, watched and stopped.
 *
 * <p><b>Map:</b> start at {@link org.everpost.store.cassandra.managed.ManagedCassandra} (the
 * supervisor); {@code Java17} finds the runtime, {@code NodeFiles} writes the configuration, {@code
 * NodeProcess} is one life of the child, {@code UnbegunSegments} clears what a full disk left,
 * {@code PidFile} ends what a dead parent left behind, {@code CqlProbe} asks whether the node
 * serves.
 *
 * <p><b>Rules:</b> the node listens on loopback only. The child ends with its parent: it watches
 * its standard input. Everything it needs lies below the data directory and is written anew at each
 * start.
 *
 * <p><b>Threads:</b> one virtual thread per supervised node.
 *
 * <p><b>Failures:</b> {@link org.everpost.store.StoreUnavailableException} out of the start; later
 * deaths are events and the supervisor's own affair.
 */
@NullMarked
package org.everpost.store.cassandra.managed;

import org.jspecify.annotations.NullMarked;
