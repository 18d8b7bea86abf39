package org.everpost.store.memory;

import java.time.InstantSource;
import java.util.SplittableRandom;
import org.everpost.store.Ledger;
import org.everpost.testkit.store.LedgerContract;

final class MemoryLedgerTest extends LedgerContract {

  private final MemoryStore store = new MemoryStore(InstantSource.system(), new SplittableRandom());

  @Override
  protected Ledger ledger() {
    return store.ledger();
  }
}
