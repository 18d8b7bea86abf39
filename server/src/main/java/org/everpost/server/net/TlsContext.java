package org.everpost.server.net;

import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * How the server speaks TLS; the certificate in it may be exchanged while connections come in. Safe
 * for any number of threads.
 */
public final class TlsContext {

  private volatile SSLContext context;

  public TlsContext(SSLContext context) {
    this.context = Objects.requireNonNull(context, "context");
  }

  /** New connections use this one; those that are open keep theirs. */
  void exchange(SSLContext next) {
    context = Objects.requireNonNull(next, "next");
  }

  /** The server's side of one connection. */
  SSLEngine newEngine() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    // RFC 8996: nothing below 1.2.
    engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    return engine;
  }
}
