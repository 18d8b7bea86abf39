package org.everpost.server.relay.tls;

/**
 * Why a certificate is not good enough.
 *
 * @param text for people, without what the peer wrote
 */
public record CertificateProblem(TlsFailure kind, String text) {}
