package org.everpost.core.password;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Where a login comes from, as far as throttling is concerned: an IPv4 address, or the /64 an IPv6
 * address is of, because its owner has all of that.
 *
 * @param key 8 or 16 hex digits
 * @param network the same of the /24 or the /56 it is in
 * @param exempt from throttling: 127.0.0.1 and ::1
 * @param familiar whether some user has logged in from there lately
 */
record LoginSource(String key, String network, boolean exempt, boolean familiar) {

  private static final int IPV6_PREFIX_OCTETS = 8;

  static LoginSource of(ConnectionInfo connection) {
    InetAddress address = connection.peer().getAddress();
    byte[] octets = address == null ? new byte[4] : address.getAddress();
    byte[] source = octets.length == 16 ? Arrays.copyOf(octets, IPV6_PREFIX_OCTETS) : octets;
    byte[] network = Arrays.copyOf(source, source.length - 1);
    return new LoginSource(
        HexFormat.of().formatHex(source),
        HexFormat.of().formatHex(network),
        connection.isLoopback(),
        connection.isFamiliar());
  }
}
