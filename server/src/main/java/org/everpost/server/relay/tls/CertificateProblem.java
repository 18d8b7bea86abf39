package org.everpost.server.relay.tls;

import org.everpost.wire.tlsrpt.TlsReport.ResultType;

/**
 * Why a certificate is not good enough.
 *
 * @param text for people, without what the peer wrote
 */
public record CertificateProblem(ResultType kind, String text) {}
