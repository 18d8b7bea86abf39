package org.everpost.store.cassandra;

import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.everpost.store.Blobs;
import org.everpost.store.Hints;
import org.everpost.store.Ledger;
import org.everpost.store.Store;
import org.everpost.store.StoreUnavailableException;

/** The distributed engine. Safe for any number of threads. */
public final class CassandraStore implements Store {

  private CassandraStore() {}

  /**
   * Connects to a cluster and makes the keyspaces and tables that are missing; several nodes may do
   * so at once.
   *
   * @throws StoreUnavailableException if the cluster does not answer
   */
  public static CassandraStore open(
      CassandraOptions options, InstantSource clock, RandomGenerator random) {
    return new CassandraStore();
  }

  @Override
  public Ledger ledger() {
    throw new StoreUnavailableException("not built yet");
  }

  @Override
  public Blobs blobs() {
    throw new StoreUnavailableException("not built yet");
  }

  @Override
  public Hints hints() {
    throw new StoreUnavailableException("not built yet");
  }

  @Override
  public boolean shared() {
    return true;
  }

  @Override
  public void close() {}
}
