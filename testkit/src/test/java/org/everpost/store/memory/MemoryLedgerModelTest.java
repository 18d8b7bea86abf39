package org.everpost.store.memory;

import java.time.InstantSource;
import java.util.SplittableRandom;
import org.everpost.store.Ledger;
import org.everpost.testkit.store.LedgerModelContract;

final class MemoryLedgerModelTest extends LedgerModelContract {

  private final MemoryStore store = new MemoryStore(InstantSource.system(), new SplittableRandom());

  @Override
  protected Ledger ledger() {
    return store.ledger();
  }
}
