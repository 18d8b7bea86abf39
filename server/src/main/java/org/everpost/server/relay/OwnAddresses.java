package org.everpost.server.relay;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collection;
import java.util.Objects;
import java.util.function.Supplier;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.smtp.AddressLiteral;
import org.jspecify.annotations.Nullable;

/** What leads back to this server. Safe for any number of threads. */
public final class OwnAddresses {

  private final DomainName hostname;
  private final Supplier<Collection<InetSocketAddress>> listening;

  /**
   * @param hostname our name
   * @param listening where we take mail from other servers; asked at each attempt
   */
  public OwnAddresses(DomainName hostname, Supplier<Collection<InetSocketAddress>> listening) {
    this.hostname = Objects.requireNonNull(hostname, "hostname");
    this.listening = Objects.requireNonNull(listening, "listening");
  }

  boolean isOurName(@Nullable DomainName name) {
    return hostname.equals(name);
  }

  /** Whether this is the name a peer calls itself, as it stands in its greeting. */
  boolean isOurName(String name) {
    return hostname.ascii().equalsIgnoreCase(name);
  }

  boolean isOurs(InetSocketAddress address) {
    for (InetSocketAddress own : listening.get()) {
      if (own.getPort() == address.getPort() && reaches(address.getAddress(), own.getAddress())) {
        return true;
      }
    }
    return false;
  }

  /** Whether what is addressed to an IP address (RFC 5321 §4.1.3) would come back to us. */
  public boolean isOurs(AddressLiteral literal) {
    InetAddress address = SmtpRelay.address(literal);
    return listening.get().stream().anyMatch(own -> reaches(address, own.getAddress()));
  }

  private static boolean reaches(InetAddress address, InetAddress own) {
    if (!own.isAnyLocalAddress()) {
      return own.equals(address);
    }
    try {
      return address.isAnyLocalAddress()
          || address.isLoopbackAddress()
          || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }
}
