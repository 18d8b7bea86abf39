package org.everpost.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.everpost.store.Hints;
import org.everpost.testkit.store.HintsContract;
import org.everpost.testkit.store.MutableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RocksDbHintsTest extends HintsContract {

  private final MutableClock clock = new MutableClock(Instant.parse("2026-11-20T12:00:00Z"));
  @TempDir private Path directory;
  private RocksDbStore store;

  @BeforeEach
  void open() {
    store = Stores.open(directory, clock);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected Hints hints() {
    return store.hints();
  }

  @Override
  protected void letPass(Duration duration) {
    clock.advance(duration);
  }

  @Test
  void hintsThatAreOverDoNotPileUp() throws Exception {
    for (int i = 0; i < 50_000; i++) {
      byte[] key = ByteBuffer.allocate(4).putInt(i * 7919).array();
      store.hints().put("short", key, key, Duration.ofSeconds(10));
      clock.advance(Duration.ofMillis(10));
    }
    // A thousand are alive at any time.
    int stored = store.storedHints();
    for (int i = 0; i < 100_000 && stored > 5_000; i++) {
      store.hints().put("short", new byte[] {1}, new byte[] {1}, Duration.ofSeconds(10));
      stored = i % 1_000 == 0 ? store.storedHints() : stored;
    }
    assertThat(stored).isLessThan(5_000);
  }
}
