package org.everpost.core.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Addresses with ports, as in {@code 127.0.0.1:25} and {@code [::1]:25}. */
final class ListenAddress {

  private static final int MAX_PORT = 65_535;

  private ListenAddress() {}

  /**
   * Parses an IP address and a port. Names are not taken: looking them up is nothing a server
   * should depend on when it starts.
   *
   * @throws IllegalArgumentException if it is none
   */
  static InetSocketAddress literal(String text) {
    int colon = split(text);
    String host = host(text, colon);
    int port = port(text, colon);
    try {
      return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not an IP address and a port, like 127.0.0.1:25 or [::1]:25", e);
    }
  }

  /**
   * Parses a name or an IP address, and a port; nothing is looked up.
   *
   * @throws IllegalArgumentException if it is none
   */
  static InetSocketAddress named(String text) {
    int colon = split(text);
    String host = host(text, colon);
    int port = port(text, colon);
    try {
      return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    } catch (IllegalArgumentException e) {
      return InetSocketAddress.createUnresolved(host, port);
    }
  }

  private static int split(String text) {
    int colon = text.lastIndexOf(':');
    boolean bracketed = text.startsWith("[") && colon > 1 && text.charAt(colon - 1) == ']';
    if (colon < 1 || (!bracketed && text.indexOf(':') != colon)) {
      throw new IllegalArgumentException(
          "'" + text + "' is not an address and a port, like 127.0.0.1:25 or [::1]:25");
    }
    return colon;
  }

  private static String host(String text, int colon) {
    return text.startsWith("[") ? text.substring(1, colon - 1) : text.substring(0, colon);
  }

  private static int port(String text, int colon) {
    int port;
    try {
      port = Integer.parseInt(text.substring(colon + 1));
    } catch (NumberFormatException e) {
      port = -1;
    }
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("'" + text + "' has no port from 0 to 65535");
    }
    return port;
  }

  /** As it was written. */
  static String text(InetSocketAddress address) {
    String host =
        address.isUnresolved() ? address.getHostString() : address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}
