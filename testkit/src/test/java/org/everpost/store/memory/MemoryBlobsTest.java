package org.everpost.store.memory;

import java.time.InstantSource;
import java.util.SplittableRandom;
import org.everpost.store.BlobId;
import org.everpost.store.Blobs;
import org.everpost.testkit.store.BlobsContract;

final class MemoryBlobsTest extends BlobsContract {

  private final MemoryStore store = new MemoryStore(InstantSource.system(), new SplittableRandom());

  @Override
  protected Blobs blobs() {
    return store.blobs();
  }

  @Override
  protected void damage(BlobId id, int chunk) {
    store.damage(id, chunk, 20);
  }
}
