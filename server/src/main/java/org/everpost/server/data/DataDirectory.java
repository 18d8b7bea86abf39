package org.everpost.server.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.everpost.core.event.Reason;

/** The data directory, while this process owns it: no other can. */
final class DataDirectory implements AutoCloseable {

  private final FileChannel lock;

  private DataDirectory(FileChannel lock) {
    this.lock = lock;
  }

  /**
   * Takes possession; the directory is made if it is not there, for our user alone.
   *
   * @throws DataInUseException if another process has it
   * @throws StartException if it cannot be written
   */
  static DataDirectory own(Path path) throws StartException {
    try {
      if (!Files.isDirectory(path)) {
        Files.createDirectories(
            path,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    } catch (IOException e) {
      throw new StartException(
          "the data directory " + path + " cannot be made: " + Reason.of(e), e);
    }
    try {
      FileChannel channel =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new DataInUseException(path);
      }
      return new DataDirectory(channel);
    } catch (IOException e) {
      throw new StartException(
          "the data directory " + path + " cannot be written: " + Reason.of(e), e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by this very process
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
