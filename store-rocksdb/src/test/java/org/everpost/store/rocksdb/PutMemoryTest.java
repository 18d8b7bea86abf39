package org.everpost.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However large and many the blobs that come in at once are: about 128 KiB each. */
@Tag("slow")
final class PutMemoryTest {

  @Test
  void aThousandPutsAtOnceNeedLittleMemory(@TempDir Path directory) throws Exception {
    try (Child child = Child.start(ManyPuts.class, 192, directory)) {
      assertThat(child.line()).isNull();
      assertThat(child.exitCode()).isZero();
    }
  }
}
