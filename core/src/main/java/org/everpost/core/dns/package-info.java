/**
 * <b>Purpose:</b> the one way to the domain name system, for the whole program.
 *
 * <p><b>Standards:</b> RFC 1034, 1035, 2308, 4033, 6698, 7505, 8020.
 *
 * <p><b>Map:</b> {@link org.everpost.core.dns.Resolver}, {@link org.everpost.core.dns.DnsAnswer}.
 *
 * <p><b>Rules:</b> nobody else asks a name server; what a lookup costs is bounded for all of them
 * together.
 *
 * <p><b>Threads:</b> safe for any number of threads.
 *
 * <p><b>Failures:</b> none; see {@link org.everpost.core.dns.DnsAnswer.Failed}.
 */
@NullMarked
package org.everpost.core.dns;

import org.jspecify.annotations.NullMarked;
