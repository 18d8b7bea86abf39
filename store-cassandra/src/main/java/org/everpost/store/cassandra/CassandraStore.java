package org.everpost.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.everpost.store.Blobs;
import org.everpost.store.Hints;
import org.everpost.store.Ledger;
import org.everpost.store.Store;
import org.everpost.store.StoreUnavailableException;

/** The distributed engine. Safe for any number of threads. */
public final class CassandraStore implements Store {

  private final Requests requests;
  private final CassandraLedger ledger;
  private final CassandraBlobs blobs;
  private final CassandraHints hints;

  private CassandraStore(
      CqlSession session, CassandraOptions options, InstantSource clock, RandomGenerator random) {
    this.requests = new Requests(session, options, random);
    this.ledger = new CassandraLedger(requests, options.keyspace());
    this.blobs = new CassandraBlobs(requests, options, clock, random);
    this.hints = new CassandraHints(requests, Schema.hintsKeyspace(options), clock);
  }

  /**
   * Connects to a cluster and makes the keyspaces and tables that are missing; several nodes may do
   * so at once.
   *
   * @param clock stamps blob ids and hints
   * @param random makes blob ids and spreads retries; used by many threads
   * @throws StoreUnavailableException if the cluster does not answer
   */
  public static CassandraStore open(
      CassandraOptions options, InstantSource clock, RandomGenerator random) {
    try {
      CqlSession session = Driver.connect(options);
      try {
        new Schema(session, options).create();
        return new CassandraStore(session, options, clock, random);
      } catch (RuntimeException e) {
        session.close();
        throw e;
      }
    } catch (DriverException e) {
      throw new StoreUnavailableException(
          "Cassandra at " + options.contactPoints() + " cannot be used: " + e.getMessage(), e);
    }
  }

  @Override
  public Ledger ledger() {
    return ledger;
  }

  @Override
  public Blobs blobs() {
    return blobs;
  }

  @Override
  public Hints hints() {
    return hints;
  }

  /** Other nodes commit to the same partitions. */
  @Override
  public boolean shared() {
    return true;
  }

  @Override
  public void close() {
    requests.close();
  }
}
