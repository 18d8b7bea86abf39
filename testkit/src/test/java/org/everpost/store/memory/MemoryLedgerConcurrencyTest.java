package org.everpost.store.memory;

import java.time.InstantSource;
import java.util.SplittableRandom;
import org.everpost.store.Store;
import org.everpost.testkit.store.LedgerConcurrencyContract;

final class MemoryLedgerConcurrencyTest extends LedgerConcurrencyContract {

  private final MemoryStore store = new MemoryStore(InstantSource.system(), new SplittableRandom());

  @Override
  protected Store store() {
    return store;
  }
}
