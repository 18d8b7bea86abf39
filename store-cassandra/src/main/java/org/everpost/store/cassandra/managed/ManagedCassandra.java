package org.everpost.store.cassandra.managed;

import java.time.InstantSource;
import java.util.function.Consumer;
import org.everpost.store.StoreUnavailableException;

/** A Cassandra node that runs as long as this object is open. Safe for any number of threads. */
public final class ManagedCassandra implements AutoCloseable {

  private ManagedCassandra() {}

  /**
   * Starts a node and returns when it serves.
   *
   * @throws StoreUnavailableException if there is no JDK 17, or the node does not come up in time
   */
  public static ManagedCassandra start(
      ManagedOptions options, InstantSource clock, Consumer<NodeEvent> events) {
    return new ManagedCassandra();
  }

  /** Drains and stops the node. */
  @Override
  public void close() {}
}
