/**
 * <b>Purpose:</b> the defence against floods: who gets in, who has to wait, who has to go, so that
 * the service stands for its users whatever strangers do.
 *
 * <p><b>Standards:</b> RFC 6647 (greylisting), RFC 5782 (lists asked by DNS), RFC 8601 §2.7.3
 * (iprev).
 *
 * <p><b>Map:</b> {@link org.everpost.server.guard.Guard} is asked at the door and gives each
 * connection a {@link org.everpost.server.guard.Visit}, by which its session tells what happens.
 * Door counts who is inside, Places says which class has which place and who leaves for whom, Crowd
 * shares the places of a class fairly, Turns lets strangers work a few at a time. PeerBook
 * remembers addresses, Pressure measures how hard it is and Allowance what is left to whom then,
 * Judge rules whether a stranger may deliver, by Standings (name servers) and Greylist. WriteBehind
 * tells the store what PeerBook and Greylist have learned.
 *
 * <p><b>Rules:</b> cheapest first: memory at the door, then patience and order, then the recipient,
 * and only for who passed all of it name servers. Nothing at the door ever waits. Nothing here has
 * to work for mail to flow.
 *
 * <p><b>Threads:</b> everything is safe for any number; a Visit belongs to its connection. The lock
 * of a visit, under which its class changes, comes before that of a crowd or of the arrivals, and
 * nobody has those of two visits.
 *
 * <p><b>Failures:</b> none: what cannot be learned counts as not known.
 */
@NullMarked
package org.everpost.server.guard;

import org.jspecify.annotations.NullMarked;
