package org.everpost.store.cassandra.managed;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Segments of the commit log that Cassandra made and could not begin, because the disk was full: no
 * header, and so nothing. It does not start while there is one, unless it is the last.
 *
 * <p>Deleting them loses nothing: a header is written before all else in its segment, and what is
 * acknowledged was synced together with it.
 */
final class UnbegunSegments {

  private UnbegunSegments() {}

  /** Deletes them; no node may run meanwhile. */
  static void delete(Path commitLog) throws IOException {
    if (!Files.isDirectory(commitLog)) {
      return;
    }
    for (Path segment : segments(commitLog)) {
      if (!hasHeader(segment)) {
        Files.delete(segment);
      }
    }
  }

  /** The segments in a directory, begun or not. */
  static List<Path> segments(Path directory) throws IOException {
    List<Path> segments = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "CommitLog-*.log")) {
      found.forEach(segments::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return segments;
  }

  /** A header begins with the version of the format, which is not 0. */
  private static boolean hasHeader(Path segment) throws IOException {
    try (FileChannel file = FileChannel.open(segment)) {
      ByteBuffer version = ByteBuffer.allocate(Integer.BYTES);
      while (version.hasRemaining() && file.read(version) >= 0) {
        // a read may return less than asked for
      }
      return !version.hasRemaining() && version.getInt(0) != 0;
    }
  }
}
