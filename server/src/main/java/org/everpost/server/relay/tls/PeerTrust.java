package org.everpost.server.relay.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.everpost.core.time.Clock;
import org.everpost.wire.tlsrpt.TlsReport.ResultType;
import org.jspecify.annotations.Nullable;

/** Looks at a peer's certificate in one handshake. For one connection. */
public final class PeerTrust {

  private final TlsPolicy policy;
  private final TlsPolicy observed;
  private final Authorities authorities;
  private final Clock clock;
  private @Nullable CertificateProblem problem;
  private @Nullable CertificateProblem observedProblem;

  /**
   * @param policy what has to be so
   * @param observed what is only looked at, to be told afterwards
   */
  public PeerTrust(TlsPolicy policy, TlsPolicy observed, Authorities authorities, Clock clock) {
    this.policy = Objects.requireNonNull(policy, "policy");
    this.observed = Objects.requireNonNull(observed, "observed");
    this.authorities = Objects.requireNonNull(authorities, "authorities");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * Our side of the connection. Each has a context of its own, because a session that is resumed
   * shows no certificate.
   *
   * @param host the name told to the peer (RFC 6066 §3); null: none
   */
  public SSLEngine newEngine(@Nullable String host, int port) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[0], new TrustManager[] {new Manager()}, null);
      SSLEngine engine =
          host == null ? context.createSSLEngine() : context.createSSLEngine(host, port);
      engine.setUseClientMode(true);
      // RFC 8996: nothing below 1.2.
      engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      return engine;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  /** Why the handshake was broken off; null if it was not, or not because of the certificate. */
  public @Nullable CertificateProblem problem() {
    return problem;
  }

  /** What was seen of the policy that is only looked at. */
  public @Nullable CertificateProblem observedProblem() {
    return observedProblem;
  }

  private @Nullable CertificateProblem check(
      TlsPolicy wanted, X509Certificate[] chain, String authType) {
    return switch (wanted) {
      case TlsPolicy.Opportunistic _, TlsPolicy.Encrypted _ -> null;
      case TlsPolicy.Dane dane -> DaneCheck.problem(dane, chain, clock.instant());
      case TlsPolicy.Verified verified -> {
        CertificateProblem found = authorities.problem(chain, authType);
        if (found == null && !CertificateNames.matchAny(chain[0], List.of(verified.host()))) {
          found =
              new CertificateProblem(
                  ResultType.CERTIFICATE_HOST_MISMATCH, "the certificate is for another host");
        }
        yield found;
      }
    };
  }

  private final class Manager extends X509ExtendedTrustManager {

    private void check(X509Certificate[] chain, String authType) throws CertificateException {
      observedProblem = PeerTrust.this.check(observed, chain, authType);
      problem = PeerTrust.this.check(policy, chain, authType);
      if (problem != null) {
        throw new CertificateException(problem.text());
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      check(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      check(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      check(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("we are the client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      throw new CertificateException("we are the client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("we are the client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
