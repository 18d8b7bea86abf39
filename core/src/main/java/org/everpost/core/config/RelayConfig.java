package org.everpost.core.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * {@code [relay]}: how mail leaves.
 *
 * @param authoritiesFile certificates of further authorities; null: those of Java are all
 * @param smartHost not resolved; null: mail goes where DNS says
 * @param smartHostDomains whose mail it gets; empty: all mail
 * @param smartHostUser null, as the file with the password: no login
 * @param routes not resolved
 */
public record RelayConfig(
    int port,
    List<InetAddress> sourceAddresses,
    Tls tls,
    @Nullable Path authoritiesFile,
    @Nullable InetSocketAddress smartHost,
    List<DomainName> smartHostDomains,
    @Nullable String smartHostUser,
    @Nullable Path smartHostPasswordFile,
    Map<DomainName, InetSocketAddress> routes) {

  public RelayConfig {
    sourceAddresses = List.copyOf(sourceAddresses);
    Objects.requireNonNull(tls, "tls");
    smartHostDomains = List.copyOf(smartHostDomains);
    routes = Map.copyOf(routes);
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
