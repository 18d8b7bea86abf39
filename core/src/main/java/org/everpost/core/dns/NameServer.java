package org.everpost.core.dns;

import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * A recursive name server that is asked.
 *
 * @param trusted whether it validates, and nobody can change what it says on the way to us: its AD
 *     bit is believed (RFC 4035 §4.9.3)
 */
public record NameServer(InetSocketAddress address, boolean trusted) {
  public NameServer {
    Objects.requireNonNull(address, "address");
  }

  /** As in {@code 127.0.0.1:53} and {@code [::1]:53}. */
  @Override
  public String toString() {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}
