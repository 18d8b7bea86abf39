package org.everpost.server.relay.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.everpost.wire.tlsrpt.TlsReport.ResultType;
import org.jspecify.annotations.Nullable;

/** The certificate authorities we believe. Safe for any number of threads. */
public final class Authorities {

  private final Supplier<X509TrustManager> source;
  private @Nullable X509TrustManager loaded;

  private Authorities(Supplier<X509TrustManager> source) {
    this.source = source;
  }

  /** Those of this Java, which are read when they are first needed: it takes half a second. */
  public static Authorities system() {
    return new Authorities(() -> manager(null));
  }

  /** Those of this Java and some more. */
  public static Authorities systemAnd(List<X509Certificate> more) {
    List<X509Certificate> further = List.copyOf(more);
    return new Authorities(() -> {
      List<X509Certificate> all = new ArrayList<>(further);
      Collections.addAll(all, manager(null).getAcceptedIssuers());
      return manager(store(all));
    });
  }

  private static KeyStore store(List<X509Certificate> authorities) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < authorities.size(); i++) {
        store.setCertificateEntry("authority-" + i, authorities.get(i));
      }
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the certificate authorities cannot be kept", e);
    }
  }

  /** Those in a key store. */
  public static Authorities of(KeyStore store) {
    Objects.requireNonNull(store, "store");
    return new Authorities(() -> manager(store));
  }

  private static X509TrustManager manager(@Nullable KeyStore store) {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509TrustManager x509) {
          return x509;
        }
      }
      throw new IllegalStateException("this Java knows no X.509");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the certificate authorities cannot be read", e);
    }
  }

  private synchronized X509TrustManager manager() {
    X509TrustManager manager = loaded;
    if (manager == null) {
      manager = source.get();
      loaded = manager;
    }
    return manager;
  }

  /** What is wrong with a chain; null: one of them vouches for it. */
  @Nullable CertificateProblem problem(X509Certificate[] chain, String authType) {
    try {
      manager().checkServerTrusted(chain, authType);
      return null;
    } catch (CertificateException e) {
      return isExpired(e)
          ? new CertificateProblem(ResultType.CERTIFICATE_EXPIRED, "the certificate has expired")
          : new CertificateProblem(
              ResultType.CERTIFICATE_NOT_TRUSTED, "no known authority vouches for the certificate");
    }
  }

  static boolean isExpired(Throwable problem) {
    for (Throwable t = problem; t != null; t = t.getCause()) {
      if (t instanceof CertificateExpiredException
          || (t instanceof CertPathValidatorException invalid
              && invalid.getReason() == BasicReason.EXPIRED)) {
        return true;
      }
    }
    return false;
  }
}
