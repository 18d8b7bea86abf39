package org.everpost.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Objects;
import org.everpost.store.BlobId;
import org.everpost.store.Blobs;
import org.everpost.testkit.store.BlobsContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class RocksDbBlobsTest extends BlobsContract {

  @TempDir private Path directory;
  private RocksDbStore store;

  @BeforeEach
  void open() {
    store = Stores.open(directory);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected Blobs blobs() {
    return store.blobs();
  }

  @Override
  protected void damage(BlobId id, int chunk) throws Exception {
    byte[] stored = Objects.requireNonNull(((RocksDbBlobs) store.blobs()).chunk(id, chunk));
    store.flushForTest();
    store.close();
    assertThat(Damage.flipOneBit(directory, stored)).isPositive();
    open();
  }
}
