/**
 * <b>Purpose:</b> which nodes there are, whether they live, and what each owns.
 *
 * <p><b>Map:</b> {@link org.everpost.core.cluster.NodeLease}; {@link
 * org.everpost.core.cluster.Nodes} are those there were lately; {@code NodeRow} is the row of a
 * node in the one partition {@code cluster/nodes}.
 *
 * <p><b>Rules:</b> what a node owns changes hands by one commit. An owner acts only while its lease
 * is valid, and is fenced by the versions of its partitions if it does so later.
 *
 * <p><b>Threads:</b> safe for any number of threads.
 *
 * <p><b>Failures:</b> {@link org.everpost.store.StoreUnavailableException}.
 */
@NullMarked
package org.everpost.core.cluster;

import org.jspecify.annotations.NullMarked;
