/**
 * <b>Purpose:</b> what a domain says by MTA-STS about the TLS of its servers.
 *
 * <p><b>Standards:</b> RFC 8461.
 *
 * <p><b>Map:</b> {@link org.everpost.wire.mtasts.MtaStsRecord} says that there is a policy, {@link
 * org.everpost.wire.mtasts.MtaStsPolicy} is the policy.
 *
 * <p><b>Rules:</b> what is not exactly a policy is none; everything is bounded.
 *
 * <p><b>Threads:</b> records are immutable.
 *
 * <p><b>Failures:</b> {@link org.everpost.wire.mtasts.MtaStsSyntaxException}.
 */
@NullMarked
package org.everpost.wire.mtasts;

import org.jspecify.annotations.NullMarked;
