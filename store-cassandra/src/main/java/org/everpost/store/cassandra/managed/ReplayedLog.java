package org.everpost.store.cassandra.managed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The commit log as it was when a node was started: Cassandra deletes what it has replayed, and
 * leaves out what it cannot read. Hard links keep it until it is known that nothing was damaged.
 *
 * <p>What is not whole at the very end of the log was being written when the node died, and nobody
 * was told that it is stored; that is no damage. But a node that dies once more while it comes up
 * has such in the middle of its log.
 */
final class ReplayedLog {

  private final NodeFiles files;
  private final Path links;

  ReplayedLog(NodeFiles files) {
    this.files = files;
    this.links = files.commitLog().resolveSibling("replayed");
  }

  /** Keeps the log, before a start. */
  void keep() throws IOException {
    drop();
    if (!Files.isDirectory(files.commitLog())) {
      return;
    }
    Files.createDirectory(links);
    try {
      for (Path segment : UnbegunSegments.segments(files.commitLog())) {
        Files.createLink(links.resolve(segment.getFileName()), segment);
      }
    } catch (IOException | UnsupportedOperationException e) {
      drop(); // not every file system has links: that is no reason not to start
    }
  }

  /** After the start: what was damaged, if anything was; then the log stays where that says. */
  Optional<Damage> settle() throws IOException {
    List<String> damage = files.damage();
    if (damage.isEmpty()) {
      drop();
      return Optional.empty();
    }
    return Optional.of(new Damage(damage.size(), damage.getFirst(), set()));
  }

  /**
   * What Cassandra could not read.
   *
   * @param kept where the log is, if it could be kept
   */
  record Damage(int places, String first, @Nullable Path kept) {

    String text() {
      return "damaged places in its commit log: %d, what stood behind them there is left out: %s; %s"
          .formatted(places, first, kept == null ? "the log is not kept" : "the log is in " + kept);
    }
  }

  /** Gives the links a name of their own, which stays. */
  private @Nullable Path set() throws IOException {
    if (!Files.isDirectory(links)) {
      return null;
    }
    for (int i = 1; ; i++) {
      Path kept = links.resolveSibling("damaged-" + i);
      if (!Files.exists(kept)) {
        return Files.move(links, kept);
      }
    }
  }

  private void drop() throws IOException {
    if (Files.isDirectory(links)) {
      for (Path segment : UnbegunSegments.segments(links)) {
        Files.delete(segment);
      }
      Files.delete(links);
    }
  }
}
