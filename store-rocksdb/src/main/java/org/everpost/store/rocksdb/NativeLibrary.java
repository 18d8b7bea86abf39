package org.everpost.store.rocksdb;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * The native half of RocksDB. Left alone, the library copies its 17 MB into the temporary directory
 * at every start; kept in the data directory they are copied once for each release.
 */
final class NativeLibrary {

  private NativeLibrary() {}

  /**
   * Loads it; does nothing if it is loaded.
   *
   * @param directory where it is kept; made if need be
   */
  static void load(Path directory) throws IOException {
    String name = Environment.getJniLibraryFileName("rocksdb");
    URL packed = RocksDB.class.getResource("/" + name);
    if (packed == null) {
      throw new IOException("RocksDB has no native library for this machine: " + name);
    }
    long octets = packed.openConnection().getContentLengthLong();
    Path release = Files.createDirectories(directory.resolve(Long.toString(octets)));
    Path kept = release.resolve(Environment.getJniLibraryFileName("rocksdbjni"));
    if (!Files.exists(kept) || Files.size(kept) != octets) {
      Path fresh = Files.createTempFile(release, "copy", null);
      try (InputStream in = packed.openStream()) {
        Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(fresh, kept, StandardCopyOption.ATOMIC_MOVE);
    }
    RocksDB.loadLibrary(List.of(release.toString()));
  }
}
