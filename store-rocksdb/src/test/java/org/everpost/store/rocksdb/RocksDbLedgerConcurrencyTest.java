package org.everpost.store.rocksdb;

import java.nio.file.Path;
import org.everpost.store.Store;
import org.everpost.testkit.store.LedgerConcurrencyContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

final class RocksDbLedgerConcurrencyTest extends LedgerConcurrencyContract {

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
  protected Store store() {
    return store;
  }
}
