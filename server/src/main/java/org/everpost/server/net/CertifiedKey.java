package org.everpost.server.net;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A private key and the chain that vouches for it, the server's own certificate first.
 *
 * @param chain at least one certificate; the first is that of the key
 */
record CertifiedKey(List<X509Certificate> chain, PrivateKey key) {

  CertifiedKey {
    chain = List.copyOf(chain);
  }

  X509Certificate certificate() {
    return chain.getFirst();
  }

  /** Whether key and certificate belong together: what one signs the other verifies. */
  boolean matches() {
    PublicKey publicKey = certificate().getPublicKey();
    String algorithm =
        switch (key.getAlgorithm().toUpperCase(Locale.ROOT)) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "EDDSA", "ED25519", "ED448" -> "EdDSA";
          default -> "";
        };
    try {
      byte[] text = {1, 2, 3};
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /**
   * What TLS servers need of it. Neither a key store, which would encrypt the key only to decrypt
   * it, nor the system's list of authorities, which only clients need: both take half a second.
   */
  SSLContext sslContext() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {new OnlyKey(this)}, new TrustManager[0], null);
    return context;
  }

  /** Whoever asks for a key of the right kind gets the one there is. */
  private static final class OnlyKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "server";

    private final CertifiedKey pair;

    OnlyKey(CertifiedKey pair) {
      this.pair = pair;
    }

    /**
     * The type is {@code RSA}, {@code EC}, {@code EdDSA} …, or {@code EC_RSA} with the signer's.
     */
    private @Nullable String alias(String type) {
      String own = pair.certificate().getPublicKey().getAlgorithm();
      String wanted = type.contains("_") ? type.substring(0, type.indexOf('_')) : type;
      boolean fits =
          wanted.equalsIgnoreCase(own) || (wanted.equals("RSASSA-PSS") && own.equals("RSA"));
      return fits ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String type, Principal @Nullable [] issuers, SSLEngine engine) {
      return alias(type);
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, Socket socket) {
      return alias(type);
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
      return alias(type) == null ? null : new String[] {ALIAS};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return pair.chain.toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return pair.key;
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, Socket socket) {
      return null;
    }
  }
}
