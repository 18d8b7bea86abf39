/**
 * <b>Purpose:</b> the storage contract as tests that every engine passes.
 *
 * <p><b>Map:</b> {@link org.everpost.testkit.store.LedgerContract}, {@link
 * org.everpost.testkit.store.LedgerConcurrencyContract}, {@link
 * org.everpost.testkit.store.LedgerModelContract}, {@link
 * org.everpost.testkit.store.BlobsContract}, {@link org.everpost.testkit.store.HintsContract},
 * {@link org.everpost.testkit.store.LifecycleContract}: an engine extends each with a small class
 * that hands over its store. {@link org.everpost.testkit.store.Effort} scales them to the engine's
 * speed.
 *
 * <p><b>Rules:</b> a test uses partitions and names of its own, so a store may be shared by all
 * tests and by runs. Only what the Javadoc of the contract promises is asserted.
 *
 * <p><b>Threads:</b> tests start virtual threads and wait for every one of them.
 *
 * <p><b>Failures:</b> assertion errors; one that depends on chance names its seed.
 */
@NullMarked
package org.everpost.testkit.store;

import org.jspecify.annotations.NullMarked;
