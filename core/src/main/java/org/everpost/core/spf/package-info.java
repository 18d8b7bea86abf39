/**
 * <b>Purpose:</b> whether an address may send in the name of a domain (SPF).
 *
 * <p><b>Standards:</b> RFC 7208 §2.3, §2.4, §4 to §7; RFC 2181 §11, RFC 8616 §4.
 *
 * <p><b>Map:</b> {@link org.everpost.core.spf.Spf} is the door, {@link
 * org.everpost.core.spf.SpfResult} what comes out of it; CheckHost is check_host() of the RFC,
 * which spends from Allowance; Macros says what macros stand for, Client is who wants to send. The
 * records themselves are read by wire.spf.
 *
 * <p><b>Rules:</b> everything in a record is a stranger's: what one check may ask and how long it
 * may take is bounded. What it says is shown to people as visible ASCII.
 *
 * <p><b>Threads:</b> whoever wants a check does it, and waits for no answer beyond the limit.
 *
 * <p><b>Failures:</b> none; see {@link org.everpost.core.spf.SpfResult.Verdict#TEMPERROR}.
 */
@NullMarked
package org.everpost.core.spf;

import org.jspecify.annotations.NullMarked;
