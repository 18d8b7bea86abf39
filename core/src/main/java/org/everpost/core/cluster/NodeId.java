package org.everpost.core.cluster;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.everpost.core.time.RandomSource;

/**
 * The name of one machine's server, for ever: chosen at its first start and kept in its data
 * directory. Who owns that directory is that node.
 *
 * @param text 16 hexadecimal digits, letters in lower case
 */
public record NodeId(String text) {

  private static final String FILE = "node";

  public NodeId {
    boolean valid = text.length() == 16;
    for (int i = 0; i < text.length() && valid; i++) {
      valid = "0123456789abcdef".indexOf(text.charAt(i)) >= 0;
    }
    if (!valid) {
      throw new IllegalArgumentException("a node id has 16 hexadecimal digits in lower case");
    }
  }

  /** A new one. */
  public static NodeId random(RandomSource random) {
    return new NodeId(String.format("%016x", random.nextLong()));
  }

  /**
   * The one that stands in the data directory; made if there is none.
   *
   * @throws IOException if the file cannot be read or made, or says something else
   */
  public static NodeId of(Path data, RandomSource random) throws IOException {
    Path file = data.resolve(FILE);
    try {
      return new NodeId(Files.readString(file, StandardCharsets.US_ASCII).strip());
    } catch (NoSuchFileException e) {
      NodeId made = random(random);
      Path temporary = data.resolve(FILE + ".new");
      Files.writeString(temporary, made.text + "\n", StandardCharsets.US_ASCII);
      sync(temporary, StandardOpenOption.WRITE);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      sync(data, StandardOpenOption.READ);
      return made;
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " does not hold a node's name", e);
    }
  }

  /** A name that a power failure takes away would leave the queue of the node to nobody. */
  private static void sync(Path path, OpenOption mode) throws IOException {
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
