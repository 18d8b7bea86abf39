package org.everpost.server.relay;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.everpost.core.dns.TlsaRecord;
import org.everpost.server.relay.tls.Authorities;

/** A certificate authority, and servers with certificates of it. */
public final class TestAuthority {

  private static final AtomicLong SERIAL = new AtomicLong();

  private final KeyPair keys = newKeys();
  private final X500Name name = new X500Name("CN=Authority " + SERIAL.incrementAndGet());
  private final X509Certificate certificate = certificate("", name, keys, true, Duration.ofDays(1));

  X509Certificate certificate() {
    return certificate;
  }

  /** Its certificate as a text file has it (RFC 7468). */
  String pem() {
    try {
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Believes this one. */
  public Authorities believed() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("authority", certificate);
      return Authorities.of(store);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A server.
   *
   * @param host its name in the certificate
   * @param valid for how long, from now; negative: it has expired
   * @param withAuthority whether it shows the authority's certificate, too
   */
  Server server(String host, Duration valid, boolean withAuthority) {
    KeyPair its = newKeys();
    X509Certificate leaf = certificate(host, new X500Name("CN=" + host), its, false, valid);
    X509Certificate[] chain =
        withAuthority ? new X509Certificate[] {leaf, certificate} : new X509Certificate[] {leaf};
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", its.getPrivate(), new char[0], chain);
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(factory.getKeyManagers(), null, null);
      return new Server(context, leaf);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A good one. */
  public Server server(String host) {
    return server(host, Duration.ofDays(1), true);
  }

  public record Server(SSLContext context, X509Certificate certificate) {}

  /** A record for a certificate. */
  static TlsaRecord tlsa(int usage, int selector, int matching, X509Certificate certificate) {
    try {
      byte[] data =
          selector == 0 ? certificate.getEncoded() : certificate.getPublicKey().getEncoded();
      return new TlsaRecord(
          usage,
          selector,
          matching,
          switch (matching) {
            case 0 -> data;
            case 1 -> MessageDigest.getInstance("SHA-256").digest(data);
            default -> MessageDigest.getInstance("SHA-512").digest(data);
          });
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate certificate(
      String host, X500Name subject, KeyPair its, boolean authority, Duration valid) {
    try {
      Instant end = Instant.now().plus(valid);
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              BigInteger.valueOf(SERIAL.incrementAndGet()),
              Date.from(end.minus(Duration.ofDays(2))),
              Date.from(end),
              subject,
              its.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (!host.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(new GeneralName(GeneralName.dNSName, host)));
      }
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
