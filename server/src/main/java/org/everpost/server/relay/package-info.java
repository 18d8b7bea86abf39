/**
 * <b>Purpose:</b> takes messages to the servers of other domains.
 *
 * <p><b>Standards:</b> RFC 5321 §4 and §5, 7505 (null MX), 8305 (address race), 2920, 1870, 6152,
 * 3030, 6531, 3461, 9422, 8689 (REQUIRETLS), 4954; TLS: see the packages below.
 *
 * <p><b>Map:</b> {@link org.everpost.server.relay.SmtpRelay} is the {@link
 * org.everpost.server.relay.Relay}: MxLookup finds a destination's hosts, ConnectAttempt goes
 * through them with AddressRace, ServerPolicies says what TLS has to prove, SessionOpening gets to
 * a PeerSession, which hands over each {@link org.everpost.server.relay.OutgoingMessage} in as many
 * Transactions as it takes. DeadEnds knows beforehand what can never leave.
 *
 * <p><b>Rules:</b> everything a peer does takes bounded time and memory. The end of a message is
 * sent only after all of it, and if the {@link org.everpost.server.relay.Permission} still holds.
 * Nothing is refused for good that may work later.
 *
 * <p><b>Threads:</b> one virtual thread an attempt, and one for each address that is raced.
 *
 * <p><b>Failures:</b> none: what peers and networks do is in {@link
 * org.everpost.server.relay.RecipientResult}.
 */
@NullMarked
package org.everpost.server.relay;

import org.jspecify.annotations.NullMarked;
