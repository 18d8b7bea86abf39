package org.everpost.core.spf;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Collectors;
import org.everpost.wire.address.DomainName;

/**
 * Who wants to send (RFC 7208 §4.1).
 *
 * @param address never an IPv4 address in the clothes of an IPv6 one (§5)
 * @param helo as it was given
 * @param localPart of the sender
 * @param senderDomain of the sender, which is postmaster at what was said at HELO if there is none
 */
record Client(InetAddress address, String helo, String localPart, DomainName senderDomain) {

  private static final int MAPPED_PREFIX_OCTETS = 12;

  Client {
    address = unmapped(address);
    Objects.requireNonNull(helo, "helo");
    Objects.requireNonNull(localPart, "localPart");
    Objects.requireNonNull(senderDomain, "senderDomain");
  }

  private static InetAddress unmapped(InetAddress address) {
    byte[] octets = address.getAddress();
    boolean mapped = octets.length == 16 && octets[10] == -1 && octets[11] == -1;
    for (int i = 0; i < 10 && mapped; i++) {
      mapped = octets[i] == 0;
    }
    if (!mapped) {
      return address;
    }
    StringBuilder four = new StringBuilder();
    for (int i = MAPPED_PREFIX_OCTETS; i < octets.length; i++) {
      four.append(four.isEmpty() ? "" : ".").append(octets[i] & 0xff);
    }
    return InetAddress.ofLiteral(four.toString());
  }

  boolean isIpv4() {
    return address instanceof Inet4Address;
  }

  /** Whether it is in a network, which has to be of its kind. */
  boolean isIn(InetAddress network, int bits) {
    byte[] a = address.getAddress();
    byte[] b = network.getAddress();
    if (a.length != b.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      if (((a[i / 8] ^ b[i / 8]) & (0x80 >> (i % 8))) != 0) {
        return false;
      }
    }
    return true;
  }

  /** For people. */
  String text() {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }

  /** As names have it (§7.3): an IPv6 address as its 32 hexadecimal digits with dots between. */
  String dotted() {
    return isIpv4()
        ? address.getHostAddress()
        : HexFormat.of()
            .formatHex(address.getAddress())
            .chars()
            .mapToObj(Character::toString)
            .collect(Collectors.joining("."));
  }

  String sender() {
    return localPart + "@" + senderDomain;
  }
}
