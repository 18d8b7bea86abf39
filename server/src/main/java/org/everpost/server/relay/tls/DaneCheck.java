package org.everpost.server.relay.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.everpost.core.dns.TlsaRecord;
import org.everpost.wire.tlsrpt.TlsReport.ResultType;
import org.jspecify.annotations.Nullable;

/** Whether TLSA records vouch for a chain of certificates (RFC 7671 §5, RFC 7672 §3). */
public final class DaneCheck {

  private static final int DANE_TA = 2;
  private static final int DANE_EE = 3;
  private static final int MAX_CHAIN = 10;

  private DaneCheck() {}

  /** Whether we can make use of a record (RFC 7672 §3.1.3: not of the usages 0 and 1). */
  public static boolean isUsable(TlsaRecord record) {
    int length = record.data().length;
    return (record.usage() == DANE_TA || record.usage() == DANE_EE)
        && (record.selector() == 0 || record.selector() == 1)
        && switch (record.matchingType()) {
          case 0 -> length > 0;
          case 1 -> length == 32;
          case 2 -> length == 64;
          default -> false;
        };
  }

  /**
   * What is wrong with a chain, the peer's own certificate first; null: a record vouches for it.
   */
  static @Nullable CertificateProblem problem(
      TlsPolicy.Dane policy, X509Certificate[] chain, Instant now) {
    for (TlsaRecord record : policy.records()) {
      // RFC 7671 §5.1: neither its names nor its dates matter, the record says it all.
      if (record.usage() == DANE_EE && matches(record, chain[0])) {
        return null;
      }
    }
    CertificateProblem problem =
        new CertificateProblem(
            ResultType.VALIDATION_FAILURE, "no TLSA record vouches for the certificate");
    for (TlsaRecord record : policy.records()) {
      if (record.usage() == DANE_TA) {
        CertificateProblem its = anchored(record, policy, chain, now);
        if (its == null) {
          return null;
        }
        problem = its.kind() == ResultType.VALIDATION_FAILURE ? problem : its;
      }
    }
    return problem;
  }

  /** RFC 7672 §3.1.1: the authority is in the chain, or in the record itself. */
  private static @Nullable CertificateProblem anchored(
      TlsaRecord record, TlsPolicy.Dane policy, X509Certificate[] chain, Instant now) {
    CertificateProblem problem =
        new CertificateProblem(ResultType.VALIDATION_FAILURE, "the authority is missing");
    int length = Math.min(chain.length, MAX_CHAIN);
    for (int i = 1; i < length; i++) {
      if (matches(record, chain[i])) {
        problem = validated(Arrays.asList(chain).subList(0, i), chain[i], now);
        break;
      }
    }
    X509Certificate given = certificate(record);
    if (problem != null && given != null) {
      for (int i = 1; i <= length && problem != null; i++) {
        problem = validated(Arrays.asList(chain).subList(0, i), given, now);
      }
    }
    if (problem == null && !CertificateNames.matchAny(chain[0], policy.names())) {
      return new CertificateProblem(
          ResultType.CERTIFICATE_HOST_MISMATCH, "the certificate is for another host");
    }
    return problem;
  }

  private static @Nullable CertificateProblem validated(
      List<X509Certificate> path, X509Certificate authority, Instant now) {
    try {
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
      return null;
    } catch (GeneralSecurityException e) {
      return Authorities.isExpired(e)
          ? new CertificateProblem(ResultType.CERTIFICATE_EXPIRED, "the certificate has expired")
          : new CertificateProblem(
              ResultType.VALIDATION_FAILURE, "the certificate is not of the authority in DNS");
    }
  }

  /** The certificate a record holds as a whole; null if it holds less. */
  private static @Nullable X509Certificate certificate(TlsaRecord record) {
    if (record.selector() != 0 || record.matchingType() != 0) {
      return null;
    }
    try {
      return CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(record.data()))
              instanceof X509Certificate certificate
          ? certificate
          : null;
    } catch (GeneralSecurityException e) {
      return null;
    }
  }

  private static boolean matches(TlsaRecord record, X509Certificate certificate) {
    try {
      byte[] selected =
          record.selector() == 0
              ? certificate.getEncoded()
              : certificate.getPublicKey().getEncoded();
      byte[] presented =
          switch (record.matchingType()) {
            case 0 -> selected;
            case 1 -> MessageDigest.getInstance("SHA-256").digest(selected);
            default -> MessageDigest.getInstance("SHA-512").digest(selected);
          };
      return Arrays.equals(presented, record.data());
    } catch (CertificateEncodingException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-2", e);
    }
  }
}
