package org.everpost.server.relay.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.everpost.wire.address.DomainName;

/** Whose certificate it is, by its DNS names (RFC 6125 §6.4). A common name counts for nothing. */
final class CertificateNames {

  private static final int DNS_NAME = 2;

  private CertificateNames() {}

  static boolean matchAny(X509Certificate certificate, Collection<DomainName> names) {
    Collection<List<?>> subjects;
    try {
      subjects = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      return false;
    }
    if (subjects == null) {
      return false;
    }
    for (List<?> subject : subjects) {
      if (subject.get(0) instanceof Integer type
          && type == DNS_NAME
          && subject.get(1) instanceof String pattern
          && names.stream().anyMatch(name -> matches(pattern, name))) {
        return true;
      }
    }
    return false;
  }

  /** A wildcard stands for the whole first label and nothing else (RFC 8461 §4.1). */
  static boolean matches(String pattern, DomainName name) {
    String wanted = pattern.toLowerCase(Locale.ROOT);
    if (!wanted.startsWith("*.")) {
      return wanted.equals(name.ascii());
    }
    int dot = name.ascii().indexOf('.');
    return dot > 0
        && wanted.indexOf('.', 2) > 0
        && wanted.substring(1).equals(name.ascii().substring(dot));
  }
}
