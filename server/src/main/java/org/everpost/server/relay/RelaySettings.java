package org.everpost.server.relay;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import org.everpost.wire.address.DomainName;

/**
 * How this server sends.
 *
 * @param hostname our name in EHLO (RFC 5321 §4.1.1.1)
 * @param port of other servers
 * @param sources our addresses to come from, at most one of each kind is used; empty: the system
 *     chooses
 * @param tls the least there has to be
 */
public record RelaySettings(
    DomainName hostname,
    int port,
    List<InetAddress> sources,
    Tls tls,
    Routes routes,
    RelayLimits limits) {

  public RelaySettings {
    Objects.requireNonNull(hostname, "hostname");
    sources = List.copyOf(sources);
    Objects.requireNonNull(tls, "tls");
    Objects.requireNonNull(routes, "routes");
    Objects.requireNonNull(limits, "limits");
  }

  /** The least there has to be; what a domain publishes may demand more. */
  public enum Tls {
    /** Nothing; TLS is used wherever it works (RFC 7435). */
    OPPORTUNISTIC,
    /** TLS with any certificate. */
    REQUIRED,
    /** TLS with a certificate that is good for the host. */
    VERIFIED
  }
}
