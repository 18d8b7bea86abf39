package org.everpost.store;

/** One storage engine: its three kinds of storage, opened and closed together. */
public interface Store extends AutoCloseable {

  Ledger ledger();

  Blobs blobs();

  Hints hints();

  /**
   * Whether other processes commit to the same partitions. If not, a partition changes only through
   * this object, so what a caller has cached of it stays true until it commits itself.
   */
  boolean shared();

  /** Finishes what is under way and releases everything. Closing twice does nothing. */
  @Override
  void close();
}
