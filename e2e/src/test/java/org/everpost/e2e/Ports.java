package org.everpost.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports of loopback. They are below those the kernel gives to outgoing connections, so that a
 * server which is started again finds its port still free.
 */
final class Ports {

  private static final int FIRST = 12_000;
  private static final int LAST = 32_000;
  private static final int TRIES = 1_000;

  private Ports() {}

  static List<Integer> free(int count) {
    for (int i = 0; i < TRIES; i++) {
      int first = ThreadLocalRandom.current().nextInt(FIRST, LAST - count);
      List<Integer> ports = new ArrayList<>();
      while (ports.size() < count && isFree(first + ports.size())) {
        ports.add(first + ports.size());
      }
      if (ports.size() == count) {
        return List.copyOf(ports);
      }
    }
    throw new IllegalStateException("no free ports");
  }

  /** For a Cassandra's clients; the port for its own kind lies 2,000 below. */
  static int forCassandra() {
    for (int i = 0; i < TRIES; i++) {
      int port = free(1).getFirst();
      if (isFree(port - 2_000)) {
        return port;
      }
    }
    throw new IllegalStateException("no free ports");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
