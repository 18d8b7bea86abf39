/**
 * <b>Purpose:</b> the storage contract in memory: the engine of unit tests and simulations, and the
 * model the other engines are compared with. Simple before fast.
 *
 * <p><b>Map:</b> {@link org.everpost.store.memory.MemoryStore}; {@code MemoryLedger}, {@code
 * MemoryBlobs} and {@code MemoryHints} are its parts.
 *
 * <p><b>Rules:</b> nothing is shared with the caller: arrays are copied on the way in and out. Time
 * and randomness come from outside, so that a run repeats.
 *
 * <p><b>Threads:</b> safe for any number; one lock for each partition, held for moments.
 *
 * <p><b>Failures:</b> those of the contract; {@code StoreUnavailableException} only after close.
 */
@NullMarked
package org.everpost.store.memory;

import org.jspecify.annotations.NullMarked;
