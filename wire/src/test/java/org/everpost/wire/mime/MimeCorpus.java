package org.everpost.wire.mime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The recorded messages. */
public final class MimeCorpus {

  private static final Path DIRECTORY = Path.of("src/test/resources/corpus/mime");

  private MimeCorpus() {}

  public static List<Path> files() {
    try (var files = Files.list(DIRECTORY)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] read(String name) {
    return read(DIRECTORY.resolve(name));
  }
}
