package org.everpost.store.cassandra.managed;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.everpost.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the Java 17 that Cassandra 5.0 runs on: newer ones lack the security manager it starts
 * with. A runtime is known by its {@code release} file, so none is started only to ask for its
 * version.
 */
final class Java17 {

  /** The environment variable that names a runtime's directory and ends the search. */
  static final String OVERRIDE = "EVERPOST_JAVA17";

  /** Where systems keep their runtimes, each in a directory of its own. */
  static final List<Path> SYSTEM_FOLDERS =
      List.of(Path.of("/usr/lib/jvm"), Path.of("/usr/java"), Path.of("/opt/java"), Path.of("/opt"));

  private Java17() {}

  /**
   * The {@code java} program of a Java 17: the override's if there is one, else the one shipped
   * beside Cassandra ({@code jre} in {@code home}), else the first in one of {@code folders}.
   *
   * @throws StoreUnavailableException if there is none; the message says what to do
   */
  static Path find(@Nullable String override, Path home, List<Path> folders) {
    if (override != null && !override.isEmpty()) {
      return program(Path.of(override))
          .orElseThrow(() ->
              new StoreUnavailableException(
                  OVERRIDE + " names " + override + ", which holds no Java 17"));
    }
    List<Path> candidates = new ArrayList<>();
    candidates.add(home.resolve("jre"));
    folders.forEach(folder -> candidates.addAll(directoriesIn(folder)));
    return candidates.stream()
        .flatMap(candidate -> program(candidate).stream())
        .findFirst()
        .orElseThrow(() ->
            new StoreUnavailableException(
                "Cassandra needs Java 17, and none was found in "
                    + folders
                    + ": install one (Debian: openjdk-17-jre-headless), or set "
                    + OVERRIDE
                    + " to its directory"));
  }

  private static Optional<Path> program(Path runtime) {
    Path program = runtime.resolve("bin").resolve("java");
    return Files.isExecutable(program) && isVersion17(runtime.resolve("release"))
        ? Optional.of(program.toAbsolutePath())
        : Optional.empty();
  }

  private static boolean isVersion17(Path release) {
    try {
      return Files.readAllLines(release).stream()
          .anyMatch(line -> line.matches("JAVA_VERSION=\"17(\\..*)?\""));
    } catch (IOException e) {
      return false;
    }
  }

  private static List<Path> directoriesIn(Path folder) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
      entries.forEach(found::add);
    } catch (IOException e) {
      return List.of(); // not on this system
    }
    Collections.sort(found);
    return found;
  }
}
