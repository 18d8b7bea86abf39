/**
 * <b>Purpose:</b> the one way to the domain name system, for the whole program.
 *
 * <p><b>Standards:</b> RFC 1034, 1035, 2181, 2308, 2782, 4033, 4035, 5452, 6698, 6840, 7505, 7766,
 * 8020, 8914, 9520.
 *
 * <p><b>Map:</b> {@link org.everpost.core.dns.Resolver} is the door and {@link
 * org.everpost.core.dns.DnsAnswer} what comes out of it; {@link
 * org.everpost.core.dns.CachingResolver} → DnsCache, or else Lookup → Upstreams → Upstream (the
 * circuit breaker) → Exchange (the sockets); AnswerReader says what an answer means. {@link
 * org.everpost.core.dns.DnsSettings} has every limit, {@link org.everpost.core.dns.DnsCounters}
 * what was done.
 *
 * <p><b>Rules:</b> nobody else asks a name server; what a lookup costs is bounded for all of them
 * together. An answer is hostile until it is read; only records of the name that was asked for and
 * its aliases are. The library makes and parses messages; its own resolvers, caches and threads are
 * not used (docs/decisions/0008).
 *
 * <p><b>Threads:</b> safe for any number of threads. A lookup on the wire has a virtual thread of
 * its own, for which any number may wait. No lock is held while a server is asked.
 *
 * <p><b>Failures:</b> none; see {@link org.everpost.core.dns.DnsAnswer.Failed}.
 */
@NullMarked
package org.everpost.core.dns;

import org.jspecify.annotations.NullMarked;
