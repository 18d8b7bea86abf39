package org.everpost.server.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.everpost.core.event.Reason;
import org.jspecify.annotations.Nullable;

/** Certificates and private keys as text files (RFC 7468). */
public final class Pem {

  /** A key or a chain has a few thousand octets. */
  private static final int MAX_FILE_OCTETS = 1 << 20;

  private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "EdDSA");

  private Pem() {}

  /** The certificates in a file, at least one. */
  public static List<X509Certificate> certificates(Path file) throws CertificateFileException {
    return certificates(file, text(file));
  }

  static CertifiedKey read(Path certificateFile, Path keyFile) throws CertificateFileException {
    List<X509Certificate> chain = certificates(certificateFile);
    PrivateKey key = key(keyFile, text(keyFile));
    CertifiedKey pair = new CertifiedKey(chain, key);
    if (!pair.matches()) {
      throw new CertificateFileException(
          keyFile, "is not the key of the first certificate in " + certificateFile);
    }
    return pair;
  }

  private static String text(Path file) throws CertificateFileException {
    try {
      if (Files.size(file) > MAX_FILE_OCTETS) {
        throw new CertificateFileException(file, "is too large to be a PEM file");
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new CertificateFileException(file, "does not exist");
    } catch (AccessDeniedException e) {
      throw new CertificateFileException(file, "may not be read by this user");
    } catch (CertificateFileException e) {
      throw e;
    } catch (IOException e) {
      throw new CertificateFileException(file, "cannot be read: " + Reason.of(e));
    }
  }

  private static List<X509Certificate> certificates(Path file, String text)
      throws CertificateFileException {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (byte[] der : blocks(text, "CERTIFICATE")) {
        Certificate next = factory.generateCertificate(new ByteArrayInputStream(der));
        if (next instanceof X509Certificate certificate) {
          chain.add(certificate);
        }
      }
    } catch (CertificateException | IllegalArgumentException e) {
      throw new CertificateFileException(file, "has a certificate that cannot be understood");
    }
    if (chain.isEmpty()) {
      throw new CertificateFileException(file, "has no PEM certificate");
    }
    return chain;
  }

  private static PrivateKey key(Path file, String text) throws CertificateFileException {
    if (text.contains("ENCRYPTED")) {
      throw new CertificateFileException(
          file, "has an encrypted private key; store it without a passphrase");
    }
    try {
      List<byte[]> pkcs8 = blocks(text, "PRIVATE KEY");
      PrivateKey key = pkcs8.isEmpty() ? olderKey(text) : pkcs8Key(pkcs8.getFirst());
      if (key != null) {
        return key;
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new CertificateFileException(file, "has a private key that cannot be understood");
    }
    throw new CertificateFileException(
        file, "has no PEM private key that can be used (RSA, EC, Ed25519)");
  }

  /** RFC 5958; the algorithm is inside, but only the factory of that algorithm looks for it. */
  private static @Nullable PrivateKey pkcs8Key(byte[] der) {
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (GeneralSecurityException e) {
        // It is one of the others, or none.
      }
    }
    return null;
  }

  /** PKCS #1 (RFC 8017) and SEC 1 (RFC 5915). */
  private static @Nullable PrivateKey olderKey(String text) throws IOException {
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
        if (next instanceof PEMKeyPair pair) {
          return pkcs8Key(pair.getPrivateKeyInfo().getEncoded());
        }
      }
      return null;
    }
  }

  /** The contents of all blocks of one label. */
  private static List<byte[]> blocks(String text, String label) {
    String begin = "-----BEGIN " + label + "-----";
    String end = "-----END " + label + "-----";
    List<byte[]> blocks = new ArrayList<>();
    int from = text.indexOf(begin);
    while (from >= 0) {
      int to = text.indexOf(end, from + begin.length());
      if (to < 0) {
        throw new IllegalArgumentException("no end of " + label);
      }
      blocks.add(
          Base64.getMimeDecoder()
              .decode(
                  text.substring(from + begin.length(), to).getBytes(StandardCharsets.US_ASCII)));
      from = text.indexOf(begin, to);
    }
    return blocks;
  }

  /** One block of text. */
  static String block(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }
}
