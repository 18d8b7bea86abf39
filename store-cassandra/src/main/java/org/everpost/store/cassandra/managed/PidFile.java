package org.everpost.store.cassandra.managed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Which child process works on a data directory: its number and when it began, since numbers are
 * given again. A child normally ends with its parent; this is for the one that did not, or has not
 * finished doing so.
 */
final class PidFile {

  /** The system derives when a process began from a clock that may have been set since. */
  private static final Duration TOLERANCE = Duration.ofSeconds(3);

  private final Path file;

  PidFile(Path file) {
    this.file = file;
  }

  void write(ProcessHandle child) throws IOException {
    long began = child.info().startInstant().orElse(Instant.EPOCH).toEpochMilli();
    Files.writeString(file, child.pid() + " " + began + "\n");
  }

  void delete() throws IOException {
    Files.deleteIfExists(file);
  }

  /**
   * Waits for the child that the file names, if it still runs, and ends it if it takes too long.
   *
   * @return its number, if there was one
   */
  OptionalLong endLeftover(Duration limit) throws IOException {
    Optional<ProcessHandle> leftover = leftover();
    if (leftover.isEmpty()) {
      return OptionalLong.empty();
    }
    ProcessHandle child = leftover.get();
    child.destroy();
    if (!ended(child, limit)) {
      child.destroyForcibly();
      if (!ended(child, limit)) {
        throw new IOException("process " + child.pid() + " of " + file + " cannot be ended");
      }
    }
    return OptionalLong.of(child.pid());
  }

  private Optional<ProcessHandle> leftover() throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String[] words = Files.readString(file).strip().split(" ", -1);
    if (words.length != 2) {
      return Optional.empty();
    }
    try {
      Instant began = Instant.ofEpochMilli(Long.parseLong(words[1]));
      return ProcessHandle.of(Long.parseLong(words[0])).filter(p -> beganAt(p, began));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static boolean beganAt(ProcessHandle process, Instant instant) {
    return process
        .info()
        .startInstant()
        .map(began -> Duration.between(began, instant).abs().compareTo(TOLERANCE) <= 0)
        .orElse(false);
  }

  private static boolean ended(ProcessHandle process, Duration limit) {
    try {
      process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return !process.isAlive();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }
}
