package org.everpost.server.net;

import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** The certificate the server shows, and how it speaks TLS. Safe for any number of threads. */
public final class TlsContext {

  private final SSLContext context;

  public TlsContext(SSLContext context) {
    this.context = Objects.requireNonNull(context, "context");
  }

  /** The server's side of one connection. */
  SSLEngine newEngine() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    return engine;
  }
}
