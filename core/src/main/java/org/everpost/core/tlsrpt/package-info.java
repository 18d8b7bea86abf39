/**
 * <b>Purpose:</b> how TLS on the way to others fared, by day and domain, until it is reported.
 *
 * <p><b>Standards:</b> RFC 8460 §4.
 *
 * <p><b>Map:</b> {@link org.everpost.core.tlsrpt.TlsResults}; {@code TlsResultRow} is what is
 * stored.
 *
 * <p><b>Rules:</b> every process writes rows of its own, whole ones, so that nothing is counted
 * twice; of a day and domain only one node of all gets what is to be reported, and only once. A day
 * is kept for three.
 *
 * <p><b>Threads:</b> safe for any number of threads.
 *
 * <p><b>Failures:</b> {@link org.everpost.store.StoreUnavailableException}; a row that cannot be
 * read is an IllegalStateException.
 */
@NullMarked
package org.everpost.core.tlsrpt;

import org.jspecify.annotations.NullMarked;
