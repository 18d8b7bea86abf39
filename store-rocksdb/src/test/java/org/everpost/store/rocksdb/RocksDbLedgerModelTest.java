package org.everpost.store.rocksdb;

import java.nio.file.Path;
import org.everpost.store.Ledger;
import org.everpost.testkit.store.LedgerModelContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

final class RocksDbLedgerModelTest extends LedgerModelContract {

  private static RocksDbStore store;

  @BeforeAll
  static void open(@TempDir Path directory) {
    store = Stores.open(directory);
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @Override
  protected Ledger ledger() {
    return store.ledger();
  }

  @Override
  protected void settle() {
    try {
      store.flushForTest();
    } catch (RocksDBException e) {
      throw new AssertionError(e);
    }
  }
}
