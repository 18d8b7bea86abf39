package org.everpost.wire.proxy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A header of version 2: twelve fixed octets, version and command, address family and transport,
 * and the length of the rest, which begins with addresses and ports.
 */
public final class ProxyHeader {

  /** What tells how long the rest is. */
  public static final int START_OCTETS = 16;

  /** More is not read: addresses, and room for the additions (TLVs) that are skipped. */
  private static final int MAX_REST_OCTETS = 2_048;

  private static final byte[] SIGNATURE =
      "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII);

  private static final int VERSION_2 = 0x20;
  private static final int LOCAL = 0;
  private static final int PROXY = 1;
  private static final int TCP_OVER_IPV4 = 0x11;
  private static final int TCP_OVER_IPV6 = 0x21;
  private static final int IPV4_OCTETS = 4;
  private static final int IPV6_OCTETS = 16;

  private final byte[] source;
  private final int port;

  private ProxyHeader(byte[] source, int port) {
    this.source = source;
    this.port = port;
  }

  /**
   * How many octets follow.
   *
   * @param start the first {@link #START_OCTETS}
   */
  public static int restOctets(byte[] start) throws ProxyHeaderException {
    if (start.length != START_OCTETS
        || !Arrays.equals(start, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
      throw new ProxyHeaderException("it does not begin as one of version 2");
    }
    int length = (start[14] & 0xff) << 8 | (start[15] & 0xff);
    if (length > MAX_REST_OCTETS) {
      throw new ProxyHeaderException("it is too long: " + length + " octets");
    }
    return length;
  }

  /** Reads a header from its two parts. */
  public static ProxyHeader parse(byte[] start, byte[] rest) throws ProxyHeaderException {
    if (rest.length != restOctets(start)) {
      throw new ProxyHeaderException("its length is wrong");
    }
    int command = start[12] & 0xff;
    if ((command & 0xf0) != VERSION_2) {
      throw new ProxyHeaderException("it is not of version 2");
    }
    return switch (command & 0x0f) {
      case LOCAL -> new ProxyHeader(new byte[0], 0);
      case PROXY -> ofClient(start[13] & 0xff, rest);
      default -> throw new ProxyHeaderException("its command is neither LOCAL nor PROXY");
    };
  }

  private static ProxyHeader ofClient(int family, byte[] rest) throws ProxyHeaderException {
    int octets =
        switch (family) {
          case TCP_OVER_IPV4 -> IPV4_OCTETS;
          case TCP_OVER_IPV6 -> IPV6_OCTETS;
          default -> throw new ProxyHeaderException("it is not of TCP over IPv4 or IPv6");
        };
    if (rest.length < 2 * octets + 4) {
      throw new ProxyHeaderException("it is too short for its addresses");
    }
    int port = (rest[2 * octets] & 0xff) << 8 | (rest[2 * octets + 1] & 0xff);
    return new ProxyHeader(Arrays.copyOf(rest, octets), port);
  }

  /** Whether the load balancer connects for itself. */
  public boolean isLocal() {
    return source.length == 0;
  }

  /** The address of the client: 4 or 16 octets; none for a local one. */
  public byte[] source() {
    return source.clone();
  }

  /** The port of the client. */
  public int port() {
    return port;
  }
}
