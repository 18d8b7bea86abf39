/**
 * <b>Purpose:</b> the storage contract that every engine keeps, and the in-memory engine.
 *
 * <p><b>Map:</b> start at {@link org.everpost.store.Ledger} (versioned partitions), then {@link
 * org.everpost.store.Blobs} (immutable bytes) and {@link org.everpost.store.Hints} (soft state);
 * {@link org.everpost.store.Store} is the three of one engine together. {@code store.memory} is the
 * engine for tests, {@code store.chunk} the stored form of blobs that engines share.
 *
 * <p><b>Rules:</b> an engine knows bytes, never mail. What a verb promises stands in its Javadoc
 * and is proven by the contract suite in {@code testkit}, which every engine passes.
 *
 * <p><b>Threads:</b> every verb blocks, may be called from any number of virtual threads, and is
 * not disturbed by the interruption of another caller.
 *
 * <p><b>Failures:</b> {@link org.everpost.store.StoreException} and its subclasses;
 * IllegalArgumentException if a limit is exceeded. After close every verb throws
 * StoreUnavailableException.
 */
@NullMarked
package org.everpost.store;

import org.jspecify.annotations.NullMarked;
