/**
 * <b>Purpose:</b> the one way to change a partition: look, decide, commit, and again if somebody
 * was faster.
 *
 * <p><b>Map:</b> {@link org.everpost.core.commit.OptimisticCommit}; {@link
 * org.everpost.core.commit.CommitQueue} makes one commit of what many threads want.
 *
 * <p><b>Rules:</b> no other retry loop around storage. A decision is made again from fresh rows and
 * has no other effect than its result.
 *
 * <p><b>Threads:</b> safe for any number of threads.
 *
 * <p><b>Failures:</b> {@link org.everpost.store.StoreUnavailableException}, also when others were
 * faster too many times.
 */
@NullMarked
package org.everpost.core.commit;

import org.jspecify.annotations.NullMarked;
