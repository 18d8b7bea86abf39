package org.everpost.server.net;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What ties a login to the TLS connection it came by (RFC 5056). */
final class ChannelBinding {

  private ChannelBinding() {}

  static byte @Nullable [] of(String type, SSLSession session) {
    return switch (type) {
      case "tls-exporter" -> exporter(session);
      case "tls-server-end-point" -> serverEndPoint(session);
      default -> null;
    };
  }

  private static byte @Nullable [] exporter(SSLSession session) {
    // RFC 9266 §2: a label, no context, 32 octets; below TLS 1.3 not unique without more care.
    if (!session.getProtocol().equals("TLSv1.3") || !(session instanceof ExtendedSSLSession s)) {
      return null;
    }
    try {
      return s.exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32);
    } catch (SSLException e) {
      return null;
    }
  }

  private static byte @Nullable [] serverEndPoint(SSLSession session) {
    Certificate[] chain = session.getLocalCertificates();
    if (chain == null || !(chain[0] instanceof X509Certificate certificate)) {
      return null;
    }
    // RFC 5929 §4.1: the hash of the signature algorithm, but SHA-256 instead of MD5 and SHA-1.
    String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
    int with = algorithm.indexOf("WITH");
    if (with < 0) {
      return null;
    }
    String hash =
        switch (algorithm.substring(0, with)) {
          case "MD5", "SHA1", "SHA256" -> "SHA-256";
          case "SHA384" -> "SHA-384";
          case "SHA512" -> "SHA-512";
          default -> null;
        };
    if (hash == null) {
      return null;
    }
    try {
      return MessageDigest.getInstance(hash).digest(certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      return null;
    }
  }
}
