/**
 * <b>Purpose:</b> tells other domains once a day how TLS on the way to them fared.
 *
 * <p><b>Standards:</b> RFC 8460.
 *
 * <p><b>Map:</b> {@link org.everpost.server.tlsrpt.DailyReports} decides when and about whom;
 * {@code ReportDispatch} brings a report to where DNS says. What is counted comes from {@link
 * org.everpost.server.relay.tls.TlsCounters} by way of {@link org.everpost.core.tlsrpt}.
 *
 * <p><b>Rules:</b> a domain gets at most one report a day, of all nodes together: it is taken out
 * of the store before it is sent. The connections reports take are not counted, or they would be
 * reported for ever. What a stranger names is asked for a bounded time.
 *
 * <p><b>Threads:</b> one virtual thread.
 *
 * <p><b>Failures:</b> none leave: they are events.
 */
@NullMarked
package org.everpost.server.tlsrpt;

import org.jspecify.annotations.NullMarked;
