package org.everpost.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;

/** The certificate of a server, as clients want to have it given. */
final class Certificate {

  private Certificate() {}

  /** PEM. */
  static String ofServer(int tlsPort) throws IOException {
    try (LineSocket connection = LineSocket.tls(tlsPort)) {
      byte[] lineEnd = "\n".getBytes(StandardCharsets.US_ASCII);
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder(64, lineEnd).encodeToString(connection.certificate().getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (CertificateEncodingException e) {
      throw new IOException(e);
    }
  }
}
