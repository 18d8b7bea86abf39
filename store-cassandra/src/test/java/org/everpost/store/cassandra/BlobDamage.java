package org.everpost.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.everpost.store.BlobId;

/** For tests: what a failing disk does to stored bytes. */
public final class BlobDamage {

  private BlobDamage() {}

  /**
   * Flips the topmost bit of an octet that some files below a directory have in a sequence.
   *
   * @return how often
   */
  static int damage(Path directory, byte[] sequence, int octet) throws IOException {
    int damaged = 0;
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.filter(file -> file.toString().endsWith("-Data.db")).toList();
    }
    for (Path file : files) {
      int at = indexOf(Files.readAllBytes(file), sequence);
      if (at >= 0) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          byte flipped = (byte) (sequence[octet] ^ 0x80);
          channel.write(ByteBuffer.wrap(new byte[] {flipped}), at + octet);
        }
        damaged++;
      }
    }
    return damaged;
  }

  private static int indexOf(byte[] octets, byte[] sequence) {
    for (int at = 0; at + sequence.length <= octets.length; at++) {
      if (Arrays.equals(octets, at, at + sequence.length, sequence, 0, sequence.length)) {
        return at;
      }
    }
    return -1;
  }

  /** Flips a bit of a chunk, on all nodes. */
  public static void damage(CassandraOptions options, BlobId id, int chunk) {
    ByteBuffer key = ByteBuffer.wrap(id.toBytes());
    String table = options.keyspace() + ".blobs";
    try (CqlSession session = Driver.connect(options)) {
      Row row =
          session
              .execute(
                  SimpleStatement.newInstance(
                      "SELECT data FROM " + table + " WHERE id = ? AND chunk = ?", key, chunk))
              .one();
      byte[] data =
          RowKeys.bytes(Objects.requireNonNull(Objects.requireNonNull(row).getByteBuffer("data")));
      data[data.length - 1] ^= 1;
      session.execute(
          SimpleStatement.newInstance(
              "UPDATE " + table + " SET data = ? WHERE id = ? AND chunk = ?",
              ByteBuffer.wrap(data),
              key,
              chunk));
    }
  }
}
