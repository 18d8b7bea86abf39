package org.everpost.server.guard;

import java.net.InetAddress;

/**
 * Where a peer comes from, at three widths: an IPv4 address with its /24 and /21, or, as one
 * customer has all of it, an IPv6 /64 with its /56 and /48.
 */
record Origin(long address, long network, long region) {

  /** Above all IPv4 addresses stand bits that no IPv6 unicast address begins with. */
  private static final long IPV4 = 0xff00_0000_0000_0000L;

  static Origin of(InetAddress address) {
    byte[] octets = address.getAddress();
    boolean v4 = octets.length == 4;
    long bits = 0;
    for (int i = 0; i < (v4 ? 4 : 8); i++) {
      bits = bits << 8 | (octets[i] & 0xff);
    }
    return v4
        ? new Origin(IPV4 | bits, IPV4 | (bits & ~0xffL), IPV4 | (bits & ~0x7ffL))
        : new Origin(bits, bits & ~0xffL, bits & ~0xffffL);
  }

  /** The name of the address where hints are kept. */
  byte[] key() {
    byte[] key = new byte[Long.BYTES];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (address >>> (56 - 8 * i));
    }
    return key;
  }
}
