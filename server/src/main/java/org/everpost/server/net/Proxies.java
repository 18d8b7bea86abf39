package org.everpost.server.net;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.everpost.core.peer.IpNetwork;
import org.everpost.core.time.Clock;
import org.everpost.wire.proxy.ProxyHeader;
import org.everpost.wire.proxy.ProxyHeaderException;

/** Load balancers that say for whom they connect, by version 2 of the PROXY protocol. */
final class Proxies {

  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int MAX_UNDER_WAY = 2_000;

  private final List<IpNetwork> networks;
  private final Clock clock;
  private final Semaphore underWay = new Semaphore(MAX_UNDER_WAY);

  Proxies(List<IpNetwork> networks, Clock clock) {
    this.networks = List.copyOf(networks);
    this.clock = clock;
  }

  boolean has(InetAddress address) {
    return !networks.isEmpty() && networks.stream().anyMatch(n -> n.contains(address));
  }

  /**
   * Reads the header, and nothing behind it.
   *
   * @return the client; the load balancer itself where it looks whether we are there
   */
  InetSocketAddress client(Socket socket, InetSocketAddress proxy) throws IOException {
    if (!underWay.tryAcquire()) {
      throw new IOException("too many connections by load balancers begin at once");
    }
    try {
      long until = clock.nanoTime() + LIMIT.toNanos();
      byte[] start = read(socket, ProxyHeader.START_OCTETS, until);
      byte[] rest = read(socket, ProxyHeader.restOctets(start), until);
      ProxyHeader header = ProxyHeader.parse(start, rest);
      return header.isLocal()
          ? proxy
          : new InetSocketAddress(InetAddress.getByAddress(header.source()), header.port());
    } catch (ProxyHeaderException e) {
      throw new IOException("PROXY header: " + e.getMessage(), e);
    } finally {
      underWay.release();
    }
  }

  private byte[] read(Socket socket, int octets, long until) throws IOException {
    byte[] target = new byte[octets];
    InputStream in = socket.getInputStream();
    int read = 0;
    while (read < octets) {
      long left = (until - clock.nanoTime()) / 1_000_000;
      socket.setSoTimeout((int) Math.max(1, left));
      int n = left <= 0 ? -1 : in.read(target, read, octets - read);
      if (n < 0) {
        throw new EOFException("no whole PROXY header came");
      }
      read += n;
    }
    return target;
  }
}
