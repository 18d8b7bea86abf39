package org.everpost.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.SplittableRandom;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.everpost.core.event.EventSink;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.guard.TestGuard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificate files: what can be read, and what happens when they change. */
final class CertificatesTest {

  @TempDir Path directory;

  private Certificates selfSigned() throws IOException {
    return Certificates.selfSigned(
        directory, "mx1.example.test", Clock.system(), RandomSource.seeded(1), EventSink.NONE);
  }

  @Test
  void aSelfSignedOneIsMadeOnceAndItsKeyIsPrivate() throws IOException {
    Path key = directory.resolve("tls/key.pem");
    byte[] first;
    try (Certificates certificates = selfSigned()) {
      assertThat(certificates.context().newEngine().getEnabledProtocols())
          .containsExactly("TLSv1.3", "TLSv1.2");
      first = Files.readAllBytes(key);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
          .isEqualTo("rw-------");
    }
    try (Certificates again = selfSigned()) {
      assertThat(again.context()).isNotNull();
      assertThat(Files.readAllBytes(key)).isEqualTo(first);
      CertifiedKey pair = Pem.read(directory.resolve("tls/certificate.pem"), key);
      assertThat(pair.certificate().getSubjectX500Principal().getName())
          .isEqualTo("CN=mx1.example.test");
    }
  }

  @Test
  void everyCommonFormOfKeyIsRead() throws Exception {
    for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
      KeyPair pair = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
      Path certificate = directory.resolve(algorithm + ".crt");
      X509Certificate certify = certify(pair, algorithm);
      Files.writeString(
          certificate, "some words before\n" + Pem.block("CERTIFICATE", certify.getEncoded()));
      Path pkcs8 = directory.resolve(algorithm + ".p8");
      Files.writeString(pkcs8, Pem.block("PRIVATE KEY", pair.getPrivate().getEncoded()));
      assertThat(Pem.read(certificate, pkcs8).sslContext()).isNotNull();
      assertThat(shownBy(Pem.read(certificate, pkcs8))).isEqualTo(certify);
      if (!algorithm.equals("Ed25519")) {
        // "BEGIN RSA PRIVATE KEY" is PKCS #1, "BEGIN EC PRIVATE KEY" is SEC 1.
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded());
        Path older = directory.resolve(algorithm + ".key");
        Files.writeString(older, Pem.block(algorithm + " PRIVATE KEY", olderForm(info)));
        assertThat(Pem.read(certificate, older).sslContext()).isNotNull();
      }
    }
  }

  /** As openssl writes it: an EC key names its curve inside. */
  private static byte[] olderForm(PrivateKeyInfo info) throws IOException {
    if (!info.getPrivateKeyAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      return info.parsePrivateKey().toASN1Primitive().getEncoded();
    }
    var key = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(info.parsePrivateKey());
    return new org.bouncycastle.asn1.sec.ECPrivateKey(
            384, key.getKey(), info.getPrivateKeyAlgorithm().getParameters())
        .getEncoded();
  }

  private static X509Certificate certify(KeyPair pair, String algorithm)
      throws OperatorCreationException, GeneralSecurityException {
    Instant now = Instant.now();
    X500Name name = new X500Name("CN=test");
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            java.math.BigInteger.ONE,
            Date.from(now),
            Date.from(now.plus(Duration.ofDays(1))),
            name,
            pair.getPublic());
    String signature =
        switch (algorithm) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> algorithm;
        };
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder(signature).build(pair.getPrivate())));
  }

  @Test
  void whatIsWrongIsSaidWithTheFile() throws IOException {
    Path certificate = directory.resolve("a.pem");
    Path key = directory.resolve("k.pem");
    CertifiedKey one = make(1);
    assertProblem(certificate, key, "a.pem: does not exist");
    Files.writeString(certificate, "hello");
    assertProblem(certificate, key, "a.pem: has no PEM certificate");
    Files.writeString(certificate, certificatePem(one));
    assertProblem(certificate, key, "k.pem: does not exist");
    Files.writeString(key, "hello");
    assertProblem(certificate, key, "k.pem: has no PEM private key");
    Files.writeString(key, Pem.block("ENCRYPTED PRIVATE KEY", new byte[20]));
    assertProblem(certificate, key, "k.pem: has an encrypted private key");
    Files.writeString(key, Pem.block("PRIVATE KEY", make(2).key().getEncoded()));
    assertProblem(certificate, key, "k.pem: is not the key of the first certificate in");
  }

  private static void assertProblem(Path certificate, Path key, String text) {
    assertThatThrownBy(() -> Pem.read(certificate, key))
        .isInstanceOf(CertificateFileException.class)
        .hasMessageContaining(text);
  }

  private static CertifiedKey make(long seed) {
    return SelfSigned.make("localhost", Instant.now(), new SplittableRandom(seed));
  }

  private static String certificatePem(CertifiedKey pair) {
    try {
      return Pem.block("CERTIFICATE", pair.certificate().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void changedFilesAreUsedAndBadOnesAreNot() throws IOException {
    try (Certificates certificates = selfSigned()) {
      SSLEngine before = certificates.context().newEngine();
      assertThat(certificates.reloadIfChanged()).isNull();
      Path certificate = directory.resolve("tls/certificate.pem");
      Files.writeString(certificate, "broken");
      assertThat(certificates.reloadIfChanged()).contains("has no PEM certificate");
      assertThat(certificates.reloadIfChanged()).isNull();
      assertThat(certificates.context().newEngine()).isNotSameAs(before);

      CertifiedKey next = make(7);
      Files.writeString(certificate, certificatePem(next));
      Files.writeString(
          directory.resolve("tls/key.pem"), Pem.block("PRIVATE KEY", next.key().getEncoded()));
      assertThat(certificates.reloadIfChanged()).isNull();
      assertThat(shownBy(certificates.context())).isEqualTo(next.certificate());
    }
  }

  private static Certificate shownBy(CertifiedKey pair)
      throws GeneralSecurityException, IOException {
    return shownBy(new TlsContext(pair.sslContext()));
  }

  /** The certificate a client is shown. */
  private static Certificate shownBy(TlsContext context) throws IOException {
    try (Listeners listeners =
        new Listeners(
            ConnectionSettings.DEFAULT,
            context,
            TestGuard.bare(10, 10),
            List.of(),
            Clock.system(),
            RandomSource.seeded(1),
            EventSink.NONE)) {
      var address =
          listeners.listen(
              Service.IMAPS,
              new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
              () -> c -> c.readLine(100));
      listeners.start();
      try (TestClient client = TestClient.connect(address).tls()) {
        return ((SSLSocket) client.socket()).getSession().getPeerCertificates()[0];
      }
    }
  }
}
