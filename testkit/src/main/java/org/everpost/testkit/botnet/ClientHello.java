package org.everpost.testkit.botnet;

import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** The first octets of a TLS handshake, as this Java virtual machine would send them. */
final class ClientHello {

  private static final byte[] OCTETS = make();

  private ClientHello() {}

  static byte[] whole() {
    return OCTETS.clone();
  }

  /** So much that the rest has to be waited for. */
  static byte[] half() {
    return Arrays.copyOf(OCTETS, OCTETS.length / 2);
  }

  private static byte[] make() {
    try {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine();
      engine.setUseClientMode(true);
      ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(ByteBuffer.allocate(0), out);
      return Arrays.copyOf(out.array(), out.position());
    } catch (NoSuchAlgorithmException | SSLException e) {
      throw new IllegalStateException(e);
    }
  }
}
