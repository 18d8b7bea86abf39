package org.everpost.store.memory;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.everpost.store.BlobId;
import org.everpost.store.Blobs;
import org.everpost.store.Hints;
import org.everpost.store.Ledger;
import org.everpost.store.Store;
import org.everpost.store.StoreUnavailableException;

/**
 * The engine that keeps everything in memory and forgets it when closed. Safe for any number of
 * threads.
 */
public final class MemoryStore implements Store {

  private final AtomicBoolean closed = new AtomicBoolean();
  private final MemoryLedger ledger = new MemoryLedger(this::requireOpen);
  private final MemoryBlobs blobs;
  private final MemoryHints hints;

  /**
   * @param clock stamps blob ids and ends hints
   * @param random makes blob ids; used by one thread at a time
   */
  public MemoryStore(InstantSource clock, RandomGenerator random) {
    this.blobs = new MemoryBlobs(clock, random, this::requireOpen);
    this.hints = new MemoryHints(clock, this::requireOpen);
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

  @Override
  public boolean shared() {
    return false;
  }

  @Override
  public void close() {
    closed.set(true);
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new StoreUnavailableException("the store is closed");
    }
  }

  /** Flips the lowest bit of one stored octet of a blob. For tests of what notices it. */
  void damage(BlobId id, int chunk, int octet) {
    blobs.damage(id, chunk, octet);
  }
}
