package org.everpost.server.relay;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.everpost.core.config.Config;
import org.everpost.core.config.RelayConfig;
import org.everpost.server.relay.Routes.Login;
import org.everpost.server.relay.Routes.SmartHost;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

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
    RelayConfig.Tls tls,
    Routes routes,
    RelayLimits limits) {

  public RelaySettings {
    Objects.requireNonNull(hostname, "hostname");
    sources = List.copyOf(sources);
    Objects.requireNonNull(tls, "tls");
    Objects.requireNonNull(routes, "routes");
    Objects.requireNonNull(limits, "limits");
  }

  /**
   * As configured.
   *
   * @throws IOException if the file with the password cannot be read; the message says so
   */
  public static RelaySettings of(Config config) throws IOException {
    RelayConfig relay = config.relay();
    Login login = login(relay);
    InetSocketAddress smartHost = relay.smartHost();
    SmartHost chosen = smartHost == null ? null : smartHost(smartHost, login);
    Map<DomainName, SmartHost> byDomain = new HashMap<>();
    if (chosen != null) {
      relay.smartHostDomains().forEach(domain -> byDomain.put(domain, chosen));
    }
    relay
        .routes()
        .forEach((domain, host) ->
            byDomain.put(domain, smartHost(host, host.equals(smartHost) ? login : null)));
    return new RelaySettings(
        config.hostname(),
        relay.port(),
        relay.sourceAddresses(),
        relay.tls(),
        new Routes(byDomain, relay.smartHostDomains().isEmpty() ? chosen : null),
        RelayLimits.DEFAULT);
  }

  private static SmartHost smartHost(InetSocketAddress host, @Nullable Login login) {
    String name = host.isUnresolved() ? host.getHostString() : host.getAddress().getHostAddress();
    return new SmartHost(name, host.getPort(), login);
  }

  private static @Nullable Login login(RelayConfig relay) throws IOException {
    Path file = relay.smartHostPasswordFile();
    if (relay.smartHostUser() == null || file == null) {
      return null;
    }
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      String password = lines.readLine();
      if (password == null || password.isEmpty()) {
        throw new IOException(file + ": has no password in its first line");
      }
      return new Login(relay.smartHostUser(), password);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": does not exist", e);
    } catch (AccessDeniedException e) {
      throw new IOException(file + ": may not be read by this user", e);
    }
  }
}
