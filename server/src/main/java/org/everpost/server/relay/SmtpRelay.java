package org.everpost.server.relay;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import org.everpost.core.dns.Resolver;
import org.everpost.core.spool.TlsDemand;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.net.ConnectionSettings;
import org.everpost.server.net.Dialer;
import org.everpost.server.relay.Routes.SmartHost;
import org.everpost.server.relay.mtasts.StsPolicies;
import org.everpost.server.relay.tls.Authorities;
import org.everpost.server.relay.tls.TlsReports;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.smtp.AddressLiteral;
import org.jspecify.annotations.Nullable;

/** The relay that speaks SMTP. */
public final class SmtpRelay implements Relay, AutoCloseable {

  private static final String IPV6 = "ipv6:";

  private final RelayParts parts;
  private final MxLookup lookup;

  /**
   * @param own what must not be sent to
   * @param sts the policies of domains
   * @param authorities whose certificates are believed
   * @param reports hears how TLS went
   */
  public SmtpRelay(
      RelaySettings settings,
      OwnAddresses own,
      Resolver resolver,
      StsPolicies sts,
      Authorities authorities,
      TlsReports reports,
      Clock clock,
      RandomSource random) {
    RelayLimits limits = settings.limits();
    Dialer dialer = new Dialer("relay", ConnectionSettings.DEFAULT, clock, random);
    this.parts =
        new RelayParts(
            settings,
            own,
            resolver,
            new ServerPolicies(settings, resolver, sts, reports),
            new DeadAddresses(clock, limits.dead()),
            new AddressRace(dialer, limits, settings.sources(), clock),
            new SessionOpening(settings, own, authorities, reports, dialer, clock, random),
            dialer,
            clock,
            random);
    this.lookup = new MxLookup(resolver, random, own);
  }

  @Override
  public Attempt connect(Destination destination, TlsDemand tls, Permission permission) {
    return new ConnectAttempt(parts, tls, permission).run(nextHop(destination));
  }

  private NextHop nextHop(Destination destination) {
    SmartHost smartHost = parts.settings().routes().of(destination);
    if (smartHost != null) {
      return nextHop(smartHost);
    }
    int port = parts.settings().port();
    return switch (destination) {
      case Destination.Domain domain -> lookup.find(domain.name(), port);
      case Destination.Literal literal ->
          new NextHop.Address(address(literal.address()), port, false, null);
    };
  }

  private static NextHop nextHop(SmartHost smartHost) {
    InetAddress address = literal(smartHost.host());
    if (address != null) {
      return new NextHop.Address(address, smartHost.port(), true, smartHost.login());
    }
    List<List<DomainName>> hosts = List.of(List.of(DomainName.of(smartHost.host())));
    return new NextHop.Hosts(null, null, hosts, true, true, smartHost.port(), smartHost.login());
  }

  static InetAddress address(AddressLiteral literal) {
    String text = literal.text();
    boolean six = text.toLowerCase(Locale.ROOT).startsWith(IPV6);
    return InetAddress.ofLiteral(six ? text.substring(IPV6.length()) : text);
  }

  private static @Nullable InetAddress literal(String host) {
    try {
      return InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Cuts off everything that is under way. */
  @Override
  public void close() {
    parts.dialer().close();
  }
}
