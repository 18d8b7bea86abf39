package org.everpost.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.everpost.store.Store;
import org.everpost.store.StoreUnavailableException;
import org.everpost.testkit.store.LifecycleContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RocksDbLifecycleTest extends LifecycleContract {

  @TempDir private Path directory;

  @Override
  protected Store open() {
    return Stores.open(directory);
  }

  @Test
  void aDirectoryIsOpenedOnce() {
    try (Store store = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining(directory.toString());
      store.ledger();
    }
    open().close();
  }
}
