package org.everpost.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.everpost.store.rocksdb.Database.Beginning;
import org.everpost.store.rocksdb.Database.Handle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

final class DatabaseTest {

  @TempDir private Path directory;

  /** Else its memory, files and lock are kept, and the next attempt meets them. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDatabaseThatCannotBeUsedIsClosed(boolean expected) throws RocksDBException {
    Beginning failing =
        _ -> {
          if (expected) {
            throw new RocksDBException("as a test wants it");
          }
          throw new IllegalStateException("as a test wants it");
        };
    for (int attempt = 0; attempt < 2; attempt++) {
      RocksDB db = RocksDB.open(directory.toString());
      ColumnFamilyHandle all = db.getDefaultColumnFamily();
      Handle opened = new Handle(db, all, all, all, all);
      assertThatThrownBy(() -> Database.begun(opened, failing)).hasMessage("as a test wants it");
      assertThat(db.isOwningHandle()).isFalse();
    }
  }
}
