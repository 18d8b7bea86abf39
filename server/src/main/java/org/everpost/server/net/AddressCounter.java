package org.everpost.server.net;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;

/** How many connections each address has. Safe for any number of threads. */
final class AddressCounter {

  private final int limit;
  private final ConcurrentHashMap<Network, Integer> counts = new ConcurrentHashMap<>();

  AddressCounter(int limit) {
    this.limit = limit;
  }

  /** Counts one more, unless that would be too many. */
  boolean enter(InetAddress address) {
    if (Connection.isThisMachine(address)) {
      return true;
    }
    // compute() is atomic, so two at once cannot both take the last place.
    boolean[] entered = new boolean[1];
    counts.compute(
        Network.of(address),
        (network, count) -> {
          int n = count == null ? 0 : count;
          entered[0] = n < limit;
          return entered[0] ? (Integer) (n + 1) : count;
        });
    return entered[0];
  }

  void leave(InetAddress address) {
    if (!Connection.isThisMachine(address)) {
      counts.computeIfPresent(
          Network.of(address), (network, count) -> count > 1 ? (Integer) (count - 1) : null);
    }
  }

  /** How many addresses have connections. */
  int size() {
    return counts.size();
  }

  /** An IPv4 address or, since one customer has as many as he likes, an IPv6 /64. */
  private record Network(long bits, boolean v6) {
    static Network of(InetAddress address) {
      byte[] octets = address.getAddress();
      long bits = 0;
      for (byte octet : Arrays.copyOf(octets, octets.length == 4 ? 4 : 8)) {
        bits = bits << 8 | (octet & 0xff);
      }
      return new Network(bits, octets.length != 4);
    }
  }
}
