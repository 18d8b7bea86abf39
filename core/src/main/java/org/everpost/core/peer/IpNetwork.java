package org.everpost.core.peer;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * All addresses that begin with the same bits.
 *
 * @param hex the octets of the lowest of them
 * @param prefix how many bits
 */
public record IpNetwork(String hex, int prefix) {

  private static final HexFormat HEX = HexFormat.of();

  /** So many bits of an IPv6 address say that it is an IPv4 address. */
  private static final int MAPPED_BITS = 96;

  /** The network of {@code prefix} bits an address is in. */
  public static IpNetwork of(InetAddress address, int prefix) {
    byte[] octets = address.getAddress();
    if (prefix < 0 || prefix > octets.length * 8) {
      throw new IllegalArgumentException("a prefix has 0 to " + octets.length * 8 + " bits");
    }
    for (int i = 0; i < octets.length; i++) {
      int bits = Math.clamp(prefix - 8L * i, 0, 8);
      octets[i] &= (byte) (0xff00 >> bits);
    }
    return new IpNetwork(HEX.formatHex(octets), prefix);
  }

  /** An address by itself. */
  public static IpNetwork of(InetAddress address) {
    return of(address, address.getAddress().length * 8);
  }

  /**
   * Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32} or an address. What is mapped into IPv6 is
   * the IPv4 it stands for (RFC 4291 §2.5.5.2), as with the addresses of peers.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static IpNetwork of(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    try {
      InetAddress address = InetAddress.ofLiteral(whole(host));
      if (slash < 0) {
        return of(address);
      }
      int prefix = Integer.parseInt(text.substring(slash + 1));
      IpNetwork network = of(address, isMapped(host, address) ? behindMark(text, prefix) : prefix);
      if (!network.hex.equals(HEX.formatHex(address.getAddress()))) {
        throw new IllegalArgumentException(
            "'" + text + "' has bits behind its prefix; write " + network);
      }
      return network;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' has no number behind the slash", e);
    } catch (IllegalArgumentException e) {
      String why = String.valueOf(e.getMessage());
      throw why.startsWith("'" + text) || why.startsWith("a prefix")
          ? e
          : new IllegalArgumentException(
              "'" + text + "' is neither an IP address nor a network like 192.0.2.0/24", e);
    }
  }

  /** The JDK itself makes an IPv4 address of it. */
  private static boolean isMapped(String host, InetAddress address) {
    return host.indexOf(':') >= 0 && address instanceof Inet4Address;
  }

  private static int behindMark(String text, int prefix) {
    if (prefix < MAPPED_BITS || prefix > MAPPED_BITS + 32) {
      throw new IllegalArgumentException(
          "'" + text + "' stands for IPv4, so its prefix has 96 to 128 bits");
    }
    return prefix - MAPPED_BITS;
  }

  /** The JDK takes 192.0.2 for 192.0.0.2, which nobody means who writes it here. */
  private static String whole(String host) {
    if (host.indexOf(':') < 0 && host.chars().filter(c -> c == '.').count() != 3) {
      throw new IllegalArgumentException("an IPv4 address has four numbers");
    }
    return host;
  }

  /** Whether an address is in it. */
  public boolean contains(InetAddress address) {
    byte[] octets = address.getAddress();
    return octets.length * 2 == hex.length() && of(address, prefix).hex.equals(hex);
  }

  /** Whether all of a network is in it. */
  public boolean contains(IpNetwork other) {
    return other.prefix >= prefix && contains(other.first());
  }

  /** The address it consists of; null if there are several. */
  public @Nullable InetAddress single() {
    return prefix == hex.length() * 4 ? first() : null;
  }

  private InetAddress first() {
    try {
      return InetAddress.getByAddress(HEX.parseHex(hex));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(hex, e);
    }
  }

  @Override
  public String toString() {
    String host = first().getHostAddress();
    return single() == null ? host + "/" + prefix : host;
  }
}
