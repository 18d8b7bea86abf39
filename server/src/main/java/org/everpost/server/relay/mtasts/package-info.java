/**
 * <b>Purpose:</b> knows what domains demand of those who send mail to them, by MTA-STS.
 *
 * <p><b>Standards:</b> RFC 8461 §3 to §5.
 *
 * <p><b>Map:</b> {@link org.everpost.server.relay.mtasts.StsPolicies} remembers policies, in memory
 * and in the store's hints, and has them fetched by a {@link
 * org.everpost.server.relay.mtasts.PolicyFetcher}; {@link
 * org.everpost.server.relay.mtasts.HttpsPolicyFetcher} is the one that does. {@link
 * org.everpost.server.relay.mtasts.PublishedPolicy} looks at our own.
 *
 * <p><b>Rules:</b> a policy that was seen counts until its time is over, whatever DNS and web
 * servers say or do not say meanwhile; but the store takes none of more than 4 KiB, which a restart
 * forgets.
 *
 * <p><b>Threads:</b> safe for any number; of those who want the same policy one fetches it. A
 * policy that is used late in its time is fetched again by a virtual thread of its own.
 *
 * <p><b>Failures:</b> none: without a policy there is none.
 */
@NullMarked
package org.everpost.server.relay.mtasts;

import org.jspecify.annotations.NullMarked;
