package org.everpost.store.cassandra;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the Cassandra cluster is and how Everpost uses it.
 *
 * @param contactPoints some of the cluster's nodes; the others are learned from them
 * @param datacenter the name of the data centre that holds all replicas
 * @param replicationFactor how many nodes keep a copy; used when the keyspaces are made
 * @param keyspace the name of the ledger's and the blobs' keyspace, {@code [a-z][a-z0-9_]*}, at
 *     most 40 characters; the hints lie in a second one, {@code <keyspace>_hints}
 * @param maxInFlight how many requests may be under way at once; further callers wait
 * @param patience how long a verb tries again while the cluster cannot answer
 * @param disk where the only node keeps its data, if it runs on this machine: while its file system
 *     has little room no blob is taken, so that all else, deleting above all, goes on; null: the
 *     nodes look after their disks themselves
 */
public record CassandraOptions(
    List<InetSocketAddress> contactPoints,
    String datacenter,
    int replicationFactor,
    String keyspace,
    int maxInFlight,
    Duration patience,
    @Nullable Path disk) {

  private static final String DEFAULT_KEYSPACE = "everpost";
  private static final int DEFAULT_MAX_IN_FLIGHT = 256;
  private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(10);
  private static final int MAX_KEYSPACE_CHARACTERS = 40;

  public CassandraOptions {
    contactPoints = List.copyOf(contactPoints);
    Objects.requireNonNull(datacenter, "datacenter");
    Objects.requireNonNull(patience, "patience");
    require(!contactPoints.isEmpty(), "no contact point");
    require(datacenter.matches("[A-Za-z0-9_.-]{1,64}"), "datacenter " + datacenter);
    require(replicationFactor >= 1 && replicationFactor <= 9, "replication factor");
    require(
        keyspace.matches("[a-z][a-z0-9_]*") && keyspace.length() <= MAX_KEYSPACE_CHARACTERS,
        "keyspace " + keyspace);
    require(maxInFlight >= 1 && maxInFlight <= 1024, "max in flight");
    require(patience.isPositive(), "patience");
  }

  /** The usual options. */
  public static CassandraOptions of(
      List<InetSocketAddress> contactPoints, String datacenter, int replicationFactor) {
    return new CassandraOptions(
        contactPoints,
        datacenter,
        replicationFactor,
        DEFAULT_KEYSPACE,
        DEFAULT_MAX_IN_FLIGHT,
        DEFAULT_PATIENCE,
        null);
  }

  /** These options with another keyspace. */
  public CassandraOptions withKeyspace(String other) {
    return new CassandraOptions(
        contactPoints, datacenter, replicationFactor, other, maxInFlight, patience, disk);
  }

  /** These options for a node that keeps its data here. */
  public CassandraOptions withDisk(Path its) {
    return new CassandraOptions(
        contactPoints, datacenter, replicationFactor, keyspace, maxInFlight, patience, its);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("out of bounds: " + what);
    }
  }
}
