/**
 * <b>Purpose:</b> a name server for tests: zones in code, and every way to misbehave.
 *
 * <p><b>Standards:</b> RFC 1035, 2308.
 *
 * <p><b>Map:</b> {@link org.everpost.testkit.dns.DnsStandIn} is the server and the way to tell it
 * what to say; {@link org.everpost.testkit.dns.Fault} lists what can be wrong with it; StandInZones
 * is what it knows.
 *
 * <p><b>Rules:</b> loopback only, a port of the system's choice. It answers like the recursive
 * server of a small world: what it was not told does not exist.
 *
 * <p><b>Threads:</b> safe for any number of threads; a virtual thread a query.
 *
 * <p><b>Failures:</b> what cannot be set up is an unchecked exception, which fails the test.
 */
@NullMarked
package org.everpost.testkit.dns;

import org.jspecify.annotations.NullMarked;
