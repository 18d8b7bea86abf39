package org.everpost.server.relay.tls;

import java.util.Locale;

/** The result types of RFC 8460 §4.3. */
public enum TlsFailure {
  STARTTLS_NOT_SUPPORTED,
  CERTIFICATE_HOST_MISMATCH,
  CERTIFICATE_EXPIRED,
  CERTIFICATE_NOT_TRUSTED,
  VALIDATION_FAILURE,
  TLSA_INVALID,
  DNSSEC_INVALID,
  DANE_REQUIRED,
  STS_POLICY_FETCH_ERROR,
  STS_POLICY_INVALID,
  STS_WEBPKI_INVALID;

  /** As it stands in a report. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
