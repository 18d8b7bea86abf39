package org.everpost.server.guard;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.everpost.core.config.Config;
import org.everpost.core.config.GuardConfig;
import org.everpost.core.peer.IpNetwork;
import org.everpost.wire.address.EmailAddress;

/**
 * What bounds peers.
 *
 * @param connections how many there may be at once, all together
 * @param perAddress how many from one address (IPv6: one /64); not for our own
 * @param strangers how many of peers nobody knows, from other servers
 * @param ownNetworks whose peers are our own, beside 127.0.0.1 and ::1
 * @param greetPause how long strangers wait for the greeting; zero: not at all
 * @param greylist how long strangers have to stay away before they may deliver; zero: not at all
 */
public record GuardSettings(
    int connections,
    int perAddress,
    int strangers,
    List<IpNetwork> ownNetworks,
    Duration greetPause,
    Duration greylist,
    Set<EmailAddress> traps) {

  /** Bad peers have so many places in any case, and more where strangers leave more. */
  private static final int MOST_BAD = 1_000;

  public GuardSettings {
    ownNetworks = List.copyOf(ownNetworks);
    traps = Set.copyOf(traps);
    if (connections < 1 || perAddress < 1 || strangers < 1) {
      throw new IllegalArgumentException("at least one connection");
    }
  }

  /**
   * As the configuration says.
   *
   * @param connections how many there may be, as far as the system has room for them
   */
  public static GuardSettings of(Config config, int connections) {
    GuardConfig guard = config.guard();
    return new GuardSettings(
        connections,
        config.limits().connectionsPerAddress(),
        guard.strangers(),
        guard.ownNetworks(),
        guard.greetPause(),
        guard.greylist(),
        Set.copyOf(guard.traps()));
  }

  /** For a test, or anything else without a configuration: little of everything, no waiting. */
  public static GuardSettings bare(int connections, int perAddress) {
    return new GuardSettings(
        connections, perAddress, connections, List.of(), Duration.ZERO, Duration.ZERO, Set.of());
  }

  /** Whether nobody should write to an address; case makes no difference, as in the directory. */
  boolean isTrap(EmailAddress address) {
    return traps.stream().anyMatch(trap -> trap.toString().equalsIgnoreCase(address.toString()));
  }

  /** How many of a class there may be at a gate while nothing presses. */
  int places(Gate gate, PeerClass peerClass) {
    boolean mx = gate == Gate.MX;
    return switch (peerClass) {
      case OWN -> connections;
      case GOOD -> share(mx || gate == Gate.LMTP ? 10 : 20);
      case UNKNOWN -> mx ? Math.min(strangers, share(2)) : share(20);
      case BAD -> Math.min(share(20), MOST_BAD);
    };
  }

  private int share(int part) {
    return Math.max(1, connections / part);
  }

  boolean isOwn(InetAddress address) {
    return isThisMachine(address)
        || ownNetworks.stream().anyMatch(network -> network.contains(address));
  }

  /** Whether all of a network is our own by the configuration. */
  public static boolean isOwn(Config config, IpNetwork network) {
    InetAddress address = network.single();
    return (address != null && isThisMachine(address))
        || config.guard().ownNetworks().stream().anyMatch(own -> own.contains(network));
  }

  /** Whether it is 127.0.0.1 or ::1: the rest of 127.0.0.0/8 counts as the Internet. */
  public static boolean isThisMachine(InetAddress address) {
    byte[] octets = address.getAddress();
    for (int i = octets.length == 4 ? 1 : 0; i < octets.length - 1; i++) {
      if (octets[i] != 0) {
        return false;
      }
    }
    return octets[octets.length - 1] == 1 && (octets.length == 16 || octets[0] == 127);
  }
}
