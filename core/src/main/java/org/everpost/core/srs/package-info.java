/**
 * <b>Purpose:</b> addresses of ours that stand for senders elsewhere, whose mail an address of ours
 * forwards.
 *
 * <p><b>Standards:</b> none; see {@link org.everpost.wire.srs}. RFC 7208 §10 is why.
 *
 * <p><b>Map:</b> {@link org.everpost.core.srs.ReturnAddresses}; {@code SrsKeys} has the secrets
 * they are made with, {@code SrsKeysRow} how these are stored.
 *
 * <p><b>Rules:</b> secrets are the same on all nodes, change every month, and are known everywhere
 * before anything is made with them. What was made is accepted for three weeks, whatever happens to
 * its secret.
 *
 * <p><b>Threads:</b> safe for any number of threads.
 *
 * <p><b>Failures:</b> {@link org.everpost.store.StoreUnavailableException}.
 */
@NullMarked
package org.everpost.core.srs;

import org.jspecify.annotations.NullMarked;
