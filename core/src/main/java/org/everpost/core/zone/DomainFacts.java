package org.everpost.core.zone;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.everpost.core.config.Config;
import org.everpost.core.directory.SigningKey;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * What the records of a domain follow from.
 *
 * @param addresses of the server that others reach it by, as far as the configuration says
 * @param sources the addresses mail leaves from, as far as the configuration says
 * @param smartHost where all mail goes first; null: it does not
 * @param ports of the services mail programs use
 */
public record DomainFacts(
    DomainName domain,
    DomainName hostname,
    List<InetAddress> addresses,
    List<InetAddress> sources,
    @Nullable String smartHost,
    Ports ports,
    List<SigningKey> keys,
    Instant now) {

  public DomainFacts {
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(hostname, "hostname");
    addresses = List.copyOf(addresses);
    sources = List.copyOf(sources);
    Objects.requireNonNull(ports, "ports");
    keys = List.copyOf(keys);
    Objects.requireNonNull(now, "now");
  }

  /** 0: there is no such service. */
  public record Ports(int imaps, int pop3s, int submissions) {}

  public static DomainFacts of(
      Config config, DomainName domain, List<SigningKey> keys, Instant now) {
    List<InetAddress> sources =
        config.relay().sourceAddresses().stream().filter(DomainFacts::isPublished).toList();
    Set<InetAddress> addresses = new LinkedHashSet<>();
    for (InetSocketAddress listening : config.listen().smtp()) {
      if (isPublished(listening.getAddress())) {
        addresses.add(listening.getAddress());
      }
    }
    InetSocketAddress smartHost = config.relay().smartHost();
    return new DomainFacts(
        domain,
        config.hostname(),
        List.copyOf(addresses),
        sources,
        smartHost == null ? null : smartHost.getHostString(),
        new Ports(
            port(config.listen().imaps()),
            port(config.listen().pop3s()),
            port(config.listen().submissions())),
        keys,
        now);
  }

  /** Whether others can reach it: behind a translator of addresses only the operator knows. */
  private static boolean isPublished(InetAddress address) {
    byte[] octets = address.getAddress();
    boolean uniqueLocal = octets.length == 16 && (octets[0] & 0xfe) == 0xfc;
    boolean shared = octets.length == 4 && octets[0] == 100 && (octets[1] & 0xc0) == 64;
    return !address.isLoopbackAddress()
        && !address.isAnyLocalAddress()
        && !address.isLinkLocalAddress()
        && !address.isSiteLocalAddress()
        && !uniqueLocal
        && !shared;
  }

  private static int port(List<InetSocketAddress> listening) {
    return listening.isEmpty() ? 0 : listening.getFirst().getPort();
  }

  /** Whether the server's own name is in the zone of the domain. */
  boolean hostIsInDomain() {
    return hostname.equals(domain) || hostname.ascii().endsWith("." + domain.ascii());
  }
}
