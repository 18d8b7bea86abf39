package org.everpost.core.zone;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.everpost.core.config.Config;
import org.everpost.core.directory.SigningKey;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * What the records of a domain follow from.
 *
 * @param addresses of the server that others reach it by, as far as the configuration says
 * @param machine the addresses of the machine, if the server listens on all of them
 * @param sources the addresses mail leaves from, as far as the configuration says
 * @param smartHost where all mail goes first; null: it does not
 * @param ports of the services mail programs use
 */
public record DomainFacts(
    DomainName domain,
    DomainName hostname,
    List<InetAddress> addresses,
    List<InetAddress> machine,
    List<InetAddress> sources,
    @Nullable String smartHost,
    Ports ports,
    List<SigningKey> keys,
    Instant now) {

  public DomainFacts {
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(hostname, "hostname");
    addresses = List.copyOf(addresses);
    machine = List.copyOf(machine);
    sources = List.copyOf(sources);
    Objects.requireNonNull(ports, "ports");
    keys = List.copyOf(keys);
    Objects.requireNonNull(now, "now");
  }

  /** 0: there is no such service. */
  public record Ports(int imaps, int pop3s, int submissions) {}

  /**
   * As far as the configuration says.
   *
   * @param machine all addresses of the machine
   */
  public static DomainFacts of(
      Config config,
      DomainName domain,
      List<SigningKey> keys,
      Collection<InetAddress> machine,
      Instant now) {
    List<InetAddress> listening =
        config.listen().smtp().stream().map(InetSocketAddress::getAddress).toList();
    InetSocketAddress smartHost =
        config.relay().smartHostDomains().isEmpty() ? config.relay().smartHost() : null;
    return new DomainFacts(
        domain,
        config.hostname(),
        published(listening),
        listening.stream().anyMatch(InetAddress::isAnyLocalAddress)
            ? published(machine)
            : List.of(),
        published(config.relay().sourceAddresses()),
        smartHost == null ? null : smartHost.getHostString(),
        new Ports(
            port(config.listen().imaps()),
            port(config.listen().pop3s()),
            port(config.listen().submissions())),
        keys,
        now);
  }

  private static List<InetAddress> published(Collection<InetAddress> addresses) {
    return addresses.stream().filter(DomainFacts::isPublished).distinct().toList();
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
