package org.everpost.store.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What a bad disk does. */
final class Damage {

  private Damage() {}

  /**
   * Flips a bit in the midst of {@code stored} wherever a file has it; how many places those are.
   */
  static int flipOneBit(Path directory, byte[] stored) throws IOException {
    int places = 0;
    for (Path file : dataFiles(directory)) {
      byte[] octets = Files.readAllBytes(file);
      int found = indexOf(octets, stored);
      if (found >= 0) {
        octets[found + stored.length / 2] ^= 4;
        Files.write(file, octets);
        places++;
      }
    }
    return places;
  }

  private static List<Path> dataFiles(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".blob") || file.toString().endsWith(".sst"))
          .toList();
    }
  }

  private static int indexOf(byte[] octets, byte[] wanted) {
    for (int i = 0; i + wanted.length <= octets.length; i++) {
      if (Arrays.equals(octets, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }
}
