package org.everpost.store.cassandra.managed;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How one supervised Cassandra node runs.
 *
 * @param home the directory with {@code lib} (Cassandra's jars) and {@code classes} (the child's
 *     main class), as the build leaves it in {@code store-cassandra/target/cassandra}
 * @param data the node's own directory: its configuration, log and data lie below
 * @param address where it listens: a loopback address
 * @param nativePort the port for clients
 * @param storagePort the port for the other nodes, the same on all of a cluster
 * @param seeds addresses of nodes that introduce new ones to the cluster, the same on all
 * @param clusterName the same on all nodes, never changed
 * @param datacenter the name of the data centre this node belongs to
 * @param heapMegabytes the size of its heap; 0: chosen from the machine's memory
 * @param throwaway for tests: settles at once instead of waiting for a cluster to gossip, and
 *     compiles in a hurry
 * @param startLimit how long the first start may take until the node serves
 * @param stopLimit how long it may take to drain before it is killed
 */
public record ManagedOptions(
    Path home,
    Path data,
    InetAddress address,
    int nativePort,
    int storagePort,
    List<InetAddress> seeds,
    String clusterName,
    String datacenter,
    int heapMegabytes,
    boolean throwaway,
    Duration startLimit,
    Duration stopLimit) {

  public ManagedOptions {
    Objects.requireNonNull(home, "home");
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(startLimit, "startLimit");
    Objects.requireNonNull(stopLimit, "stopLimit");
    seeds = List.copyOf(seeds);
    require(address.isLoopbackAddress(), "address: " + address + " is not loopback");
    require(!seeds.isEmpty(), "no seed");
    require(seeds.stream().allMatch(InetAddress::isLoopbackAddress), "seeds: not loopback");
    require(nativePort > 0 && nativePort < 1 << 16, "native port");
    require(storagePort > 0 && storagePort < 1 << 16, "storage port");
    require(clusterName.matches("[A-Za-z0-9_.-]{1,64}"), "cluster name " + clusterName);
    require(datacenter.matches("[A-Za-z0-9_.-]{1,64}"), "datacenter " + datacenter);
    require(heapMegabytes == 0 || heapMegabytes >= 256, "heap");
  }

  /** One node that is a cluster of its own. */
  public static ManagedOptions single(
      Path home, Path data, int nativePort, int storagePort, String datacenter) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return new ManagedOptions(
        home,
        data,
        loopback,
        nativePort,
        storagePort,
        List.of(loopback),
        "everpost",
        datacenter,
        0,
        false,
        Duration.ofMinutes(3),
        Duration.ofSeconds(6));
  }

  /** Where clients reach the node. */
  public InetSocketAddress contactPoint() {
    return new InetSocketAddress(address, nativePort);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("out of bounds: " + what);
    }
  }
}
