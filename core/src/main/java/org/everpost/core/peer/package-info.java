/**
 * <b>Purpose:</b> other machines as an operator names them: networks, and the lists of those that
 * are always or never welcome.
 *
 * <p><b>Standards:</b> RFC 4632 §3.1 (prefixes), RFC 5782 (lists asked by DNS).
 *
 * <p><b>Map:</b> {@link org.everpost.core.peer.IpNetwork} is an address with a prefix, {@link
 * org.everpost.core.peer.DnsList} a list that name servers answer for; {@link
 * org.everpost.core.peer.PeerLists} keeps what {@code everpost guard allow} and {@code deny} said.
 *
 * <p><b>Rules:</b> no name of a host is ever looked up here.
 *
 * <p><b>Threads:</b> safe for any number.
 *
 * <p><b>Failures:</b> {@link java.lang.IllegalArgumentException} for text that is no network;
 * {@link org.everpost.store.StoreException}.
 */
@NullMarked
package org.everpost.core.peer;

import org.jspecify.annotations.NullMarked;
