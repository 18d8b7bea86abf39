package org.everpost.core.password;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A connection that is only its properties. */
record FakeConnection(InetSocketAddress peer, boolean isTls, boolean isFamiliar)
    implements ConnectionInfo {

  static final byte[] EXPORTED =
      "exported keying material, 32 oct".getBytes(StandardCharsets.US_ASCII);

  static FakeConnection from(String address) {
    return new FakeConnection(new InetSocketAddress(address, 4_711), false, false);
  }

  FakeConnection withTls() {
    return new FakeConnection(peer, true, isFamiliar);
  }

  /** From a place where users have logged in. */
  FakeConnection familiar() {
    return new FakeConnection(peer, isTls, true);
  }

  @Override
  public String id() {
    return "c1";
  }

  @Override
  public String service() {
    return "imap";
  }

  @Override
  public boolean isLoopback() {
    String address = peer.getAddress().getHostAddress();
    return address.equals("127.0.0.1") || address.equals("0:0:0:0:0:0:0:1");
  }

  @Override
  public byte @Nullable [] channelBinding(String type) {
    return isTls && type.equals("tls-exporter") ? EXPORTED.clone() : null;
  }

  @Override
  public void rests() {}

  @Override
  public void loggedIn() {}

  @Override
  public void loginFailed() {}

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void revokeLogin() {}

  @Override
  public void close() {}
}
