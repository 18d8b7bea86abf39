package org.everpost.server.relay;

import java.util.Map;
import java.util.Objects;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * Where mail goes that does not go where DNS says.
 *
 * @param byDomain for the recipients' domain; stronger than {@code otherwise}
 * @param otherwise the smart host for all other domains; null: none
 */
public record Routes(Map<DomainName, SmartHost> byDomain, @Nullable SmartHost otherwise) {

  /** Everything goes where DNS says. */
  public static final Routes NONE = new Routes(Map.of(), null);

  public Routes {
    byDomain = Map.copyOf(byDomain);
  }

  /** The host for a destination; null: as DNS says. */
  public @Nullable SmartHost of(Destination destination) {
    return destination instanceof Destination.Domain domain
        ? byDomain.getOrDefault(domain.name(), otherwise)
        : otherwise;
  }

  /**
   * A server that takes mail for others from us.
   *
   * @param host a name, whose addresses are looked up, no MX; or an IP address
   * @param login null: it needs none
   */
  public record SmartHost(String host, int port, @Nullable Login login) {
    public SmartHost {
      Objects.requireNonNull(host, "host");
    }
  }

  /** As whom we log in (RFC 4954). */
  public record Login(String user, String password) {
    public Login {
      Objects.requireNonNull(user, "user");
      Objects.requireNonNull(password, "password");
    }

    /** Without the password. */
    @Override
    public String toString() {
      return user;
    }
  }
}
