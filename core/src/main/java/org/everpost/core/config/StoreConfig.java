package org.everpost.core.config;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;

/** Which storage engine keeps everything. */
public sealed interface StoreConfig {

  /** The name in the configuration. */
  String engine();

  /** The embedded engine, in the data directory. */
  record RocksDb() implements StoreConfig {
    @Override
    public String engine() {
      return "rocksdb";
    }
  }

  /**
   * Apache Cassandra.
   *
   * @param contactPoints nodes by which the cluster is found; not resolved
   */
  record Cassandra(
      Mode mode, List<InetSocketAddress> contactPoints, String datacenter, int replicationFactor)
      implements StoreConfig {
    public Cassandra {
      Objects.requireNonNull(mode, "mode");
      contactPoints = List.copyOf(contactPoints);
      Objects.requireNonNull(datacenter, "datacenter");
    }

    @Override
    public String engine() {
      return "cassandra";
    }
  }

  /** Who runs Cassandra. */
  enum Mode {
    /** We do: a child process. */
    MANAGED,
    /** Somebody else. */
    EXTERNAL
  }
}
